import {Component} from "@odoo/owl";
import {toLocaleDateTimeString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useNow} from "@lead_management/clock/clock";
import {showDuration} from "@lead_management/clock/duration";

const MINUTE = 60000;

/** A number of minutes in its two largest units, as one says it. */
export function formatMinutes(value) {
    if (typeof value !== "number") {
        return "";
    }
    const minutes = Math.round(value);
    return `${minutes ? showDuration(-minutes * MINUTE) : _t("%(minutes)s min", {minutes})}`;
}

/** How long something took: a number of minutes, to be read. */
export class MinutesField extends Component {
    static template = "lead_management.MinutesField";
    static props = {...standardFieldProps};

    get text() {
        return formatMinutes(this.props.record.data[this.props.name]);
    }
}

/** How long ago a moment was; the moment itself is the tooltip. */
export class AgeField extends Component {
    static template = "lead_management.AgeField";
    static props = {...standardFieldProps};

    setup() {
        this.now = useNow();
    }

    get moment() {
        return this.props.record.data[this.props.name];
    }

    get age() {
        return showDuration(Math.min(this.moment - this.now(), 0));
    }

    get title() {
        return toLocaleDateTimeString(this.moment);
    }
}

registry.category("formatters").add("lead_minutes", formatMinutes);
registry.category("fields").add("lead_minutes", {
    component: MinutesField,
    displayName: _t("Duration"),
    supportedTypes: ["float", "integer"],
    isEmpty: () => false,
});
registry.category("fields").add("lead_age", {
    component: AgeField,
    displayName: _t("Age"),
    supportedTypes: ["datetime"],
});
