import {Component, useExternalListener, useRef} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {findEditor} from "./text_html";

const EDITABLE = ".odoo-editor-editable, textarea, input:not([type=file])";

/**
 * Facts of a lead to choose from, each with what it is for a lead of the user. It is put
 * where the cursor is, or was last: in whichever of the texts, plain or formatted.
 */
export class FactPicker extends Component {
    static template = "lead_management.FactPicker";
    static components = {Dropdown, DropdownItem};
    static props = {
        ...standardFieldProps,
        targets: {type: Array},
    };

    setup() {
        this.root = useRef("root");
        this.last = null;
        useExternalListener(document, "focusin", ({target}) => this.remember(target), {
            capture: true,
        });
    }

    get sample() {
        return this.props.record.data[this.props.name] || {lead: "", facts: []};
    }

    /** Return rules by which formatted texts show a fact by its name, not by its code. */
    get labels() {
        return this.sample.facts
            .map(
                ({expression, label}) =>
                    `.o_field_lead_text_html [t-out=${JSON.stringify(expression)}]:empty::before` +
                    ` {content: ${JSON.stringify(label)} !important}`,
            )
            .join("\n");
    }

    get form() {
        return this.root.el?.closest(".o_form_view, .o_form_renderer") || document;
    }

    /** Return the element in which the text of a field is edited, if it is in sight. */
    find(name) {
        const field = this.form.querySelector(`.o_field_widget[name="${name}"]`);
        return field?.querySelector(EDITABLE);
    }

    remember(element) {
        const editable = element.closest?.(EDITABLE);
        const name = editable?.closest(".o_field_widget[name]")?.getAttribute("name");
        if (this.props.targets.includes(name) && this.form.contains(editable)) {
            this.last = editable;
        }
    }

    choose(fact) {
        const known = this.last?.isConnected ? this.last : null;
        const places = this.props.targets.map((name) => this.find(name));
        const editable = known || places.find(Boolean);
        const editor = findEditor(editable);
        if (editor) {
            insertIntoEditor(editor, fact.expression, editable === known);
        } else if (editable) {
            insertIntoText(editable, fact.code, editable === known);
        }
    }
}

function insertIntoEditor(editor, expression, isKnown) {
    const {dom, history, selection} = editor.shared;
    if (isKnown) {
        selection.focusEditable();
    } else {
        selection.setCursorEnd(editor.editable);
    }
    const fact = editor.document.createElement("t");
    fact.setAttribute("t-out", expression);
    dom.insert(fact);
    history.addStep();
}

function insertIntoText(element, code, isKnown) {
    const end = element.value.length;
    const [from, to] = isKnown ? [element.selectionStart, element.selectionEnd] : [end, end];
    element.focus();
    element.setRangeText(code, from ?? end, to ?? end, "end");
    // as if it was typed: the field takes it from there
    element.dispatchEvent(new InputEvent("input", {bubbles: true}));
    element.dispatchEvent(new Event("change", {bubbles: true}));
}

registry.category("fields").add("lead_fact_picker", {
    component: FactPicker,
    supportedTypes: ["json"],
    extractProps: ({options}) => ({targets: options.targets}),
});
