import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const SHOWN = 6;
const SHOWN_ON_PHONE = 3;

/**
 * The score of a lead and the rules that make it, the strongest first.
 */
export class ScoreReasonsField extends Component {
    static template = "lead_management.ScoreReasonsField";
    static props = {...standardFieldProps};

    setup() {
        this.state = useState({all: false});
    }

    get total() {
        return this.props.record.data.score_total;
    }

    get temperature() {
        return this.props.record.data.score_temperature || "cold";
    }

    get temperatureLabel() {
        return {cold: _t("Cold"), warm: _t("Warm"), hot: _t("Hot")}[this.temperature];
    }

    get reasons() {
        return this.props.record.data[this.props.name] || [];
    }

    get shown() {
        const limit = this.env.isSmall ? SHOWN_ON_PHONE : SHOWN;
        return this.state.all ? this.reasons : this.reasons.slice(0, limit);
    }

    get more() {
        return this.reasons.length - this.shown.length;
    }

    signed(points) {
        return points > 0 ? `+${points}` : `\u2212${-points}`;
    }
}

registry.category("fields").add("lead_score_reasons", {
    component: ScoreReasonsField,
    displayName: _t("Score and reasons"),
    supportedTypes: ["json"],
});
