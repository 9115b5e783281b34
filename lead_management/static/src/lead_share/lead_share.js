import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** What is told of a lead, as labels and texts. */
export class LeadShareFacts extends Component {
    static template = "lead_management.LeadShareFacts";
    static props = {...standardFieldProps};

    get facts() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("lead_share_facts", {
    component: LeadShareFacts,
    supportedTypes: ["json"],
});

/** What the other company will see: before it accepts, and afterwards. */
export class LeadSharePreview extends Component {
    static template = "lead_management.LeadSharePreview";
    static props = {...standardFieldProps};

    get preview() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("lead_share_preview", {
    component: LeadSharePreview,
    supportedTypes: ["json"],
});
