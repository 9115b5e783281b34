import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useNow} from "@lead_management/clock/clock";

const {DateTime} = luxon;

/** What time it is where a lead is. */
export class LocalTimeField extends Component {
    static template = "lead_management.LocalTimeField";
    static props = {...standardFieldProps};

    setup() {
        this.now = useNow();
    }

    get zone() {
        return this.props.record.data[this.props.name];
    }

    get text() {
        const there = this.now().setZone(this.zone);
        return there.isValid && _t("%s there", there.toLocaleString(DateTime.TIME_SIMPLE));
    }
}

registry.category("fields").add("lead_local_time", {
    component: LocalTimeField,
    displayName: _t("Local time"),
    supportedTypes: ["char"],
});
