import {Component} from "@odoo/owl";
import {deserializeDate, serializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Dates at a click, all of them working days; each sets the date beside it. */
export class TouchDatesField extends Component {
    static template = "lead_management.TouchDatesField";
    static props = {...standardFieldProps, date: String};

    get dates() {
        const current = this.props.record.data[this.props.date];
        return (this.props.record.data[this.props.name] || []).map(({label, date}) => {
            const day = deserializeDate(date);
            return {
                label,
                day,
                date,
                weekday: day.toFormat("ccc d"),
                isChosen: Boolean(current) && serializeDate(current) === date,
            };
        });
    }

    async choose(day) {
        await this.props.record.update({[this.props.date]: day});
    }
}

registry.category("fields").add("lead_touch_dates", {
    component: TouchDatesField,
    displayName: _t("Dates at a click"),
    supportedTypes: ["json"],
    extractProps: ({options}) => ({date: options.date}),
});
