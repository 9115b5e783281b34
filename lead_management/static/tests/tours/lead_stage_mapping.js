import {registry} from "@web/core/registry";

const ROW = (name) => `.o_field_widget[name=line_ids] .o_data_row:contains(${name})`;
const STATE = (name) => `.o_statusbar_status .o_arrow_button_current:contains(${name})`;

/** A manager maps the stages of his company, looks at it, applies it and undoes it. */
registry.category("web_tour.tours").add("lead_management_stage_mapping", {
    steps: () => [
        {
            content: "from the list of stages",
            trigger: ".o_list_view:contains(Signed)",
        },
        {trigger: "button[name=action_map_stages]", run: "click"},
        {
            content: "a type is proposed by the name",
            trigger: `${ROW("Signed")} [name=stage_type]:contains(Customer)`,
        },
        {
            content: "and what it does to leads is shown",
            trigger: `${ROW("Signed")} [name=effect]:contains(1 become won)`,
        },
        {
            content: "what that means is said before",
            trigger: ".alert-warning:contains(“Signed” becomes a won stage)",
        },
        {
            content: "choose another type",
            trigger: `${ROW("Walk the dog")} [name=stage_type]`,
            run: "click",
        },
        {
            trigger: `${ROW("Walk the dog")} [name=stage_type] input`,
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Qualified)",
            run: "click",
        },
        {
            content: "it is missing no more",
            trigger:
                ".o_field_widget[name=addition_ids] .o_data_row:contains(Qualified):contains(Walk the dog)",
        },
        {
            content: "show lost leads, too",
            trigger: ".o_field_widget[name=move_lost] input",
            run: "click",
        },
        {
            content: "it is counted at once",
            trigger: ".o_field_widget[name=moved_count]:contains(1)",
        },
        {trigger: "button[name=action_apply]", run: "click"},
        {
            content: "it asks first",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {content: "done", trigger: STATE("Applied")},
        {
            content: "each lead is in the log",
            trigger: ".oe_stat_button:contains(Changed Leads)",
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row:contains(Tour lead)"},
        {trigger: ".o_back_button, .breadcrumb-item:last a", run: "click"},
        {trigger: "button[name=action_undo]", run: "click"},
        {trigger: ".modal .modal-footer .btn-primary", run: "click"},
        {content: "as it was", trigger: STATE("Undone")},
        {
            content: "how many were put back",
            trigger: ".o_field_widget[name=restored_count]:contains(2)",
        },
    ],
});
