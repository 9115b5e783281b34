import {Component, onMounted, useRef} from "@odoo/owl";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const HOTKEYS = 9;
const NOTE = ".o_lead_touch_note textarea";

/**
 * One choice at a click: the options of a selection, or those that another field lists
 * with icons and colours. With the keyboard: the number of an outcome, wherever nothing
 * is typed; the first has the focus.
 */
export class TouchChoiceField extends Component {
    static template = "lead_management.TouchChoiceField";
    static props = {
        ...standardFieldProps,
        choices: {type: String, optional: true},
        isOptional: {type: Boolean, optional: true},
        isSmall: {type: Boolean, optional: true},
    };

    setup() {
        this.root = useRef("root");
        for (let number = 1; number <= HOTKEYS; number++) {
            useHotkey(String(number), () => this.choose(this.options[number - 1]), {
                isAvailable: () => Boolean(this.options[number - 1]?.color),
            });
        }
        onMounted(() => this.focusFirst());
    }

    /** What the dialog is opened for is chosen first; on a phone nothing is in focus. */
    focusFirst() {
        if (this.options[0]?.color && !this.env.isSmall) {
            const {el} = this.root;
            (el.querySelector("[aria-pressed=true]") || el.firstElementChild).focus();
        }
    }

    get options() {
        const {record, name, choices} = this.props;
        if (choices) {
            return record.data[choices] || [];
        }
        return record.fields[name].selection.map(([id, label]) => ({id, name: label}));
    }

    get value() {
        const value = this.props.record.data[this.props.name];
        return this.props.choices && value ? value.id : value;
    }

    /** Shown to who holds Alt; only the coloured ones, what a dialog is opened for. */
    hotkey(option, index) {
        return option.color && index < HOTKEYS ? String(index + 1) : undefined;
    }

    style(option) {
        const isChosen = option.id === this.value;
        if (option.color) {
            return isChosen ? `btn-${option.color}` : `btn-outline-${option.color}`;
        }
        return isChosen ? "btn-secondary active" : "btn-secondary";
    }

    async choose(option) {
        const {record, name, choices, isOptional} = this.props;
        const isChosen = option.id === this.value;
        if (isChosen && !isOptional) {
            return;
        }
        let value = option.id;
        if (isChosen) {
            value = false;
        } else if (choices) {
            value = {id: option.id, display_name: option.name};
        }
        const updated = record.update({[name]: value});
        if (option.color && !this.env.isSmall) {
            // what is typed next is the note, also while the server is asked what follows
            this.root.el?.closest(".o_form_view")?.querySelector(NOTE)?.focus();
        }
        await updated;
    }
}

registry.category("fields").add("lead_touch_choice", {
    component: TouchChoiceField,
    displayName: _t("Choice at a click"),
    supportedTypes: ["many2one", "selection"],
    extractProps: ({options}) => ({
        choices: options.choices,
        isOptional: Boolean(options.optional),
        isSmall: Boolean(options.small),
    }),
});
