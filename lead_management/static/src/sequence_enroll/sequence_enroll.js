import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Who enters a sequence, who does not and why; whoever is unchecked stays out. */
export class LeadEnrollPreview extends Component {
    static template = "lead_management.LeadEnrollPreview";
    static props = {...standardFieldProps};

    get preview() {
        return this.props.record.data[this.props.name];
    }

    async toggle(row) {
        const excluded = new Set(this.props.record.data.excluded || []);
        if (row.chosen) {
            excluded.add(row.id);
        } else {
            excluded.delete(row.id);
        }
        await this.props.record.update({excluded: [...excluded]});
    }
}

registry.category("fields").add("lead_enroll_preview", {
    component: LeadEnrollPreview,
    supportedTypes: ["json"],
});

/** What would happen to each lead in the next weeks. */
export class LeadFastForward extends Component {
    static template = "lead_management.LeadFastForward";
    static props = {...standardFieldProps};

    get story() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("lead_fast_forward", {
    component: LeadFastForward,
    supportedTypes: ["json"],
});
