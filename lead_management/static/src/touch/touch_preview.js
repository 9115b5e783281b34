import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** What saving will do: where the lead will be, and what comes next. */
export class TouchPreviewField extends Component {
    static template = "lead_management.TouchPreviewField";
    static props = {...standardFieldProps};

    get text() {
        const {stage, step} = this.props.record.data[this.props.name] || {};
        return [stage, step].filter(Boolean).join(" ");
    }
}

registry.category("fields").add("lead_touch_preview", {
    component: TouchPreviewField,
    displayName: _t("What saving will do"),
    supportedTypes: ["json"],
});
