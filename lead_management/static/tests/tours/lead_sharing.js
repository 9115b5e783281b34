import {registry} from "@web/core/registry";

import {clicks} from "./clicks";

/** A salesperson offers a selection of leads, and sees what the others will see. */
registry.category("web_tour.tours").add("lead_management_offer", {
    steps: () => [
        {
            content: "all leads of the list",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run(helpers) {
                clicks.listen();
                return helpers.click();
            },
        },
        {trigger: ".o_cp_action_menus .dropdown-toggle:contains(Actions)", run: "click"},
        {trigger: ".o-dropdown--menu .o_menu_item:contains(Offer Lead)", run: "click"},
        {
            content: "the name is told after acceptance only",
            trigger: ".modal .o_lead_share_preview section:contains(after acceptance)",
        },
        {trigger: ".modal .o_lead_share_preview section:contains(Person)"},
        {trigger: ".modal footer button[name=action_offer]", run: "click"},
        {
            content: "in three clicks and the selection",
            trigger: ".o_notification:contains(20)",
            run: () => clicks.expect(3),
        },
    ],
});

/** Somebody of the other company accepts one of them on the phone, with one tap. */
registry.category("web_tour.tours").add("lead_management_offer_accept", {
    steps: () => [
        {
            content: "nobody is named before",
            trigger: ".o_kanban_renderer:not(:contains(Person))",
        },
        {trigger: ".o_kanban_record button[name=action_accept]", run: "click"},
        {
            content: "a lead of the own company",
            trigger: ".o_form_view .o_lead_notices:contains(Received from)",
        },
    ],
});
