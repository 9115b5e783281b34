import {registry} from "@web/core/registry";
import {FormRenderer} from "@web/views/form/form_renderer";
import {StatusBarButtons} from "@web/views/form/status_bar_buttons/status_bar_buttons";
// lead_form is Odoo's own form of leads, with another header
import "@crm/views/crm_form/crm_form";

/** What is due now and what is used all day; all others stand behind a menu. */
const SHOWN = 2;

/**
 * At most three buttons, on a desk as on the phone. The others keep their keys: they are
 * there, too, for the keyboard alone.
 */
export class LeadHeaderButtons extends StatusBarButtons {
    static template = "lead_management.LeadHeaderButtons";

    get shown() {
        return this.visibleSlotNames.slice(0, SHOWN);
    }

    get others() {
        return this.visibleSlotNames.slice(SHOWN);
    }
}

export class LeadFormRenderer extends FormRenderer {
    static components = {...FormRenderer.components, StatusBarButtons: LeadHeaderButtons};
}

registry.category("views").add("lead_form", {
    ...registry.category("views").get("crm_form"),
    Renderer: LeadFormRenderer,
});
