import {registry} from "@web/core/registry";

const TAB = (name) => `.o_notebook_headers .nav-link:contains(${name})`;
const DIALOG = ".modal:not(.o_inactive_modal)";
const FIELD = (name) => `.o_field_widget[name=${name}]`;

/** A manager builds a scoring model from zero, tries it and activates it. */
registry.category("web_tour.tours").add("lead_management_scoring_model", {
    steps: () => [
        {
            content: "open the configuration without developer mode",
            trigger: ".o_menu_sections button[data-menu-xmlid='crm.crm_menu_config']",
            run: "click",
        },
        {
            trigger: ".dropdown-item[data-menu-xmlid='lead_management.lead_score_model_menu']",
            run: "click",
        },
        {trigger: ".o_list_button_add", run: "click"},
        {trigger: `${FIELD("name")} input`, run: "edit Tour model"},
        {
            content: "a rule",
            trigger: `${FIELD("rule_ids")} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {trigger: `${DIALOG} ${FIELD("name")} input`, run: "edit Knows our number"},
        {trigger: `${DIALOG} ${FIELD("points")} input`, run: "edit 70"},
        {
            trigger: `${DIALOG} .o_field_domain .o_tree_editor a:contains(New Rule)`,
            run: "click",
        },
        {
            content: "the leads it counts for are told while it is written",
            trigger: `${DIALOG} .o_lead_rule_count:contains(leads)`,
        },
        {trigger: `${DIALOG} .o_form_button_save`, run: "click"},
        {
            content: "the rule is on the list with its points",
            trigger: `${FIELD("rule_ids")} .o_data_row:contains(+70)`,
        },
        {content: "an example", trigger: TAB("Examples"), run: "click"},
        {
            trigger: `${FIELD("example_ids")} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {trigger: `${DIALOG} ${FIELD("name")} input`, run: "edit Nobody"},
        {trigger: `${DIALOG} ${FIELD("min_total")} input`, run: "edit 90"},
        {trigger: `${DIALOG} .o_form_button_save`, run: "click"},
        {trigger: ".o_form_button_save", run: "click"},
        {
            content: "it fails, and says why",
            trigger: `${FIELD("example_ids")} .o_data_row.text-danger:contains(score)`,
        },
        {trigger: "button[name=action_activate]", run: "click"},
        {trigger: `${DIALOG} .modal-footer .btn-primary`, run: "click"},
        {
            content: "so the version is not activated",
            trigger: `${DIALOG}:contains(These examples fail)`,
        },
        {trigger: `${DIALOG} .modal-footer .btn-primary`, run: "click"},
        {
            content: "ask for less",
            trigger: `${FIELD("example_ids")} .o_data_row .o_data_cell:contains(Nobody)`,
            run: "click",
        },
        {trigger: `${DIALOG} ${FIELD("min_total")} input`, run: "edit 0"},
        {trigger: `${DIALOG} .o_form_button_save`, run: "click"},
        {trigger: ".o_form_button_save", run: "click"},
        {
            content: "it passes",
            trigger: `${FIELD("example_ids")} .o_data_row .badge:contains(Passed)`,
        },
        {trigger: "button[name=action_backtest]", run: "click"},
        {trigger: TAB("Backtest"), run: "click"},
        {
            content: "the back-test shows how leads ended by score",
            trigger: ".o_lead_backtest .o_lead_chart",
        },
        {trigger: ".o_lead_backtest_rules tr:contains(Knows our number)"},
        {trigger: "button[name=action_activate]", run: "click"},
        {trigger: `${DIALOG} .modal-footer .btn-primary`, run: "click"},
        {
            content: "it scores now",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Active)",
        },
    ],
});

/** A manager lets points be suggested, and gets a draft. */
registry.category("web_tour.tours").add("lead_management_suggest_points", {
    steps: () => [
        {trigger: ".o_data_row .o_data_cell:contains(Lead Score)", run: "click"},
        {trigger: "button[name=action_open_suggestion]", run: "click"},
        {trigger: `${DIALOG} ${FIELD("closed_count")}:contains(400)`},
        {trigger: `${DIALOG} ${FIELD("field_line_ids")} .o_data_row:contains(Website)`},
        {trigger: `${DIALOG} button[name=action_suggest]`, run: "click"},
        {
            content: "a draft with readable rules",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Draft)",
        },
        {trigger: `${FIELD("rule_ids")} .o_data_row:contains(Website)`},
    ],
});

/** A rep sees why a lead is hot, on its card and in its form. */
registry.category("web_tour.tours").add("lead_management_score_reasons", {
    steps: () => [
        {
            content: "the strongest reason is on the card",
            trigger: ".o_kanban_record:contains(Tour lead) .o_lead_score_card:contains(+60)",
        },
        {
            trigger: ".o_kanban_record:contains(Tour lead)",
            run: "click",
        },
        {trigger: ".o_lead_score_reason:contains(Phone is known)"},
        {
            content: "what would raise it leads to the question",
            trigger: ".o_lead_missing:contains(Funds)",
            run: "click",
        },
        {
            trigger: ".o_notebook_headers .nav-link.active:contains(Qualification)",
        },
    ],
});
