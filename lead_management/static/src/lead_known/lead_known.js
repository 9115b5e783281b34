import {Component, useState} from "@odoo/owl";
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
        this.state = useState({isChosen: false});
    }

    get leads() {
        return (!this.state.isChosen && this.props.record.data[this.props.name]) || [];
    }

    /** The same person asks for something else: what is known of them is taken over. */
    async take(lead) {
        const {record} = this.props;
        this.state.isChosen = true;
        const values = Object.entries(lead.values).filter(
            ([name, value]) => value && name in record.activeFields,
        );
        await record.update(Object.fromEntries(values));
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
