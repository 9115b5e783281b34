import {Component} from "@odoo/owl";
import {toLocaleDateTimeString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useNow} from "@lead_management/clock/clock";
import {showDuration} from "@lead_management/clock/duration";

const DAY = 24 * 3600000;

/**
 * How much time is left until a lead must have a salesperson, or be touched.
 */
export class ResponseDueField extends Component {
    static template = "lead_management.ResponseDueField";
    static props = {...standardFieldProps, compact: {type: Boolean, optional: true}};

    setup() {
        this.now = useNow();
    }

    get due() {
        return this.props.record.data[this.props.name];
    }

    get left() {
        return this.due - this.now();
    }

    get isLate() {
        return this.left < 0;
    }

    get style() {
        if (this.isLate) {
            return "o_lead_tag_late";
        }
        return this.left < DAY ? "o_lead_tag_today" : "o_lead_tag_planned";
    }

    get text() {
        const time = showDuration(this.left);
        if (this.props.record.data.assignment_due_kind === "owner") {
            return this.isLate ? _t("Assignment %s overdue", time) : _t("Assignment in %s", time);
        }
        return this.isLate
            ? _t("First response %s overdue", time)
            : _t("First response in %s", time);
    }

    get shortText() {
        const time = showDuration(this.left);
        return this.isLate ? _t("%s overdue", time) : time;
    }

    get title() {
        const moment = toLocaleDateTimeString(this.due);
        return this.props.compact ? _t("%(text)s: %(moment)s", {text: this.text, moment}) : moment;
    }
}

registry.category("fields").add("lead_response_due", {
    component: ResponseDueField,
    displayName: _t("Time left to respond"),
    supportedTypes: ["datetime"],
    supportedOptions: [
        {
            label: _t("Compact"),
            name: "compact",
            type: "boolean",
            help: _t("Show the time only."),
        },
    ],
    fieldDependencies: [
        {
            name: "assignment_due_kind",
            type: "selection",
            selection: [
                ["owner", _t("Salesperson")],
                ["touch", _t("First response")],
            ],
        },
    ],
    extractProps: ({options}) => ({compact: Boolean(options.compact)}),
});
