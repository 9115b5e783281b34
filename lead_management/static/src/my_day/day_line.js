import {Component, useRef} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {
    deserializeDate,
    deserializeDateTime,
    formatDate,
    serializeDate,
} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {showDuration} from "@lead_management/clock/duration";
import {ResponseDueField} from "@lead_management/response_due/response_due";
import {pillLabel} from "@lead_management/score_pill/score_pill_field";

const {DateTime} = luxon;

// What people wrote is quoted.
const SPOKEN = ["email", "sms", "whatsapp"];

function showDay(date) {
    const parts = {weekday: "short", day: "numeric", month: "short"};
    return deserializeDate(date).toLocaleString(parts);
}

/** One lead of a day: what is to be done about it, and the ways to do it on the spot. */
export class DayLine extends Component {
    static template = "lead_management.DayLine";
    static components = {Dropdown, DropdownItem, ResponseDueField};
    static props = {
        line: Object,
        isCurrent: Boolean,
        isBusy: Boolean,
        onFocus: Function,
        onOpen: Function,
        onCall: Function,
        onLog: Function,
        onMessage: Function,
        onSnooze: Function,
        onWin: Function,
        onUnqualify: Function,
        onSequence: Function,
        loadDates: Function,
        register: Function,
    };

    setup() {
        this.root = useRef("root");
        this.menu = useDropdownState();
        this.dates = null;
        this.props.register(this);
    }

    get line() {
        return this.props.line;
    }

    get who() {
        return [this.line.contact, this.line.company].filter(Boolean).join(" · ");
    }

    // -- what is to be done ---------------------------------------------------

    get what() {
        const {summary, type} = this.line.activity;
        return summary || type;
    }

    get isLate() {
        return this.line.activity.days < 0;
    }

    /** The day that is true, and the time where there is one. */
    get when() {
        const {days} = this.line.activity;
        if (days === -1) {
            return _t("1 day overdue");
        }
        if (days < 0) {
            return _t("%s days overdue", -days);
        }
        if (!this.clock) {
            return this.day;
        }
        return days ? _t("%(day)s, %(time)s", {day: this.day, time: this.clock}) : this.clock;
    }

    get clock() {
        const {time} = this.line.activity;
        return time ? deserializeDateTime(time).toLocaleString(DateTime.TIME_SIMPLE) : "";
    }

    get day() {
        const {days} = this.line.activity;
        return {0: _t("Today"), 1: _t("Tomorrow")}[days] || showDay(this.line.activity.deadline);
    }

    get whenStyle() {
        if (this.isLate) {
            return "o_lead_day_late";
        }
        return this.line.activity.days > 0 ? "o_lead_day_planned" : "o_lead_day_today";
    }

    get whenIcon() {
        return this.line.activity.days > 0 ? "fa-calendar-o" : "fa-clock-o";
    }

    /** How long ago the contact answered. */
    get since() {
        const passed = DateTime.now().diff(deserializeDateTime(this.line.answer.date));
        return _t("%s ago", showDuration(-Math.max(passed.toMillis(), 0)));
    }

    get said() {
        const {text, label} = this.line.answer;
        if (!text) {
            return label;
        }
        return this.isQuoted ? text : _t("%(what)s: %(text)s", {what: label, text});
    }

    get isQuoted() {
        const {text, kind} = this.line.answer;
        return Boolean(text) && SPOKEN.includes(kind);
    }

    get scoreLabel() {
        return pillLabel(this.line.score, this.line.temperature);
    }

    get deadline() {
        return formatDate(deserializeDate(this.line.activity.deadline));
    }

    /** The countdown is a field: it gets a record of what it needs. */
    get dueRecord() {
        return {
            data: {
                assignment_due: deserializeDateTime(this.line.due),
                assignment_due_kind: "touch",
            },
        };
    }

    get messageLabel() {
        return this.line.answer ? _t("Reply") : _t("Send");
    }

    /** What may be done to the sequence the lead is in. */
    get sequenceActions() {
        const stop = {
            method: "action_stop",
            label: _t("Stop the Sequence"),
            icon: "fa-stop",
            question: _t("Stop this sequence for the lead?"),
        };
        if (this.line.sequence.is_paused) {
            return [
                {method: "action_resume", label: _t("Resume the Sequence"), icon: "fa-play"},
                stop,
            ];
        }
        return [
            {method: "action_pause", label: _t("Pause the Sequence"), icon: "fa-pause"},
            {method: "action_skip", label: _t("Skip Step"), icon: "fa-step-forward"},
            stop,
        ];
    }

    // -- snooze ---------------------------------------------------------------

    get canSnooze() {
        return Boolean(this.line.activity || this.line.answer) || !this.line.due;
    }

    async beforeOpen() {
        this.dates = await this.props.loadDates();
    }

    get choices() {
        return this.dates.map((choice) => ({...choice, day: showDay(choice.date)}));
    }

    get firstDay() {
        return serializeDate(DateTime.now());
    }

    openSnooze() {
        if (this.canSnooze) {
            this.menu.open();
        }
    }

    /** While a year is being typed, each digit is a date: both count when they are sent. */
    snoozeTo(ev) {
        const {day, time} = ev.target.elements;
        if (ev.target.checkValidity() && day.value) {
            this.menu.close();
            this.props.onSnooze(day.value, time.value || false);
        }
    }

    onKeydown(ev) {
        ev.stopPropagation();
    }

    focus() {
        this.root.el?.focus({preventScroll: true});
        this.root.el?.scrollIntoView({block: "nearest"});
    }
}
