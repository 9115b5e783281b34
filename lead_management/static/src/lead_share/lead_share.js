import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
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

    get title() {
        return _t("What %s will see", this.preview.to);
    }

    get shownFor() {
        const {lead, count} = this.preview;
        return _t("Shown for “%(lead)s”. Leads in total: %(count)s", {lead, count});
    }
}

registry.category("fields").add("lead_share_preview", {
    component: LeadSharePreview,
    supportedTypes: ["json"],
});
