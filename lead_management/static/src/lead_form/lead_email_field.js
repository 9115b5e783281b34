import {registry} from "@web/core/registry";
import {formEmailField} from "@web/views/fields/email/email_field";

/** The sign that writes a mail has a name for those who do not see it. */
export class LeadEmailField extends formEmailField.component {
    static template = "lead_management.LeadEmailField";
}

registry.category("fields").add("lead_email", {...formEmailField, component: LeadEmailField});
