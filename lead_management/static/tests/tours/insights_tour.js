import {registry} from "@web/core/registry";

const PANEL = (key) => `.o_lead_insights_panel_${key}`;

/** How did we do this month, and why: two clicks from where a manager starts. */
registry.category("web_tour.tours").add("lead_management_insights_two_clicks", {
    steps: () => [
        {trigger: ".o_lead_my_day, .o_action"},
        {trigger: ".o_menu_sections button[data-menu-xmlid='crm.crm_menu_report']", run: "click"},
        {
            trigger: ".dropdown-item[data-menu-xmlid='lead_management.lead_insight_menu']",
            run: "click",
        },
        {
            content: "how we did",
            trigger: ".o_lead_insights_tile_qualified:contains(3):contains(+1)",
        },
        {
            content: "why, in a picture",
            trigger: `${PANEL("why")} .o_lead_insights_cause:contains(Volume: more leads)`,
        },
        {
            content: "why, in a sentence",
            trigger: `${PANEL("why")}:contains(Of 6 leads created, 3 are qualified)`,
        },
        {content: "the rest follows by itself", trigger: PANEL("arrivals")},
    ],
});

/** What came of the month, and all that is behind it. */
registry.category("web_tour.tours").add("lead_management_insights", {
    steps: () => [
        {
            content: "what came of the month",
            trigger: ".o_lead_insights_tile_created:contains(6):contains(+3)",
        },
        {
            content: "few are not compared",
            trigger: ".o_lead_insights_tile_won:contains(too few to compare)",
        },
        {
            content: "why, in a sentence",
            trigger: `${PANEL("why")}:contains(Of 6 leads created, 3 are qualified)`,
        },
        {trigger: `${PANEL("why")} .o_lead_insights_toggle`, run: "click"},
        {trigger: `${PANEL("why")} table`},
        {trigger: `${PANEL("why")} .o_lead_insights_toggle`, run: "click"},
        {trigger: `${PANEL("why")} .o_lead_insights_dimension`, run: "click"},
        {trigger: ".o-dropdown-item:contains(Source)", run: "click"},
        {trigger: `${PANEL("why")} .o_lead_insights_dimension:contains(Source)`},
        {
            content: "a number opens its records",
            trigger: `${PANEL("funnel")} .o_lead_insights_step:contains(Negotiation) .o_lead_insight_number:contains(1)`,
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row:contains(skipped)"},
        {trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a", run: "click"},
        {
            content: "the dimension is still chosen",
            trigger: `${PANEL("why")} .o_lead_insights_dimension:contains(Source)`,
        },
        {trigger: ".o_lead_insights_previous", run: "click"},
        {trigger: ".o_lead_insights_period:contains(April 2026)"},
        {trigger: ".o_lead_insights_tile_created:contains(3)"},
        {trigger: ".o_lead_insights_next", run: "click"},
        {trigger: ".o_lead_insights_bar button:contains(Quarter)", run: "click"},
        {trigger: ".o_lead_insights_tile_created:contains(9)"},
        {trigger: ".o_lead_insights_questions summary", run: "click"},
        {trigger: ".o_lead_insights_questions dt:contains(How far do leads come)"},
    ],
});

/** What becomes of leads in a stage: the part of the report that is about stages. */
registry.category("web_tour.tours").add("lead_management_stage_conversion", {
    steps: () => [
        {trigger: `${PANEL("funnel")} .o_lead_insights_step:contains(Customer)`},
        {trigger: `${PANEL("stage_conversion")}:contains(Contacted)`},
        {trigger: "body:not(:has(.o_lead_insights_tile))"},
        {trigger: ".o_lead_insights_bar button:contains(All Stage Changes)", run: "click"},
        {trigger: ".o_graph_view, .o_view_nocontent"},
    ],
});
