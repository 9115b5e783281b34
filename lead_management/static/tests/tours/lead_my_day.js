import {registry} from "@web/core/registry";
import {clicks} from "@lead_management/../tests/tours/clicks";
import {say, sayOnPhone} from "@lead_management/../tests/tours/notes";

const LINE = (name) => `.o_lead_day_line:contains(${name})`;
const GONE = (name) => `.o_lead_my_day:not(:has(${LINE(name)}))`;

/** A rep's morning, from the login to the empty list. */
function morning() {
    return [
        {content: "count from the login on", trigger: "body", run: () => clicks.listen()},
        {trigger: ".o_navbar_apps_menu button", run: "click"},
        {
            trigger: ".dropdown-item[data-menu-xmlid='crm.crm_menu_root']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='lead_management.crm_lead_my_day_menu']",
            run: "click",
        },
        {
            content: "the overdue call is the first thing to do",
            trigger: `.o_lead_day_group_overdue .o_lead_day_current:contains(Late call)`,
        },
        {trigger: `${LINE("Late call")} .o_lead_day_log`, run: "click"},
        {trigger: ".modal [name=outcome_id] button:contains(Reached)", run: "click"},
        say("Will decide next week"),
        {trigger: ".modal-footer button[name=action_log]", run: "click"},
        {trigger: GONE("Late call")},
        {
            content: "the next line is current by itself",
            trigger: `.o_lead_day_group_today .o_lead_day_current:contains(Call of today)`,
        },
        {trigger: `${LINE("Call of today")} .o_lead_day_snooze`, run: "click"},
        {trigger: ".o_lead_day_choice:first", run: "click"},
        {trigger: GONE("Call of today")},
        {trigger: `.o_lead_day_group_hot ${LINE("Hot one")} .o_lead_day_snooze`, run: "click"},
        {trigger: ".o_lead_day_choice_week", run: "click"},
        {trigger: GONE("Hot one")},
        {trigger: `.o_lead_day_group_new ${LINE("New one")} .o_lead_day_message`, run: "click"},
        {
            content: "a message that suits the stage is there already",
            trigger: ".modal .odoo-editor-editable:contains(Thank you)",
        },
        {trigger: ".modal footer button[name=action_send]:visible", run: "click"},
        {
            content: "all done",
            trigger: ".o_lead_my_day .o_lead_day_empty",
        },
        {
            content: "that took twelve clicks",
            trigger: "body:not(:has(.modal))",
            run: () => clicks.expect(12),
        },
    ];
}

const tours = registry.category("web_tour.tours");

tours.add("lead_management_my_day", {steps: morning});

/** A thumb logs the first call and puts the next one off. */
tours.add("lead_management_my_day_phone", {
    steps: () => [
        {trigger: `${LINE("Late call")} .o_lead_day_log`, run: "click"},
        {trigger: ".modal [name=outcome_id] button:contains(Reached)", run: "click"},
        sayOnPhone("Will decide next week"),
        {trigger: ".modal-footer button[name=action_log]", run: "click"},
        {trigger: GONE("Late call")},
        {trigger: `${LINE("Call of today")} .o_lead_day_snooze`, run: "click"},
        {trigger: ".o_lead_day_choice:first", run: "click"},
        {trigger: ".o_lead_my_day .o_lead_day_empty"},
    ],
});

/** A lead opens, the pager goes on to the next one, and the way back leads to the day. */
tours.add("lead_management_my_day_open", {
    steps: () => [
        {trigger: `${LINE("First")} .o_lead_day_name`, run: "click"},
        {trigger: ".o_form_view .o_pager_counter:contains(1 / 2)"},
        {trigger: ".o_form_view .o_pager_next", run: "click"},
        {trigger: ".o_form_view .o_pager_counter:contains(2 / 2)"},
        {trigger: ".breadcrumb-item.active:contains(Second), .o_breadcrumb:contains(Second)"},
        {trigger: ".breadcrumb a:contains(My Day), .o_back_button", run: "click"},
        {trigger: `.o_lead_my_day .o_lead_day_current:contains(First)`},
    ],
});

/** A manager goes from his team's numbers to the leads behind them. */
tours.add("lead_management_my_day_team", {
    steps: () => [
        {trigger: ".o_lead_day_scope", run: "click"},
        {trigger: ".o_lead_day_scopes .dropdown-item:contains(Team A)", run: "click"},
        {
            trigger:
                ".o_lead_day_person:contains(lm_rep_2) .o_lead_day_number[data-key=overdue]:contains(1)",
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row:contains(Of rep 2)"},
        {trigger: ".o_list_view:not(:has(.o_data_row:contains(Of rep 1)))"},
        {trigger: ".breadcrumb a:contains(My Day), .o_back_button", run: "click"},
        {
            content: "still the day of the team",
            trigger: ".o_lead_day_scope:contains(Team A)",
        },
        {trigger: ".o_lead_day_person button:contains(lm_rep_2)", run: "click"},
        {trigger: `.o_lead_day_group_overdue ${LINE("Of rep 2")}`},
        {trigger: GONE("Of rep 1")},
    ],
});
