import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {FloatField, floatField} from "@web/views/fields/float/float_field";

/**
 * The number somebody answered, with its unit; nothing for leads that did not answer.
 */
export class QualifierNumberField extends FloatField {
    static props = {...FloatField.props, text: {type: String, optional: true}};

    get formattedValue() {
        if (this.props.readonly && this.props.text) {
            return this.props.record.data[this.props.text] || "";
        }
        return super.formattedValue;
    }
}

registry.category("fields").add("lead_qualifier_number", {
    ...floatField,
    component: QualifierNumberField,
    displayName: _t("Number with unit"),
    extractProps: (info, dynamicInfo) => ({
        ...floatField.extractProps(info, dynamicInfo),
        text: info.options.text,
    }),
});
