import {registry} from "@web/core/registry";

const CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Tour Card\nORG:Caller Ltd\nEND:VCARD";
const QUESTIONS = "div[name=question_field_ids]";

function addQuestion(name) {
    return [
        {
            content: "add a question",
            trigger: `${QUESTIONS} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            content: "look it up",
            trigger: `${QUESTIONS} .o_selected_row div[name=qualifier_id] input`,
            run: `edit ${name}`,
        },
        {
            content: "choose it",
            trigger: `.o-autocomplete--dropdown-menu .dropdown-item:contains(${name})`,
            run: "click",
        },
    ];
}

/** A manager makes a form with two questions: in six clicks, and one to try it. */
registry.category("web_tour.tours").add("lead_management_capture_form", {
    steps: () => [
        {content: "a new source", trigger: ".o_list_button_add", run: "click"},
        {
            content: "it has a name",
            trigger: "div[name=name] input",
            run: "edit Tour form",
        },
        ...addQuestion("Tour budget"),
        ...addQuestion("Tour time"),
        {content: "save it", trigger: ".o_form_button_save", run: "click"},
        {trigger: "button[name=action_test]"},
        {
            content: "the preview shows it",
            trigger: ".o_capture_preview iframe[srcdoc*='Is there a tour budget']",
        },
        {content: "try it", trigger: "button[name=action_test]", run: "click"},
        {
            content: "see what would become of it",
            trigger: ".modal div[name=reason]:contains(Would create a lead)",
        },
        {content: "close", trigger: ".modal .btn-close", run: "click"},
        {trigger: "body:not(:has(.modal))"},
    ],
});

/** The salesperson reads what the visitor said, and where it came from. */
registry.category("web_tour.tours").add("lead_management_capture_lead", {
    steps: () => [
        {
            content: "who it is",
            trigger: ".o_form_view:contains(Claire Fontaine)",
        },
        {
            content: "it is scored, and why",
            trigger: ".o_lead_score_reason:contains(Tour budget: Yes)",
        },
        {
            content: "it is theirs",
            trigger: ".o_form_view .o_lead_owner, .o_form_view div[name=user_id]",
        },
        {
            content: "what was answered",
            trigger: ".o_lead_question:contains(Tour budget):contains(Yes)",
        },
        {
            content: "where it came from",
            trigger: ".o_notebook_headers [name=timeline]",
            run: "click",
        },
        {
            content: "the form is named",
            trigger: ".tab-pane:contains(Tour form)",
        },
    ],
});

/** A manager takes back what was taken for spam, and maps a name. */
registry.category("web_tour.tours").add("lead_management_capture_inbox", {
    steps: () => [
        {
            content: "it tells what needs somebody",
            trigger: ".o_lead_inbox_head:contains(Need you)",
        },
        {
            content: "this was no spam",
            trigger: ".o_data_row:contains(Tour spam) button:contains(Not Spam)",
            run: "click",
        },
        {trigger: ".o_data_row:contains(Tour spam):not(:contains(Suspected))"},
        {
            content: "a name nobody knows",
            trigger: ".o_data_row:contains(tour_badge) button:contains(Map Field)",
            run: "click",
        },
        {
            content: "is a phone number",
            trigger: ".modal div[name=target] input",
            run: "click",
        },
        {trigger: ".o_select_menu_item:contains(Phone)", run: "click"},
        {trigger: ".modal button[name=action_map]", run: "click"},
        {trigger: "body:not(:has(.modal))"},
    ],
});

/** A rep is called: the person is known; another one is new. */
registry.category("web_tour.tours").add("lead_management_capture_call", {
    steps: () => [
        {content: "the page is there", trigger: ".o_kanban_record:contains(Tour known)"},
        {trigger: ".o_capture_call", run: "click"},
        {trigger: "#lm_call_phone", run: "edit 0470 99 88 77"},
        {
            content: "the person is known",
            trigger: ".o_capture_known:contains(Tour known)",
        },
        {trigger: "#lm_call_phone", run: "edit +32 470 11 22 33"},
        {trigger: ".o_capture_call_form:not(:has(.o_capture_known))"},
        {
            content: "a card as their phone sends it",
            trigger: ".o_capture_card_file",
            run() {
                const card = new DataTransfer();
                card.items.add(new File([CARD], "card.vcf", {type: "text/vcard"}));
                const input = this.anchor.querySelector("input");
                input.files = card.files;
                input.dispatchEvent(new Event("change", {bubbles: true}));
            },
        },
        {
            content: "it is read into the fields",
            trigger: ".o_capture_call_form:has(#lm_call_company:value(Caller Ltd))",
        },
        {trigger: "#lm_call_name", run: "edit Tour caller"},
        {trigger: "#lm_call_need", run: "edit Two trucks"},
        {trigger: ".modal button:contains(Create Lead)", run: "click"},
        {trigger: ".o_form_view div[name=name] textarea, .o_form_view div[name=name] input"},
    ],
});
