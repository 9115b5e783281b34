import {Component} from "@odoo/owl";
import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** On a card: the sequence the lead is in, and when it goes on. */
export class SequenceMark extends Component {
    static template = "lead_management.SequenceMark";
    static props = {...standardFieldProps};

    get mark() {
        return this.props.record.data[this.props.name];
    }

    get icon() {
        return (
            {paused: "fa-pause", parked: "fa-exclamation-triangle"}[this.mark.state] ||
            "fa-paper-plane-o"
        );
    }

    get title() {
        const {state, due} = this.mark;
        if (state === "paused") {
            return _t("The sequence is paused");
        }
        if (state === "parked") {
            return _t("The sequence needs attention");
        }
        if (state === "waiting" && due) {
            return _t("Next step: %s", toLocaleDateTimeString(deserializeDateTime(due)));
        }
        return _t("In a sequence");
    }
}

registry.category("fields").add("lead_sequence_mark", {
    component: SequenceMark,
    supportedTypes: ["json"],
    isEmpty: () => false,
});
