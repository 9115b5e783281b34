import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const HEIGHT = 22;

/** How much came in on each of the last days, as small bars. */
export class CaptureDays extends Component {
    static template = "lead_management.CaptureDays";
    static props = {...standardFieldProps};

    get counts() {
        return this.props.record.data[this.props.name] || [];
    }

    get bars() {
        const most = Math.max(1, ...this.counts);
        return this.counts.map((count, day) => ({
            day,
            height: count ? Math.max(2, Math.round((count / most) * HEIGHT)) : 0,
        }));
    }

    get label() {
        return _t("Submissions a day, the oldest first: %s", this.counts.join(", "));
    }
}

registry.category("fields").add("capture_days", {
    component: CaptureDays,
    supportedTypes: ["json"],
});
