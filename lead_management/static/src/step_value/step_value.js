import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const NUMBERS = ["integer", "float", "monetary", "date"];

/** What a step writes to a field: one of its values, or what it can hold. */
export class StepValueField extends Component {
    static template = "lead_management.StepValueField";
    static props = {...standardFieldProps};

    get choice() {
        return this.props.record.data.field_choice || {type: "char", choices: []};
    }

    get isChosen() {
        return this.choice.choices.length > 0;
    }

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    get shown() {
        const found = this.choice.choices.find(([key]) => key === this.value);
        return found ? found[1] : this.value;
    }

    get hasEmpty() {
        return !this.choice.choices.some(([key]) => key === "");
    }

    get inputType() {
        return NUMBERS.includes(this.choice.type) ? "number" : "text";
    }

    get unit() {
        return this.choice.type === "date" ? _t("days from then on") : "";
    }

    update(ev) {
        return this.props.record.update({[this.props.name]: ev.target.value || false});
    }
}

registry.category("fields").add("lead_step_value", {
    component: StepValueField,
    displayName: _t("Value of a Field"),
    supportedTypes: ["char"],
    fieldDependencies: [{name: "field_choice", type: "json"}],
});
