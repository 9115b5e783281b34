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

const [OFFERED, NUMBER] = [20, 12];
const ACCEPT = ".o_kanban_record button[name=action_accept]";
// A form of a lead on a machine that is busy otherwise.
const SLOW = 60000;

/** One tap accepts an offer; the way back leads to the next one. */
const accept = (number) => [
    {
        content: `those accepted are gone (${number})`,
        trigger: ".o_kanban_renderer",
        async run() {
            const end = Date.now() + SLOW;
            // what the browser kept of the list is shown until it is read again
            while (document.querySelectorAll(ACCEPT).length !== OFFERED + 1 - number) {
                if (Date.now() > end) {
                    throw new Error("the list is not read again");
                }
                await new Promise((resolve) => setTimeout(resolve, 100));
            }
        },
        timeout: SLOW,
    },
    {
        content: `nobody is named before (${number})`,
        trigger: ".o_kanban_renderer:not(:contains(Person)) button[name=action_accept]",
        run: "click",
        timeout: SLOW,
    },
    {
        content: "a lead of the own company",
        trigger: ".o_form_view .o_lead_notices:contains(Received from)",
        timeout: SLOW,
    },
    ...(number < NUMBER ? [{trigger: ".o_back_button", run: "click"}] : []),
];

/** Somebody of the other company accepts twelve of them on the phone, one tap each. */
registry.category("web_tour.tours").add("lead_management_offer_accept", {
    steps: () => Array.from({length: NUMBER}, (_, index) => accept(index + 1)).flat(),
});

/** The lead that is on the screen is won, on the phone. */
registry.category("web_tour.tours").add("lead_management_offer_won", {
    steps: () => [
        {
            trigger: ".o_form_view .o_lead_notices:contains(Received from)",
            timeout: SLOW,
        },
        {trigger: ".o_lead_more", run: "click"},
        {trigger: ".o_lead_more_menu button[name=action_win]", run: "click"},
        {trigger: ".modal footer button[name=action_apply]", run: "click", timeout: SLOW},
        {
            trigger: ".o_form_view .o_statusbar_status:contains(Customer)",
            timeout: SLOW,
        },
    ],
});

/** Who gave the leads sees what became of them, and what is due. */
registry.category("web_tour.tours").add("lead_management_offer_seen", {
    steps: () => [
        {
            content: "one is won, by its stage and its amount",
            trigger: ".o_list_view .o_data_row:contains(Won):contains(Customer)",
        },
        {
            trigger:
                ".o_list_view:has(.o_data_row:contains(Accepted)):has(.o_data_row:contains(Offered))",
        },
        {trigger: ".o_data_row:contains(Won) td[name=recipient_name]", run: "click"},
        {trigger: ".o_form_view [name=event_ids]:contains(the data was handed over)"},
    ],
});

/** The commission, to the cent. */
registry.category("web_tour.tours").add("lead_management_offer_commission", {
    steps: () => [{trigger: ".o_list_view .o_data_row:contains(80.00):contains(Due)"}],
});
