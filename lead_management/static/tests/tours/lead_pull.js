import {registry} from "@web/core/registry";

/** A rep takes the next lead from the top bar, and sees that he holds it. */
registry.category("web_tour.tours").add("lead_management_pull", {
    steps: () => [
        {
            content: "one click on any page",
            trigger: ".o_lead_next_button:enabled",
            run: "click",
        },
        {
            content: "the lead opens, with the way to why it was assigned",
            trigger: ".o_form_view .o_lead_card_owner .o_lead_why",
        },
        {
            content: "what else waits, and what is held",
            trigger: ".o_lead_next_toggle",
            run: "click",
        },
        {trigger: ".o_lead_next_menu .o_lead_claim:contains(Tour lead)"},
        {trigger: ".o_lead_next_menu .o_lead_pause_hour"},
    ],
});
