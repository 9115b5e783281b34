import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * How complete the profile of a lead is, and its persona.
 */
export class ProfileField extends Component {
    static template = "lead_management.ProfileField";
    static props = {...standardFieldProps};

    get completeness() {
        return this.props.record.data.profile_completeness || 0;
    }

    get persona() {
        return this.props.record.data.persona_id;
    }

    get personaTitle() {
        return _t(
            "Matches %s%% of the criteria of this persona",
            this.props.record.data.persona_match,
        );
    }
}

registry.category("fields").add("lead_profile", {
    component: ProfileField,
    displayName: _t("Profile and Missing Information"),
    supportedTypes: ["json"],
    fieldDependencies: [
        {name: "profile_completeness", type: "integer"},
        {name: "persona_id", type: "many2one", relation: "lead.persona"},
        {name: "persona_match", type: "integer"},
    ],
});
