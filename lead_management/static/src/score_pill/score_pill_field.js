import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** What a temperature is called. */
export function temperatureLabel(temperature) {
    return {cold: _t("Cold"), warm: _t("Warm"), hot: _t("Hot")}[temperature];
}

/** A score and its temperature as one word for those who do not see the pill. */
export function pillLabel(score, temperature) {
    return _t("Score %(score)s, %(temperature)s", {
        score,
        temperature: temperatureLabel(temperature),
    });
}

export const temperatureDependency = {
    name: "score_temperature",
    type: "selection",
    selection: [
        ["cold", _t("Cold")],
        ["warm", _t("Warm")],
        ["hot", _t("Hot")],
    ],
};

/** The score of a lead on a card or in a list: how good, never how late. */
export class ScorePillField extends Component {
    static template = "lead_management.ScorePillField";
    static props = {...standardFieldProps};

    get score() {
        return this.props.record.data[this.props.name] || 0;
    }

    get temperature() {
        return this.props.record.data.score_temperature || "cold";
    }

    get label() {
        return pillLabel(this.score, this.temperature);
    }
}

registry.category("fields").add("lead_score_pill", {
    component: ScorePillField,
    displayName: _t("Score and temperature"),
    supportedTypes: ["integer"],
    isEmpty: () => false,
    fieldDependencies: [temperatureDependency],
});
