import {registry} from "@web/core/registry";

const FIELD = (name) => `.o_field_widget[name=${name}]`;
const SAVED = ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))";

/** The condition “this field is set”, by the condition editor. */
function setCondition(label) {
    return [
        {
            content: `a condition on ${label}`,
            trigger: ".o_tree_editor a:contains(New Rule)",
            run: "click",
        },
        {trigger: ".o_tree_editor .o_model_field_selector", run: "click"},
        {
            trigger: ".o_model_field_selector_popover_search input",
            run: `edit ${label}`,
        },
        {
            trigger: `.o_model_field_selector_popover_item_name:contains(/^${label}$/)`,
            run: "click",
        },
        {trigger: ".o_tree_editor_editor select", run: "selectByLabel is set"},
    ];
}

/** A new rule with a name and a target. */
function newRule(name, target) {
    return [
        {trigger: ".o_list_button_add, .o_form_button_create", run: "click"},
        {trigger: `${FIELD("name")} input`, run: `edit ${name}`},
        {trigger: `${FIELD("target")} input[data-value=${target}]`, run: "click"},
    ];
}

function choose(field, text) {
    return [
        {trigger: `${FIELD(field)} input`, run: `edit ${text}`},
        {
            trigger: `.o-autocomplete--dropdown-item:contains(${text})`,
            run: "click",
        },
    ];
}

/** A manager sets rules by segment and product and a weighted rotation, and tries them. */
registry.category("web_tour.tours").add("lead_management_distribution", {
    steps: () => [
        {
            trigger: ".o_menu_sections button[data-menu-xmlid='crm.crm_menu_config']",
            run: "click",
        },
        {
            trigger: ".dropdown-item[data-menu-xmlid='lead_management.lead_assignment_rule_menu']",
            run: "click",
        },
        ...newRule("Tour segment", "user"),
        ...choose("user_id", "lm_rep_2"),
        ...setCondition("Segment"),
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: SAVED},
        ...newRule("Tour product", "user"),
        ...choose("user_id", "lm_rep_3"),
        ...setCondition("Products of Interest"),
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: SAVED},
        ...newRule("Tour rest", "members"),
        ...choose("member_ids", "lm_rep_2"),
        ...choose("member_ids", "lm_rep_3"),
        {
            content: "by weight",
            trigger: `${FIELD("strategy")} input[data-value=weighted]`,
            run: "click",
        },
        {
            content: "each member has a weight, before anything is saved",
            trigger: `${FIELD("turn_ids")} .o_data_row:contains(lm_rep_2) .o_data_cell[name=weight]`,
            run: "click",
        },
        {
            trigger: `${FIELD("turn_ids")} .o_data_row ${FIELD("weight")} input`,
            run: "edit 3",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: SAVED},
        {
            content: "what would they do?",
            trigger: "button[name=action_dry_run]",
            run: "click",
        },
        {trigger: `${FIELD("scope")} input[data-value=replay]`, run: "click"},
        {trigger: "button[name=action_run]", run: "click"},
        {
            content: "who would get which lead, and why",
            trigger: `${FIELD("line_ids")} .o_data_row:contains(Tour lead):contains(Tour segment)`,
        },
        {
            trigger: `${FIELD("line_ids")} .o_data_row:contains(Tour lead):contains(Tour product)`,
        },
        {trigger: ".o_notebook_headers .nav-link[name=shares]", run: "click"},
        {trigger: `${FIELD("share_ids")} .o_data_row:contains(lm_rep_2)`},
    ],
});

/** An administrator lets the rules take over from Odoo's own assignment. */
registry.category("web_tour.tours").add("lead_management_take_over", {
    steps: () => [
        {
            content: "the settings say that Odoo's own assignment is on",
            trigger: "button[name=action_take_over_assignment]",
            run: "click",
        },
        {
            content: "its teams are rules now",
            trigger: ".o_list_view .o_data_row:contains(Team A)",
        },
    ],
});

/** A rep looks through an open pool, takes a lead, reads its story, gives it back. */
registry.category("web_tour.tours").add("lead_management_take", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(Tour lead) button[name=action_take]",
            run: "click",
        },
        {
            content: "the lead is open, and says how it got here",
            trigger: ".o_form_view .o_lead_card_owner .o_lead_why",
            run: "click",
        },
        {trigger: ".o_lead_owner_reason:contains(claimed the lead from)"},
        {trigger: ".o_notebook_headers .nav-link[name=timeline]", run: "click"},
        {trigger: ".o_lead_rows_title:contains(Assignment)", run: "click"},
        {trigger: ".o_lead_story .o_lead_decision:contains(added the lead to the pool)"},
        {trigger: ".o_lead_more", run: "click"},
        {trigger: ".o_lead_more_menu button[name=action_release_dialog]", run: "click"},
        {
            trigger: `.modal ${FIELD("reason")} input`,
            run: "edit speaks Spanish only",
        },
        {trigger: ".modal button[name=action_release]", run: "click"},
        {trigger: ".o_kanban_view, .o_list_view"},
    ],
});
