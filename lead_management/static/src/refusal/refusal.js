import {registry} from "@web/core/registry";

export const REFUSED_ERROR = "odoo.addons.lead_management.exceptions.RefusedError";

// What somebody is asked to do differently is no failure: it stands beside what was
// entered, which stays.
registry.category("error_notifications").add(REFUSED_ERROR, {type: "warning"});
