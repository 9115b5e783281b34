import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** A lead in a list: its title, whole, over person and company. */
export class LeadTitleField extends Component {
    static template = "lead_management.LeadTitleField";
    static props = {...standardFieldProps};

    get title() {
        return this.props.record.data[this.props.name] || "";
    }

    /** A name that is both is shown once. */
    get who() {
        const {contact_name: contact, partner_name: company} = this.props.record.data;
        return [...new Set([contact, company].filter(Boolean))].join(" · ");
    }
}

registry.category("fields").add("lead_title", {
    component: LeadTitleField,
    displayName: _t("Lead with person and company"),
    supportedTypes: ["char"],
    fieldDependencies: [
        {name: "contact_name", type: "char"},
        {name: "partner_name", type: "char"},
    ],
});
