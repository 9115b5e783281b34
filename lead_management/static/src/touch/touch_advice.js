import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** After many attempts in vain: another way to reach the lead, or to let it go. */
export class TouchAdviceField extends Component {
    static template = "lead_management.TouchAdviceField";
    static props = {...standardFieldProps};

    get advice() {
        return this.props.record.data[this.props.name];
    }

    tryOption(option) {
        return this.props.record.update({
            activity_type_id: {id: option.type_id, display_name: option.type},
            next_summary: option.summary,
        });
    }

    letGo() {
        return this.props.record.update({
            stage_id: this.advice.unqualified,
            activity_type_id: false,
        });
    }
}

registry.category("fields").add("lead_touch_advice", {
    component: TouchAdviceField,
    displayName: _t("Advice after attempts in vain"),
    supportedTypes: ["json"],
});
