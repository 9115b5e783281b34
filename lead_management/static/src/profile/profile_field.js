import {Component, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {focusInformation} from "@lead_management/profile/focus_information";

const SHOWN = 4;

/**
 * How complete the profile of a lead is, what is missing, and its persona.
 */
export class ProfileField extends Component {
    static template = "lead_management.ProfileField";
    static props = {...standardFieldProps};

    setup() {
        this.root = useRef("root");
        this.state = useState({all: false});
    }

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

    get missing() {
        return this.props.record.data[this.props.name] || [];
    }

    get shown() {
        return this.state.all ? this.missing : this.missing.slice(0, SHOWN);
    }

    get more() {
        return this.missing.length - this.shown.length;
    }

    ask(information) {
        return focusInformation(this.root.el, information);
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
