import {Component, useState} from "@odoo/owl";
import {formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {WinRateChart} from "@lead_management/score_backtest/win_rate_chart";
import {
    showInteger,
    showNumber,
    showPercent,
    showTimes,
} from "@lead_management/score_backtest/figures";
import {signed} from "@lead_management/score_reasons/score_reasons";

const {DateTime} = luxon;

// so many standard errors on either side hold 95 % of the cases
const CONFIDENCE = 1.96;

/**
 * How a scoring model would have sorted the leads that are closed by now: whether it
 * tells won from lost, next to other models, rule by rule, and what it would change.
 */
export class ScoreBacktestField extends Component {
    static template = "lead_management.ScoreBacktestField";
    static components = {WinRateChart};
    static props = {...standardFieldProps};

    setup() {
        this.state = useState({column: null, descending: false});
        Object.assign(this, {showInteger, showPercent, showTimes});
    }

    get result() {
        return this.props.record.data[this.props.name];
    }

    // -- what was tested ------------------------------------------------------

    get summary() {
        const {date, leads, won, base_rate} = this.result;
        return _t("%(date)s. Closed leads: %(leads)s, won: %(won)s (%(rate)s).", {
            date: formatDate(DateTime.fromISO(date, {zone: "utc"}).setZone("default")),
            leads: showInteger(leads),
            won: showInteger(won),
            rate: showPercent(base_rate),
        });
    }

    /** Which part of the closed leads would have been hot, and warm or hot. */
    get shares() {
        const {hot, warm} = this.result.hot || {};
        return typeof hot === "number"
            ? _t("Hot leads: %(hot)s. Warm or hot leads: %(warm)s.", {
                  hot: showPercent(hot),
                  warm: showPercent(warm),
              })
            : "";
    }

    get captured() {
        return _t(
            "Leads with known values from before they were closed: %s.",
            showInteger(this.result.captured),
        );
    }

    get warnings() {
        const texts = {
            few: _t(
                "There are fewer than 200 closed leads, so these numbers can be due to " +
                    "chance. Test again when more leads are closed.",
            ),
            no_signal: _t(
                "These points do not separate won leads from lost leads. Choose other rules.",
            ),
            in_sample: _t(
                "These points were suggested from mostly the same closed leads, so they " +
                    "look better here than they are. For new leads, see the line “As " +
                    "suggested”.",
            ),
            today: _t(
                "For some or all leads only today's values are known. Information filled in " +
                    "later can make the points look better than they are.",
            ),
        };
        return (this.result.warnings || [])
            .filter((code) => code in texts)
            .map((code) => ({
                code,
                text: texts[code],
                style: ["today", "in_sample"].includes(code) ? "info" : "warning",
            }));
    }

    // -- the models -----------------------------------------------------------

    get models() {
        return this.result.models || [];
    }

    showAuc({auc, error, low, high}) {
        const area = showNumber(auc, 2);
        if (typeof low === "number" && typeof high === "number") {
            return _t("%(area)s (expect %(low)s to %(high)s)", {
                area,
                low: showNumber(low, 2),
                high: showNumber(high, 2),
            });
        }
        if (typeof auc !== "number" || typeof error !== "number") {
            return area;
        }
        return `${area} ± ${showNumber(CONFIDENCE * error, 2)}`;
    }

    showLift(lift) {
        return typeof lift === "number"
            ? _t("%s the average win rate", showTimes(lift))
            : showNumber(null);
    }

    // -- what would change ----------------------------------------------------

    get openTitle() {
        return _t("Effect on your open leads: %s", showInteger(this.result.open.leads));
    }

    get changes() {
        const {warmer, colder, hot_before, hot_after, rerouted} = this.result.open;
        return [
            {key: "warmer", label: _t("Become warmer"), value: showInteger(warmer)},
            {key: "colder", label: _t("Become colder"), value: showInteger(colder)},
            {
                key: "hot",
                label: _t("Hot leads"),
                value: `${showInteger(hot_before)} → ${showInteger(hot_after)}`,
            },
            ...(typeof rerouted === "number"
                ? [
                      {
                          key: "rerouted",
                          label: _t("Would be assigned differently"),
                          value: showInteger(rerouted),
                      },
                  ]
                : []),
        ];
    }

    // -- the rules ------------------------------------------------------------

    get columns() {
        return [
            {name: "name", label: _t("Rule")},
            {name: "points", label: _t("Points")},
            {name: "leads", label: _t("Leads")},
            {name: "rate", label: _t("Won")},
            {
                name: "lift",
                label: _t("Compared with all"),
                title: _t("Win rate of these leads compared with the average"),
            },
            {name: "verdict", label: _t("Result")},
        ].map((column) => ({...column, isNumber: !["name", "verdict"].includes(column.name)}));
    }

    get verdicts() {
        return {
            right: {label: _t("Confirmed"), style: "text-bg-success"},
            wrong: {label: _t("Contradicted"), style: "text-bg-danger"},
            weak: {label: _t("No effect"), style: "text-bg-secondary"},
            few: {label: _t("Too few leads"), style: "text-bg-secondary"},
        };
    }

    get rules() {
        const rules = this.result.rules || [];
        return this.state.column ? [...rules].sort((a, b) => this.compare(a, b)) : rules;
    }

    /** What is not known stands at the end, in either direction. */
    compare(one, other) {
        const [a, b] = [this.sortValue(one), this.sortValue(other)];
        const [knownA, knownB] = [a, b].map((value) => value !== null && value !== undefined);
        if (!knownA || !knownB) {
            return knownB - knownA;
        }
        const order = typeof a === "string" ? a.localeCompare(b) : a - b;
        return this.state.descending ? -order : order;
    }

    sortValue(rule) {
        const {column} = this.state;
        return column === "verdict"
            ? Object.keys(this.verdicts).indexOf(rule.verdict)
            : rule[column];
    }

    /** Sort by a column, numbers from the biggest; a second click turns the order around. */
    sort({name, isNumber}) {
        const isSame = this.state.column === name;
        this.state.descending = isSame ? !this.state.descending : isNumber;
        this.state.column = name;
    }

    ariaSort({name}) {
        if (this.state.column !== name) {
            return "none";
        }
        return this.state.descending ? "descending" : "ascending";
    }

    sortIcon(column) {
        const icons = {none: "fa-sort", ascending: "fa-sort-asc", descending: "fa-sort-desc"};
        return icons[this.ariaSort(column)];
    }

    showPoints(points) {
        return typeof points === "number" ? signed(points) : showInteger(points);
    }
}

registry.category("fields").add("lead_score_backtest", {
    component: ScoreBacktestField,
    displayName: _t("Backtest result"),
    supportedTypes: ["json"],
    // without a value it says what to do: it is not hidden then
    isEmpty: () => false,
});
