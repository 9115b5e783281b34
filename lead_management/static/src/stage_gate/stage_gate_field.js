import {Component, useRef} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {focusInformation} from "@lead_management/profile/focus_information";

/**
 * What the current stage asks for and is not known: a banner with a way to each.
 */
export class StageGateField extends Component {
    static template = "lead_management.StageGateField";
    static props = {...standardFieldProps};

    setup() {
        this.root = useRef("root");
    }

    get banners() {
        const missing = this.props.record.data[this.props.name] || {};
        return [
            {level: "required", style: "warning", title: _t("This stage requires")},
            {level: "recommended", style: "info", title: _t("Recommended at this stage")},
        ]
            .map((banner) => ({...banner, items: missing[banner.level] || []}))
            .filter((banner) => banner.items.length);
    }

    ask(information) {
        return focusInformation(this.root.el, information);
    }
}

registry.category("fields").add("lead_stage_gate", {
    component: StageGateField,
    displayName: _t("Stage Requirements"),
    supportedTypes: ["json"],
});
