import {Component, useState} from "@odoo/owl";
import {deserializeDate, formatDate, today} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {
    pillLabel,
    temperatureDependency,
    temperatureLabel,
} from "@lead_management/score_pill/score_pill_field";

const SHOWN = 3;
const DAYS_OF_MONTH = 31;

export const isVeto = (reason) => reason.kind === "veto";

/** The number with its sign; the minus is as wide as the plus. */
export function signed(points) {
    return points > 0 ? `+${points}` : plain(points);
}

function plain(points) {
    return points < 0 ? `\u2212${-points}` : String(points);
}

/** The reasons as they come, best first, but a veto before them: it decides alone. */
export function vetoesFirst(reasons) {
    return [...reasons.filter(isVeto), ...reasons.filter((reason) => !isVeto(reason))];
}

/** The score of a lead and the rules that make it: the strongest in one line, or all. */
export class ScoreReasonsField extends Component {
    static template = "lead_management.ScoreReasonsField";
    static props = {...standardFieldProps};

    setup() {
        this.state = useState({all: false});
        this.signed = signed;
        this.isVeto = isVeto;
    }

    get data() {
        return this.props.record.data;
    }

    // -- the score ------------------------------------------------------------

    get total() {
        return this.data.score_total;
    }

    get temperature() {
        return this.data.score_temperature || "cold";
    }

    get temperatureLabel() {
        return temperatureLabel(this.temperature);
    }

    get pillLabel() {
        return pillLabel(this.total || 0, this.temperature);
    }

    get grade() {
        return this.data.score_grade;
    }

    get gradeTitle() {
        return _t("Fit %(fit)s of 100 (%(letter)s), engagement %(engagement)s of 100 (%(digit)s)", {
            fit: this.data.score_fit || 0,
            letter: this.grade.slice(0, 1),
            engagement: this.data.score_engagement || 0,
            digit: this.grade.slice(1),
        });
    }

    // -- the reasons ----------------------------------------------------------

    get reasons() {
        return vetoesFirst(this.data[this.props.name] || []);
    }

    get shown() {
        return this.reasons.slice(0, SHOWN);
    }

    get more() {
        return this.reasons.length - this.shown.length;
    }

    get moreLabel() {
        return _t("More reasons: %s", this.more);
    }

    /** How long ago something happened, in days as long as they can be overseen. */
    when({date}) {
        const base = today();
        const day = deserializeDate(date);
        return base.diff(day, "days").days < DAYS_OF_MONTH
            ? day.toRelativeCalendar({base, unit: "days"})
            : day.toRelative({base});
    }

    title(reason) {
        return [this.occurrence(reason), this.cooling(reason)].filter(Boolean).join("; ");
    }

    occurrence({count, date}) {
        const day = date && formatDate(deserializeDate(date));
        if (count > 1) {
            return day
                ? _t("%(count)s times, last on %(date)s", {count, date: day})
                : _t("%s times", count);
        }
        return day && _t("On %s", day);
    }

    cooling({full, points}) {
        return full && full !== points && _t("%s points before decay", plain(full));
    }
}

registry.category("fields").add("lead_score_reasons", {
    component: ScoreReasonsField,
    displayName: _t("Score and reasons"),
    supportedTypes: ["json"],
    // without a value it says what to do: it is not hidden then
    isEmpty: () => false,
    fieldDependencies: [
        {name: "score_total", type: "integer"},
        temperatureDependency,
        {name: "score_grade", type: "char"},
        {name: "score_fit", type: "integer"},
        {name: "score_engagement", type: "integer"},
    ],
});
