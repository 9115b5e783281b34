import {rpc} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {clicks} from "@lead_management/../tests/tours/clicks";
import {say, sayOnPhone} from "@lead_management/../tests/tours/notes";

const LINE = (name) => `.o_lead_day_line:contains(${name})`;
const MENU = "[data-menu-xmlid='lead_management.crm_lead_my_day_menu']";
const APP = "[data-menu-xmlid='crm.crm_menu_root']";
const GONE = (name) => `.o_lead_my_day:not(:has(${LINE(name)}))`;

/** The list of apps says how much is due, beside CRM. */
function appsSay(number) {
    return [
        {trigger: ".o_navbar_apps_menu button", run: "click"},
        {trigger: `.o-dropdown--menu .o_app${APP} .badge:contains(${number})`},
        {trigger: ".o_navbar_apps_menu button", run: "click"},
        {trigger: "body:not(:has(.o-dropdown--menu .o_app))"},
    ];
}

/** A rep's morning, from the login to the empty list. */
function morning() {
    return [
        {content: "count from the login on", trigger: "body", run: () => clicks.listen()},
        {
            content: "the login leads to the day, and the menu says how much is due",
            trigger: `${MENU} .badge:contains(2)`,
        },
        {
            content: "the overdue call is the first thing to do",
            trigger: `.o_lead_day_group_overdue .o_lead_day_current:contains(Late call)`,
        },
        {trigger: `${LINE("Late call")} .o_lead_day_log`, run: "click"},
        {trigger: ".modal [name=outcome_id] button:contains(Reached)", run: "click"},
        say("Will decide next week"),
        {trigger: ".modal-footer button[name=action_log]:visible", run: "click"},
        {
            content: "the first call of the day, with its next step, took three clicks",
            trigger: "body:not(:has(.modal))",
            run: () => clicks.expect(3, true),
        },
        {trigger: ".o_lead_toast:contains(Logged)"},
        {trigger: ".o_lead_day_done:contains(1 of 2)"},
        {trigger: `${MENU} .badge:contains(1)`},
        {trigger: GONE("Late call")},
        {
            content: "the next line is current by itself",
            trigger: `.o_lead_day_group_today .o_lead_day_current:contains(Call of today)`,
        },
        {trigger: `${LINE("Call of today")} .o_lead_day_snooze`, run: "click"},
        {trigger: ".o_lead_day_choice:first", run: "click"},
        {trigger: GONE("Call of today")},
        {trigger: `${MENU}:not(:has(.badge))`},
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
            content: "that took nine clicks",
            trigger: "body:not(:has(.modal))",
            run: () => clicks.expect(9),
        },
    ];
}

const tours = registry.category("web_tour.tours");

tours.add("lead_management_my_day", {steps: morning});

/** A thumb logs the first call and puts the next one off. */
tours.add("lead_management_my_day_phone", {
    steps: () => [
        {trigger: ".o_menu_toggle", run: "click"},
        {
            content: "the menu says how much is due",
            trigger: `.o_app_menu_sidebar ${MENU} .badge:contains(2)`,
        },
        {trigger: ".o_app_menu_sidebar a:contains(All Apps)", run: "click"},
        {trigger: `.o_app_menu_sidebar ${APP} .badge:contains(2)`},
        {trigger: ".o_app_menu_sidebar .o_sidebar_close", run: "click"},
        {trigger: `${LINE("Late call")} .o_lead_day_log`, run: "click"},
        {trigger: ".modal [name=outcome_id] button:contains(Reached)", run: "click"},
        sayOnPhone("Will decide next week"),
        {trigger: ".modal-footer button[name=action_log]:visible", run: "click"},
        {trigger: GONE("Late call")},
        {
            content: "only the current line unfolds its buttons",
            trigger: `.o_lead_day_current:contains(Call of today)`,
        },
        {trigger: `${LINE("Call of today")} .o_lead_day_snooze`, run: "click"},
        {trigger: ".o_lead_day_choice:first", run: "click"},
        {trigger: ".o_lead_my_day .o_lead_day_empty"},
    ],
});

/** A lead opens, the pager goes on to the next one, and the way back leads to the day. */
tours.add("lead_management_my_day_open", {
    steps: () => [
        ...appsSay(2),
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

/** Three calls without a mouse: an answer, a time of day, the next one, and one too many. */
tours.add("lead_management_my_day_keys", {
    steps: () => [
        {
            content: "who answered comes first, with what was said",
            trigger:
                ".o_lead_day_group:first .o_lead_day_current:contains(Answered):contains(Thursday works)",
            run: "press l",
        },
        {trigger: ".modal .o_lead_touch_following:contains(Late call)", run: "press 1"},
        say("Thursday at three"),
        {trigger: ".modal [name=next_time] input", run: "edit 3 pm"},
        {trigger: ".modal [name=next_summary] input", run: "click"},
        {trigger: ".modal .o_lead_touch_preview:contains(3:00 PM)", run: "press ctrl+enter"},
        {
            content: "the next lead of the day is there already",
            trigger: ".modal .o_lead_touch_log [name=lead_title]:contains(Late call)",
        },
        {trigger: ".o_lead_toast:contains(3:00 PM)"},
        {trigger: ".modal .btn-close", run: "click"},
        {trigger: "body:not(:has(.modal)) .o_lead_day_done:contains(1 of 2)"},
        ...appsSay(1),
        {trigger: ".o_lead_my_day .o_lead_day_done", run: "press z"},
        {
            content: "as if it never was",
            trigger: ".o_lead_day_group:first:contains(They answered) .o_lead_day_line",
        },
        {trigger: ".o_lead_day_done:contains(0 of 2)"},
        {trigger: `${MENU} .badge:contains(2)`},
        ...appsSay(2),
    ],
});

/** One call after another, without looking at the list in between. */
tours.add("lead_management_my_day_on", {
    steps: () => {
        const title = (name) =>
            `.modal .o_lead_touch_log:has([name=outcome_id] button) [name=lead_title]:contains(${name})`;
        const chosen = ".modal .o_lead_touch_preview:contains(Next step)";
        return [
            {trigger: ".o_lead_day_current:contains(First call)", run: "press l"},
            {trigger: title("First call"), run: "press 4"},
            {trigger: chosen, run: "press ctrl+enter"},
            {trigger: title("Second call"), run: "press 4"},
            {trigger: chosen, run: "press ctrl+enter"},
            {trigger: title("Third call"), run: "press Escape"},
            {trigger: "body:not(:has(.modal)) .o_lead_day_done:contains(2 of 3)"},
            {
                content: "the line has the focus again",
                trigger: ".o_lead_day_current:contains(Third call):focus",
            },
        ];
    },
});

/** Somebody calls: the lead is open after one click, or none, and the number. */
tours.add("lead_management_find", {
    steps: () => [
        {trigger: ".o_lead_my_day"},
        {content: "from the top bar", trigger: "body", run: () => clicks.listen()},
        {trigger: ".o_lead_find", run: "click"},
        {trigger: ".o_command_palette input", run: "edit 470 12 34 56"},
        {
            trigger: ".o_command.focused .o_lead_found:contains(Caller)",
            run: "press Enter",
        },
        {trigger: ".o_form_view .o_breadcrumb:contains(Caller)", run: () => clicks.expect(1)},
        {content: "and with Ctrl+K", trigger: "body", run: "press ctrl+k"},
        {trigger: ".o_command_palette input", run: "edit Other Person"},
        {
            trigger: ".o_command .o_lead_found:contains(Another one)",
            run: "click",
        },
        {trigger: ".o_form_view .o_breadcrumb:contains(Another one)"},
        {content: "and from the pipeline", trigger: "body", run: "press ctrl+k"},
        {trigger: ".o_command_palette input", run: "edit /Lead Pipeline"},
        {trigger: ".o_command:contains(Lead Pipeline)", run: "click"},
        {trigger: ".o_kanban_view .o_searchview_input", run: "edit +32 470 123 456"},
        {trigger: ".o_searchview_autocomplete", run: "press Enter"},
        {trigger: ".o_kanban_record:contains(Caller)"},
        {trigger: ".o_kanban_view:not(:has(.o_kanban_record:contains(Another one)))"},
    ],
});

/** Won from the day, with its amount, and not after all. */
tours.add("lead_management_my_day_won", {
    steps: () => [
        {trigger: LINE("Big deal")},
        {content: "won", trigger: "body", run: () => clicks.listen()},
        {trigger: `${LINE("Big deal")} .o_lead_day_others`, run: "click"},
        {trigger: ".o_lead_day_win", run: "click"},
        {trigger: ".modal [name=expected_revenue] input", run: "edit 1200"},
        {trigger: ".modal footer button[name=action_apply]", run: "click"},
        {trigger: ".o_lead_toast:contains(Big deal)", run: () => clicks.expect(3)},
        {trigger: GONE("Big deal")},
        {content: "undone by the button", trigger: ".o_lead_undo", run: "click"},
        {trigger: LINE("Big deal")},
    ],
});

/** What the database says of the leads that what is on the screen is about. */
function read(names, fields) {
    return rpc("/web/dataset/call_kw/crm.lead/search_read", {
        model: "crm.lead",
        method: "search_read",
        args: [[["name", "in", names]], fields],
        kwargs: {context: {active_test: false}},
    });
}

async function expectSent(names) {
    const leads = await read(names, ["lead_message_ids"]);
    const numbers = leads.map((lead) => lead.lead_message_ids.length);
    if (numbers.length !== names.length || numbers.some((number) => number !== 1)) {
        throw new Error(`${names} got ${numbers} messages, not one each`);
    }
}

async function expectActive(names, expected) {
    for (const {name, active} of await read(names, ["name", "active"])) {
        if (active !== expected) {
            throw new Error(`${name} is ${active ? "" : "not "}active`);
        }
    }
}

/**
 * A template goes to a selection with two clicks, or from a lead; what was archived comes
 * back; a lead is won from its form with two clicks.
 */
tours.add("lead_management_day_clicks", {
    steps: () => [
        {trigger: ".o_kanban_record:contains(Big deal)"},
        {trigger: ".o_switch_view.o_list", run: "click"},
        {
            trigger: ".o_list_view .o_data_row:contains(Ann) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Bob) .o_list_record_selector input",
            run: "click",
        },
        {trigger: "button[name=action_send_message]:visible", run: () => clicks.listen()},
        {trigger: "button[name=action_send_message]:visible", run: "click"},
        {trigger: ".modal footer button[name=action_send]:visible", run: "click"},
        {
            content: "a template to a selection",
            trigger: "body:not(:has(.modal))",
            async run() {
                clicks.expect(2);
                await expectSent(["Ann", "Bob"]);
            },
        },
        {trigger: ".o_list_view .o_data_row:contains(Cleo) td[name=name]", run: "click"},
        {
            trigger: ".o_form_view .o_lead_header button[name=action_send_message]",
            run: () => clicks.listen(),
        },
        {
            trigger: ".o_form_view .o_lead_header button[name=action_send_message]",
            run: "click",
        },
        {trigger: ".modal footer button[name=action_send]:visible", run: "click"},
        {
            content: "a template from a lead",
            trigger: "body:not(:has(.modal))",
            async run() {
                clicks.expect(2);
                await expectSent(["Cleo"]);
            },
        },
        {trigger: ".o_cp_action_menus button", run: "click"},
        {trigger: ".o-dropdown--menu .dropdown-item:contains(Archive)", run: "click"},
        {trigger: ".modal footer .btn-primary:contains(Archive)", run: "click"},
        {
            content: "archived, with a way back",
            trigger: "body:not(:has(.modal)) .o_lead_toast:contains(Leads archived: 1)",
            run: () => expectActive(["Cleo"], false),
        },
        {trigger: ".o_lead_undo", run: "click"},
        {
            content: "as if it never was",
            trigger: ".o_notification:contains(Undone)",
            run: () => expectActive(["Cleo"], true),
        },
        {trigger: ".breadcrumb a:contains(Lead Pipeline), .o_back_button", run: "click"},
        {trigger: ".o_list_view .o_data_row:contains(Big deal) td[name=name]", run: "click"},
        {trigger: ".o_form_view button[name=action_win]", run: () => clicks.listen()},
        {trigger: ".o_form_view button[name=action_win]", run: "click"},
        {trigger: ".modal [name=expected_revenue] input", run: "edit 1200"},
        {trigger: ".modal footer button[name=action_apply]", run: "click"},
        {content: "won, with its amount", trigger: ".o_lead_toast", run: () => clicks.expect(2)},
    ],
});
