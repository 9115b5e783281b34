import {Component, useState} from "@odoo/owl";
import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {showPercent} from "@lead_management/score_backtest/figures";

const SHOWN = 5;
// somebody has the lead then, and who else was looked at matters less
const SETTLED = ["assigned", "claimed"];

/**
 * Who got a lead and why, decision by decision, the last one first.
 */
export class AssignmentStoryField extends Component {
    static template = "lead_management.AssignmentStoryField";
    static props = {...standardFieldProps};

    setup() {
        this.state = useState({all: false, expanded: {}});
        this.showPercent = showPercent;
    }

    get decisions() {
        return this.props.record.data[this.props.name] || [];
    }

    get shown() {
        return this.state.all ? this.decisions : this.decisions.slice(0, SHOWN);
    }

    get more() {
        return this.decisions.length - this.shown.length;
    }

    when({date}) {
        return toLocaleDateTimeString(deserializeDateTime(date));
    }

    rule({rule, version}) {
        return version ? _t("%(rule)s, version %(version)s", {rule, version}) : rule;
    }

    // -- who was considered ---------------------------------------------------

    hasDetails({people, passed}) {
        return people.length > 0 || passed.length > 0;
    }

    isExpanded({id, outcome}) {
        const isOpenQuestion = id === this.decisions[0].id && !SETTLED.includes(outcome);
        return this.state.expanded[id] ?? isOpenQuestion;
    }

    toggle(decision) {
        this.state.expanded[decision.id] = !this.isExpanded(decision);
    }

    personStyle({chosen, share}) {
        if (chosen) {
            return "fw-bolder";
        }
        return share > 0 ? "" : "text-muted";
    }
}

registry.category("fields").add("lead_assignment_story", {
    component: AssignmentStoryField,
    displayName: _t("Assignment Details"),
    supportedTypes: ["json"],
});
