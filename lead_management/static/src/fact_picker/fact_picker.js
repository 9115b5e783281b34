import {Component, useRef} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * Facts of a lead to choose from, each with what it is for a lead of the user. It is put
 * where the cursor is in the text beside it; where that is edited elsewhere, it is copied.
 */
export class FactPicker extends Component {
    static template = "lead_management.FactPicker";
    static components = {Dropdown, DropdownItem};
    static props = {
        ...standardFieldProps,
        target: {type: String, optional: true},
        always: {type: Boolean, optional: true},
    };

    setup() {
        this.notification = useService("notification");
        this.root = useRef("root");
    }

    get sample() {
        return this.props.record.data[this.props.name] || {lead: "", facts: []};
    }

    get isInsertable() {
        const {record, target, always} = this.props;
        return Boolean(target) && (always || record.data.channel === "whatsapp");
    }

    async choose(code) {
        if (this.isInsertable) {
            await this.insert(code);
            return;
        }
        await browser.navigator.clipboard.writeText(code);
        this.notification.add(_t("Copied: %s. Paste it into the text.", code), {
            type: "success",
        });
    }

    async insert(code) {
        const {record, target} = this.props;
        const text = record.data[target] || "";
        const form = this.root.el.closest(".o_form_view") || document;
        const area = form.querySelector(`[name=${target}] textarea`);
        const at = area ? area.selectionStart : text.length;
        await record.update({
            [target]: `${text.slice(0, at)}${code}${text.slice(at)}`,
        });
    }
}

registry.category("fields").add("lead_fact_picker", {
    component: FactPicker,
    supportedTypes: ["json"],
    extractProps: ({options}) => ({target: options.target, always: Boolean(options.always)}),
});
