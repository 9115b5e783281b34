import {registry} from "@web/core/registry";
import {user} from "@web/core/user";

/** In which language the page is to be read aloud; Odoo's page does not say. */
registry.category("services").add("lead_spoken_language", {
    start() {
        document.documentElement.lang ||= user.lang || "en";
    },
});
