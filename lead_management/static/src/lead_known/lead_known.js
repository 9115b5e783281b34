import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Who has this email or number already: said while a new lead is typed. */
export class LeadKnownField extends Component {
    static template = "lead_management.LeadKnownField";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
    }

    get leads() {
        return this.props.record.data[this.props.name] || [];
    }

    open(lead) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: lead.id,
            views: [[false, "form"]],
            target: "current",
            context: {active_test: false},
        });
    }
}

registry.category("fields").add("lead_known", {
    component: LeadKnownField,
    displayName: _t("Known leads"),
    supportedTypes: ["json"],
});
