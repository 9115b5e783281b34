import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {
    FieldSelectorField,
    fieldSelectorField,
} from "@web/views/fields/field_selector/field_selector_field";

/**
 * A field of a lead to choose, shown by its label.
 */
export class InformationField extends FieldSelectorField {
    static template = "lead_management.InformationField";

    get resModel() {
        return "crm.lead";
    }

    filter(fieldDef) {
        return super.filter(fieldDef) && !["one2many", "json", "binary"].includes(fieldDef.type);
    }
}

registry.category("fields").add("lead_information", {
    ...fieldSelectorField,
    component: InformationField,
    displayName: _t("Field of a lead"),
    fieldDependencies: [{name: "label", type: "char"}],
});
