import {registry} from "@web/core/registry";

import {clicks} from "./clicks";

/** An admin turns a sequence on, looks at what would happen, and enrolls leads. */
registry.category("web_tour.tours").add("lead_management_sequence", {
    steps: () => [
        {
            content: "open the sequence",
            trigger: ".o_data_row .o_data_cell:contains(Tour sequence)",
            run(helpers) {
                clicks.listen();
                return helpers.click();
            },
        },
        {trigger: ".o_lead_flow_card:contains(Mail 0)"},
        {
            content: "look at the next weeks",
            trigger: "button[name=action_fast_forward]",
            run: "click",
        },
        {trigger: ".modal .o_lead_story:contains(Lead 0)"},
        {trigger: ".modal footer button:contains(Close)", run: "click"},
        {
            content: "turn it on",
            trigger: "body:not(.modal-open) button[name=action_switch_on]",
            run: "click",
        },
        {
            content: "enroll those who meet the condition",
            trigger: "button[name=action_enroll]",
            run: "click",
        },
        {trigger: ".modal .o_lead_enroll:contains(will be enrolled)"},
        {
            content: "one of them is left out",
            trigger: ".modal tr:contains(Lead 1) input:checked",
            run: "click",
        },
        {trigger: ".modal tr:contains(Lead 1) input:not(:checked)"},
        {trigger: ".modal footer button[name=action_enroll]", run: "click"},
        {trigger: ".o_notification:contains(Enrolled)"},
        {
            content: "so few clicks that it takes a minute",
            trigger: "body:not(.modal-open) .o_lead_flow",
            run: () => clicks.expect(5),
        },
    ],
});

/** Press a key on a card, as somebody does who has come to it by the keyboard. */
function press(anchor, key, altKey = false) {
    anchor.focus();
    const options = {key, altKey, bubbles: true, cancelable: true};
    anchor.dispatchEvent(new KeyboardEvent("keydown", options));
}

/** A manager adds a step, moves it by the keyboard and deletes it again. */
registry.category("web_tour.tours").add("lead_management_sequence_steps", {
    steps: () => [
        {
            trigger: ".o_data_row .o_data_cell:contains(Tour draft)",
            run: "click",
        },
        {
            content: "below the first step",
            trigger: ".o_lead_flow_plus:eq(1) button",
            run: "click",
        },
        {trigger: ".o-dropdown--menu .dropdown-item:contains(Task)", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=summary] input",
            run: "edit Call them",
        },
        {trigger: ".modal .o_form_button_save", run: "click"},
        {
            content: "it is the second one",
            trigger: "body:not(.modal-open) .o_lead_flow_card:eq(1):contains(Call them)",
            run() {
                press(this.anchor, "ArrowUp", true);
            },
        },
        {
            content: "and now the first",
            trigger: ".o_lead_flow_card:eq(0):contains(Call them)",
            run() {
                press(this.anchor, "Delete");
            },
        },
        {trigger: ".modal footer button:contains(Delete)", run: "click"},
        {trigger: ".o_lead_flow:not(:contains(Call them))"},
    ],
});

/** On a phone the picture is an outline that fits, and its cards open. */
registry.category("web_tour.tours").add("lead_management_sequence_phone", {
    steps: () => [
        {
            content: "nothing is wider than the screen",
            trigger: ".o_lead_flow_card:contains(Mail 0)",
            run() {
                const flow = this.anchor.closest(".o_lead_flow");
                if (flow.getBoundingClientRect().right > window.innerWidth + 1) {
                    throw new Error("the picture is cut off");
                }
            },
        },
        {trigger: ".o_lead_flow_card:contains(Mail 0)", run: "click"},
        {trigger: ".modal .o_field_widget[name=template_id]"},
    ],
});

const fact = (name) => `.o-dropdown--menu .o_lead_fact:contains(${name})`;

/** A manager writes an email: facts come from a list, not from their codes. */
registry.category("web_tour.tours").add("lead_management_facts", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour template",
        },
        {
            content: "into the subject, where the cursor is",
            trigger: ".o_field_widget[name=content_subject] input",
            run: "edit Hello",
        },
        {trigger: ".o_lead_facts", run: "click"},
        {
            content: "with what it is for a lead of theirs",
            trigger: `${fact("City")}:contains(Tourville)`,
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=content_html] .odoo-editor-editable",
            run: "editor Good day",
        },
        {trigger: ".o_lead_facts", run: "click"},
        {trigger: fact("First Name"), run: "click"},
        {trigger: ".odoo-editor-editable [t-out='object.message_first_name']"},
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved"},
    ],
});

const EDUCATION = ".o_data_row .o_data_cell:contains(Education)";

/** An admin looks at three weeks, turns the education on and enrolls 200 leads. */
registry.category("web_tour.tours").add("lead_management_sequence_weeks", {
    steps: () => [
        {
            trigger: EDUCATION,
            run(helpers) {
                clicks.listen();
                return helpers.click();
            },
        },
        {trigger: "button[name=action_fast_forward]", run: "click"},
        {
            content: "replies and opt-outs are in it",
            trigger: ".modal .o_lead_story:contains(The contact replies)",
            timeout: 60000,
        },
        {trigger: ".modal footer button:contains(Close)", run: "click"},
        {
            trigger: "body:not(.modal-open) button[name=action_switch_on]",
            run: "click",
        },
        {trigger: "button[name=action_enroll]", run: "click"},
        {
            trigger: ".modal .o_lead_enroll:contains(200 will be enrolled)",
            timeout: 60000,
        },
        {trigger: ".modal footer button[name=action_enroll]", run: "click"},
        {trigger: ".o_notification:contains(200)", timeout: 60000},
        {
            content: "on buttons; one more on the row",
            trigger: "body:not(.modal-open) .o_lead_flow",
            run: () => clicks.expect(5),
        },
    ],
});

/** Three weeks later: what came of it, in the picture, the report and one story. */
registry.category("web_tour.tours").add("lead_management_sequence_weeks_after", {
    steps: () => [
        {
            trigger: EDUCATION,
            run(helpers) {
                clicks.listen();
                return helpers.click();
            },
        },
        {
            content: "those who replied, below the step they replied to",
            trigger: ".o_lead_flow_facts:contains(12 (6%)):contains(200)",
        },
        {trigger: "button[name=action_view_report]", run: "click"},
        {
            content: "1 A/B test and 5 messages for 182 of them, one message for 18",
            trigger: ".o_pivot .o_pivot_cell_value:contains(928)",
            timeout: 60000,
        },
        {trigger: ".breadcrumb-item:contains(Education) a", run: "click"},
        {trigger: "button[name=action_view_enrollments]", run: "click"},
        {
            content: "also those who are not in it any more",
            trigger: ".o_searchview .o_facet_remove",
            run: "click",
        },
        {
            trigger: ".o_data_row .o_data_cell:contains(The contact replied)",
            run: "click",
        },
        {
            content: "what was done with one of them, and why it ended",
            trigger: ".o_form_view:contains(Stopped)",
        },
        {
            content: "with those on three rows, 12 clicks in all",
            trigger: ".o_form_view",
            run: () => clicks.expect(4),
        },
    ],
});
