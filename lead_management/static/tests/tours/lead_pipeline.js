import {registry} from "@web/core/registry";

const CARD = ".o_kanban_record:contains(Tour lead)";
const COLUMN = (name) => `.o_kanban_group:has(.o_column_title:contains(${name}))`;
const STATUS = (name) => `.o_statusbar_status button:contains(${name})`;

/** A rep sees why a lead is hot, moves it, gives it up and takes it back. */
registry.category("web_tour.tours").add("lead_management_pipeline", {
    steps: () => [
        {
            content: "the score is on the card",
            trigger: `${COLUMN("Open")} ${CARD} .o_lead_score_hot:contains(75)`,
        },
        {content: "open the lead", trigger: CARD, run: "click"},
        {
            content: "the reasons are in sight without a click",
            trigger: ".o_lead_score_reason:contains(Phone is known)",
        },
        {content: "move it on", trigger: STATUS("Contacted"), run: "click"},
        {
            content: "it moved",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Contacted)",
        },
        {
            content: "give it up: Unqualified stands apart",
            trigger: ".o_lead_stage_apart:contains(Unqualified)",
            run: "click",
        },
        {
            content: "and asks why",
            trigger: ".modal [name=lost_reason_id] .o_selection_badge:contains(No budget)",
            run: "click",
        },
        {trigger: ".modal .modal-footer button[name=action_apply]", run: "click"},
        {
            content: "it says so",
            trigger: ".o_lead_stage_apart.active:contains(Unqualified)",
        },
        {
            content: "take it back: what is due now is the one solid button",
            trigger: ".o_lead_header > button.btn-primary[name=action_restore]",
            run: "click",
        },
        {
            content: "it is where it was before",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Contacted)",
        },
        {
            content: "back to the pipeline",
            trigger: ".breadcrumb-item:contains(Lead Pipeline)",
            run: "click",
        },
        {content: "in its column", trigger: `${COLUMN("Contacted")} ${CARD}`},
    ],
});

/** A manager writes a scoring rule from zero and an assignment rule. */
registry.category("web_tour.tours").add("lead_management_rules", {
    steps: () => [
        {
            content: "open the configuration without developer mode",
            trigger: ".o_menu_sections button[data-menu-xmlid='crm.crm_menu_config']",
            run: "click",
        },
        {
            trigger: ".dropdown-item[data-menu-xmlid='lead_management.lead_score_rule_menu']",
            run: "click",
        },
        {trigger: ".o_list_button_add", run: "click"},
        {
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour rule",
        },
        {
            trigger: ".o_field_widget[name=points] input",
            run: "edit 33",
        },
        {
            content: "add a condition",
            trigger: ".o_field_domain .o_tree_editor a:contains(New Rule)",
            run: "click",
        },
        {
            content: "matching leads are counted live",
            trigger: ".o_field_domain .o_domain_show_selection_button:contains(record)",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved"},
    ],
});
