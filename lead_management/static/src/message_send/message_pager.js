import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * Go through the leads a message is for; what is in sight is kept with its lead.
 */
export class MessagePager extends Component {
    static template = "lead_management.MessagePager";
    static props = {...standardFieldProps};

    get position() {
        return this.props.record.data[this.props.name] || 0;
    }

    get count() {
        return this.props.record.data.lead_count || 0;
    }

    get name() {
        const lead = this.props.record.data.lead_id;
        return lead ? lead.display_name : "";
    }

    get recipient() {
        return this.props.record.data.recipient || _t("no address");
    }

    async move(step) {
        // what is being typed is written into the record first
        await this.props.record.isDirty();
        const position = (this.position + step + this.count) % this.count;
        await this.props.record.update({[this.props.name]: position});
    }
}

registry.category("fields").add("lead_message_pager", {
    component: MessagePager,
    displayName: _t("Leads of a message"),
    supportedTypes: ["integer"],
    fieldDependencies: [
        {name: "lead_count", type: "integer"},
        {name: "lead_id", type: "many2one", relation: "crm.lead"},
        {name: "recipient", type: "char"},
    ],
});
