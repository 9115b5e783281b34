import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("lead_management_campaigns", {
    steps: () => [
        {
            content: "What each campaign cost, and what came of it",
            trigger: ".o_lead_campaigns_table td:contains(Harvest Fair)",
        },
        {
            content: "Of the leads created in this year",
            trigger: ".o_lead_campaigns_choices button:contains(Year)",
            run: "click",
        },
        {
            content: "Why this campaign gets a part of a lead",
            trigger: "tr:contains(Harvest Fair) button[data-what=qualified]:contains(0.5)",
            run: "click",
        },
        {
            trigger: ".modal .o_lead_credit:contains(Touch 1 of 2):contains(Kiln trial)",
        },
        {
            trigger: ".modal footer button:contains(Close)",
            run: "click",
        },
        {
            content: "By the first touch the lead is its own",
            trigger: "body:not(:has(.modal)) .o_lead_campaigns_model",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains(First touch)",
            run: "click",
        },
        {
            trigger: "tr:contains(Harvest Fair) button[data-what=qualified]:contains(1)",
        },
        {
            content: "The costs behind a number",
            trigger: "tr:contains(Harvest Fair) td button:contains(300)",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row td[name=campaign_id]:contains(Harvest Fair)",
        },
    ],
});
