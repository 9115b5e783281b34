import {registry} from "@web/core/registry";
import {clicks} from "@lead_management/../tests/tours/clicks";
import {say} from "@lead_management/../tests/tours/notes";

const OUTCOME = (name) => `.modal .o_lead_touch_log [name=outcome_id] button:contains(${name})`;
const SAVE = ".modal-footer button[name=action_log]:visible";
const CLOSED = "body:not(:has(.modal))";

const start = (content) => ({content, trigger: "body", run: () => clicks.listen()});
const took = (number) => ({
    content: `that took ${number} clicks`,
    trigger: CLOSED,
    run: () => clicks.expect(number),
});

/** A rep logs a call with three clicks: from the pipeline, and from the lead. */
registry.category("web_tour.tours").add("lead_management_log_call", {
    steps: () => [
        {trigger: ".o_kanban_record:contains(Tour lead)"},
        start("from the card"),
        {
            trigger: ".o_kanban_record:contains(Tour lead) .o_lead_log_call",
            run: "click",
        },
        {
            content: "what was planned, and why",
            trigger: ".modal .o_lead_touch_before:contains(Ask for the budget)",
        },
        {trigger: OUTCOME("Reached"), run: "click"},
        {
            content: "nothing is saved without a word on what was said",
            trigger: ".modal .o_lead_touch_note.o_required_modifier textarea",
        },
        say("Wants to see it"),
        {
            content: "a next step is proposed",
            trigger: ".modal [name=activity_type_id] button[aria-pressed=true]:contains(Call)",
        },
        {trigger: SAVE, run: "click"},
        took(3),
        {
            content: "the lead has moved",
            trigger: ".o_kanban_group:contains(Contacted) .o_kanban_record:contains(Tour lead)",
            run: "click",
        },
        {trigger: ".o_form_view button[name=action_log_call]"},
        start("from the lead"),
        {trigger: ".o_form_view button[name=action_log_call]", run: "click"},
        {trigger: OUTCOME("No answer"), run: "click"},
        {trigger: ".modal [name=next_summary] input:value(Try again)"},
        {trigger: SAVE, run: "click"},
        took(3),
        {
            content: "the chatter tells it",
            trigger: ".o-mail-Message:contains(No answer)",
        },
        {
            content: "and what comes next",
            trigger: ".o-mail-Activity:contains(Try again)",
        },
        {
            content: "done is done with an outcome",
            trigger: ".o-mail-Activity:contains(Try again) .o-mail-Activity-markDone",
            run: "click",
        },
        {trigger: OUTCOME("Not interested"), run: "click"},
        say("Has another supplier"),
        {
            content: "nothing needs to follow",
            trigger: ".modal [name=stage_id] input:value(Unqualified)",
        },
        {trigger: SAVE, run: "click"},
        {
            content: "why is asked as Unqualify does, and the way back is open",
            trigger: ".modal .modal-footer button[name=action_back]",
        },
        {
            trigger: ".modal [name=lost_reason_id] .o_selection_badge:contains(No budget)",
            run: "click",
        },
        {trigger: ".modal .modal-footer button[name=action_apply]", run: "click"},
        {
            content: "what was done can be undone",
            trigger: ".o_lead_toast:contains(Logged) .o_lead_undo",
        },
        {trigger: `${CLOSED} .o_form_view .o_lead_stage_apart.active:contains(Unqualified)`},
        {trigger: ".o-mail-Message:contains(Not interested)"},
    ],
});

/** A rep logs what came of a meeting where he looks at it: in his calendar. */
registry.category("web_tour.tours").add("lead_management_log_meeting", {
    steps: () => [
        {trigger: ".fc-event:contains(With a colleague)", run: "click"},
        {
            content: "nothing to log: it is with no lead",
            trigger: ".o_cw_popover:contains(With a colleague):not(:has(.o_lead_log_outcome))",
        },
        {trigger: ".fc-event:contains(Demonstration)"},
        start("from the calendar"),
        {trigger: ".fc-event:contains(Demonstration)", run: "click"},
        {trigger: ".o_cw_popover .o_lead_log_outcome", run: "click"},
        {trigger: OUTCOME("Held"), run: "click"},
        say("Liked it"),
        {trigger: SAVE, run: "click"},
        took(4),
        {trigger: ".fc-event:contains(Demonstration)"},
    ],
});
