import {registry} from "@web/core/registry";

const CARD = ".o_kanban_record:contains(Tour lead)";
const COLUMN = (name) => `.o_kanban_group:has(.o_column_title:contains(${name}))`;
const STATUS = (name) => `.o_statusbar_status button:contains(${name})`;
const CURRENT = (name) => `.o_statusbar_status .o_arrow_button_current:contains(${name})`;
const BEST = (text) => `.o_lead_best .o_lead_question:contains(${text})`;
const DIALOG = ".modal .o_lead_gate_dialog";
const QUESTION = (text) => `${DIALOG} .o_lead_question:contains(${text})`;

/** Put the cursor on an element, as Tab would. */
function focus({anchor}) {
    anchor.focus();
}

/** A rep qualifies a lead from nothing, with the keyboard only. */
registry.category("web_tour.tours").add("lead_management_qualify", {
    steps: () => [
        {content: "open the lead", trigger: CARD, run: "click"},
        {
            content: "nothing is answered yet",
            trigger: ".o_lead_progress:contains(0 of 4 answered)",
        },
        {
            content: "the best question comes first, and says why",
            trigger: `.o_lead_best:contains(up to +20 points) .o_lead_question:contains(Funds)`,
        },
        {trigger: `${BEST("Funds")} .o_lead_options`, run: focus},
        {
            content: "answer it with a digit",
            trigger: `${BEST("Funds")} .o_lead_options:focus`,
            run: "press 1",
        },
        {
            content: "the next one has the cursor",
            trigger: `${BEST("Timeframe")} .o_lead_options:focus`,
            run: "press 2",
        },
        {
            content: "then a number",
            trigger: `${BEST("Seats")} input:focus`,
            run: "edit 12 && press Enter",
        },
        {
            content: "then a text",
            trigger: `${BEST("Problem")} textarea:focus`,
            run: "edit Too slow && press Tab",
        },
        {
            content: "all is answered",
            trigger: ".o_lead_progress:contains(4 of 4 answered)",
        },
        {content: "no question is left", trigger: "body:not(:has(.o_lead_open))"},
        {
            content: "the answers are part of the score",
            trigger: ".o_lead_score_reason:contains(Funds: Yes)",
        },
        {content: "move it on", trigger: STATUS("Qualified"), run: "click"},
        {content: "nothing stops it", trigger: CURRENT("Qualified")},
        {content: "it is saved, without a dialog", trigger: "body:not(:has(.modal)) .o_form_saved"},
    ],
});

/** A rep is stopped by a gate in the form, answers there and goes on. */
registry.category("web_tour.tours").add("lead_management_gate", {
    steps: () => [
        {content: "open the lead", trigger: CARD, run: "click"},
        {
            content: "type something that is not saved yet",
            trigger: ".o_field_widget[name=name] textarea, .o_field_widget[name=name] input",
            run: "edit Tour lead of the fair",
        },
        {content: "move it on", trigger: STATUS("Qualified"), run: "click"},
        {content: "the dialog asks", trigger: QUESTION("Funds")},
        {
            content: "and says of which lead, by the name just typed",
            trigger: `${DIALOG}:contains(Tour lead of the fair)`,
        },
        {content: "behind it the lead stays", trigger: CURRENT("Open")},
        {
            content: "a rep does not override",
            trigger: `${DIALOG}:not(:has(.o_lead_gate_override))`,
        },
        {
            content: "without answers it does not go on",
            trigger: `${DIALOG} .o_lead_gate_go`,
            run: "click",
        },
        {
            content: "it says what is missing",
            trigger: `${DIALOG} .o_lead_gate_problem:contains(Funds, Expected Revenue)`,
        },
        {trigger: `${QUESTION("Funds")} .o_lead_options`, run: focus},
        {
            content: "answer with a digit",
            trigger: `${QUESTION("Funds")} .o_lead_options:focus`,
            run: "press 1",
        },
        {
            content: "it is chosen",
            trigger: `${QUESTION("Funds")} .o_lead_option.active:contains(Yes)`,
        },
        {
            content: "fill in the field",
            trigger: `${DIALOG} .o_field_widget[name=expected_revenue] input`,
            run: "edit 1200",
        },
        {content: "go on", trigger: `${DIALOG} .o_lead_gate_go`, run: "click"},
        {content: "it moved", trigger: `body:not(:has(.modal)) ${CURRENT("Qualified")}`},
        {
            content: "what is recommended is the one chip",
            trigger: ".o_lead_missing[title*=recommended]:contains(Phone)",
        },
        {
            content: "which leads to the field",
            trigger: ".o_lead_missing:contains(Phone)",
            run: "click",
        },
        {
            content: "the cursor is there",
            trigger: ".o_field_widget[name=phone] input:focus",
        },
    ],
});

/** In the kanban: drag, be stopped, stay; drag again, answer and go on. */
registry.category("web_tour.tours").add("lead_management_gate_kanban", {
    steps: () => [
        {
            content: "drag it",
            trigger: `${COLUMN("Open")} ${CARD}`,
            run: `drag_and_drop(${COLUMN("Qualified")} .o_kanban_header)`,
        },
        {content: "the dialog asks", trigger: QUESTION("Funds")},
        {
            content: "stay",
            trigger: `${DIALOG} button:contains(Stay)`,
            run: "click",
        },
        {
            content: "the card is where it was",
            trigger: `body:not(:has(.modal)) ${COLUMN("Open")} ${CARD}`,
        },
        {
            content: "drag it again",
            trigger: `${COLUMN("Open")} ${CARD}`,
            run: `drag_and_drop(${COLUMN("Qualified")} .o_kanban_header)`,
        },
        {
            content: "answer",
            trigger: `${QUESTION("Funds")} .o_lead_option:contains(Yes)`,
            run: "click",
        },
        {
            trigger: `${DIALOG} .o_field_widget[name=expected_revenue] input`,
            run: "edit 1200",
        },
        {content: "go on", trigger: `${DIALOG} .o_lead_gate_go`, run: "click"},
        {
            content: "the card moved",
            trigger: `body:not(:has(.modal)) ${COLUMN("Qualified")} ${CARD}`,
        },
    ],
});

/** A new lead in a column that requires something: created, then asked for it. */
registry.category("web_tour.tours").add("lead_management_gate_new", {
    steps: () => [
        {
            content: "add one to the column",
            trigger: `${COLUMN("Qualified")} .o_kanban_quick_add`,
            run: "click",
        },
        {
            trigger: ".o_kanban_quick_create .o_field_widget[name=name] input",
            run: "edit Newcomer",
        },
        {trigger: ".o_kanban_quick_create .o_kanban_add", run: "click"},
        {content: "the dialog asks", trigger: `${DIALOG}:contains(Newcomer)`},
        {trigger: `${DIALOG} button:contains(Stay)`, run: "click"},
        {
            content: "it is where leads start",
            trigger: `body:not(:has(.modal)) ${COLUMN("Open")} .o_kanban_record:contains(Newcomer)`,
        },
        {content: "as a form", trigger: ".o_switch_view.o_list", run: "click"},
        {trigger: ".o_list_button_add", run: "click"},
        {trigger: ".o_field_widget[name=name] textarea", run: "edit Formed"},
        {
            content: "a new lead right in Qualified",
            trigger: ".o_statusbar_status button:contains(Qualified)",
            run: "click",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {content: "the dialog asks", trigger: `${DIALOG}:contains(Formed)`},
        {trigger: `${QUESTION("Funds")} .o_lead_option:contains(Yes)`, run: "click"},
        {
            trigger: `${DIALOG} .o_field_widget[name=expected_revenue] input`,
            run: "edit 1200",
        },
        {content: "go on", trigger: `${DIALOG} .o_lead_gate_go`, run: "click"},
        {
            content: "it is there",
            trigger:
                "body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current:contains(Qualified)",
        },
    ],
});

/** In a list: two leads at once, one after the other in the dialog. */
registry.category("web_tour.tours").add("lead_management_gate_list", {
    steps: () => [
        {content: "as a list", trigger: ".o_switch_view.o_list", run: "click"},
        {
            content: "choose both",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "edit the stage",
            trigger: ".o_data_row:contains(Tour lead 1) .o_data_cell[name=stage_id]",
            run: "click",
        },
        {
            trigger: ".o_data_row .o_field_widget[name=stage_id] input",
            run: "edit Qualified",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Qualified)",
            run: "click",
        },
        {
            content: "for both",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {content: "the first lead", trigger: `${DIALOG}:contains(Lead 1 of 2)`},
        {
            trigger: `${QUESTION("Funds")} .o_lead_option:contains(Yes)`,
            run: "click",
        },
        {
            trigger: `${DIALOG} .o_field_widget[name=expected_revenue] input`,
            run: "edit 10",
        },
        {trigger: `${DIALOG} .o_lead_gate_go`, run: "click"},
        {content: "the second one", trigger: `${DIALOG}:contains(Lead 2 of 2)`},
        {
            trigger: `${QUESTION("Funds")} .o_lead_option:contains(No)`,
            run: "click",
        },
        {
            trigger: `${DIALOG} .o_field_widget[name=expected_revenue] input`,
            run: "edit 20",
        },
        {trigger: `${DIALOG} .o_lead_gate_go`, run: "click"},
        {
            content: "both moved",
            trigger:
                "body:not(:has(.modal)) .o_data_row:contains(Tour lead 2) .o_data_cell[name=stage_id]:contains(Qualified)",
        },
    ],
});

/** A manager goes on without, and says why. */
registry.category("web_tour.tours").add("lead_management_gate_override", {
    steps: () => [
        {content: "open the lead", trigger: CARD, run: "click"},
        {content: "move it on", trigger: STATUS("Qualified"), run: "click"},
        {
            content: "go on without",
            trigger: `${DIALOG} .o_lead_gate_override`,
            run: "click",
        },
        {
            content: "a reason must be given",
            trigger: `${DIALOG}:has(.o_lead_gate_reason):has(.o_lead_gate_override:disabled)`,
        },
        {
            trigger: `${DIALOG} .o_lead_gate_reason`,
            run: "edit The chairman knows them",
        },
        {
            trigger: `${DIALOG} .o_lead_gate_override:enabled`,
            run: "click",
        },
        {content: "it moved", trigger: `body:not(:has(.modal)) ${CURRENT("Qualified")}`},
        {
            content: "the reason is in the history",
            trigger: ".o-mail-Message:contains(The chairman knows them)",
        },
        {
            content: "and the form says what is still missing",
            trigger: ".o_lead_missing.o_lead_missing_required:contains(Funds)",
        },
    ],
});

/** A manager writes a question of her own, and a rep finds it in the list. */
registry.category("web_tour.tours").add("lead_management_question", {
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        {trigger: ".o_field_widget[name=name] input", run: "edit Colour"},
        {
            content: "add an answer",
            trigger: ".o_field_widget[name=option_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=option_ids] .o_field_widget[name=name] input",
            run: "edit Blue",
        },
        {
            trigger: ".o_field_widget[name=option_ids] .o_field_widget[name=points] input",
            run: "edit 7",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved"},
    ],
});

/** What is missing is a click away, also in another tab. */
registry.category("web_tour.tours").add("lead_management_profile", {
    steps: () => [
        {content: "open the lead", trigger: CARD, run: "click"},
        {
            content: "how complete it is",
            trigger: ".o_notebook_headers .nav-link[name=lead]",
            run: "click",
        },
        {trigger: ".o_lead_profile:contains(25 %)"},
        {trigger: ".o_notebook_headers .nav-link[name=qualification]", run: "click"},
        {
            content: "all that is missing",
            trigger: ".o_lead_missing_more",
            run: "click",
        },
        {
            content: "ask for what hides in a tab",
            trigger: ".o_lead_missing_menu .o-dropdown-item:contains(LinkedIn)",
            run: "click",
        },
        {
            content: "the cursor is there",
            trigger: ".o_field_widget[name=linkedin_url] input:focus",
            run: "edit @annlee && press Tab",
        },
        {content: "save", trigger: ".o_form_button_save", run: "click"},
        {
            content: "one less is missing",
            trigger: ".o_lead_profile:contains(50 %)",
        },
        {
            content: "a question is found as well",
            trigger: ".o_lead_missing:contains(Funds)",
            run: "click",
        },
        {
            trigger: ".o_lead_question:contains(Funds) .o_lead_options:focus",
            run: "press 1",
        },
        {
            content: "and answered",
            trigger: ".o_lead_missing_row:not(:contains(Funds))",
        },
        {trigger: ".o_notebook_headers .nav-link[name=lead]", run: "click"},
        {trigger: ".o_lead_profile:contains(75 %)"},
    ],
});
