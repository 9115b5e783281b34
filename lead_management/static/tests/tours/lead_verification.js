import {registry} from "@web/core/registry";

const MARK = (datum, verdict) => `.o_lead_mark_${verdict}[data-datum=${datum}]`;
const STAGE = (name) =>
    `.o_statusbar_status button:contains(${name}), .o_lead_stages button:contains(${name})`;

/** A salesperson sees three marks, and corrects a slip with one click. */
registry.category("web_tour.tours").add("lead_management_verification", {
    steps: () => [
        {content: "the name is right", trigger: MARK("name", "ok")},
        {content: "the number is wrong", trigger: MARK("phone", "wrong")},
        {content: "the address is doubtful", trigger: MARK("email", "doubtful"), run: "click"},
        {content: "and why", trigger: ".o_lead_mark_popover:contains(ruth@gmail.com)"},
        {trigger: ".o_lead_mark_popover [data-offer=correct]", run: "click"},
        {content: "corrected", trigger: MARK("email", "ok")},
        {trigger: "[name=email_from] input:value(ruth@gmail.com)"},
    ],
});

/** Mail came back: all is there to see, and a correction clears all of it. */
registry.category("web_tour.tours").add("lead_management_bounce", {
    steps: () => [
        {content: "red", trigger: MARK("email", "wrong")},
        {content: "the score fell", trigger: ".o_lead_score:contains(20)"},
        {content: "a task", trigger: ".o_lead_card:contains(Find the correct details)"},
        {
            content: "how, when and until when",
            trigger: `${MARK("email", "wrong")}[title*="Returned message. Checked on"]`,
        },
        {trigger: "[name=email_from] input", run: "edit ruth@hollis.example"},
        {trigger: ".o_form_button_save", run: "click"},
        {content: "green", trigger: MARK("email", "ok")},
        {content: "the score is back", trigger: ".o_lead_score:contains(50)"},
        {content: "the task is done", trigger: ".o_lead_card:contains(No next step)"},
    ],
});

/** The stage is closed as long as there is no result. */
registry.category("web_tour.tours").add("lead_management_credit_closed", {
    steps: () => [
        {trigger: STAGE("Negotiation"), run: "click"},
        {trigger: ".modal:contains(Credit Check)"},
        {trigger: ".modal .btn-close, .modal button:contains(Discard)", run: "click"},
        {trigger: ".o_arrow_button_current:not(:contains(Negotiation))"},
    ],
});

/** A manager asks for a credit check; nothing but its state is there yet. */
registry.category("web_tour.tours").add("lead_management_credit_ask", {
    steps: () => [
        {trigger: ".o_notebook_headers [name=lead]", run: "click"},
        {trigger: ".o_lead_credit:contains(No credit check yet)"},
        {trigger: ".o_lead_credit_ask", run: "click"},
        {trigger: ".modal [name=rule_text]:contains(Invoice)"},
        {trigger: ".modal button[name=action_ask]", run: "click"},
        {trigger: ".o_lead_credit_state:contains(Waiting for Approval)"},
        {
            content: "nobody approves a check of their own",
            trigger: ".o_lead_credit:not(:has(.o_lead_credit_approve))",
        },
    ],
});

/** A second person approves it. */
registry.category("web_tour.tours").add("lead_management_credit_approve", {
    steps: () => [
        {trigger: ".o_notebook_headers [name=lead]", run: "click"},
        {trigger: ".o_lead_credit_approve", run: "click"},
        {trigger: ".o_lead_credit:not(:has(.o_lead_credit_approve))"},
    ],
});

/** The band is there, the report is not, and the stage is open. */
registry.category("web_tour.tours").add("lead_management_credit_done", {
    steps: () => [
        {trigger: ".o_notebook_headers [name=lead]", run: "click"},
        {trigger: ".o_lead_credit_band:contains(Low Risk)"},
        {trigger: ".o_lead_credit:not(:has(.o_lead_credit_report))"},
        {
            content: "nor at its address",
            trigger: ".o_lead_credit",
            run: async () => {
                for (let id = 1; id < 60; id++) {
                    const answer = await fetch(`/lead/credit/report/${id}`);
                    if (answer.status !== 404) {
                        throw new Error(`report ${id}: ${answer.status}`);
                    }
                }
            },
        },
        {trigger: ".o_lead_credit button:contains(Explain)", run: "click"},
        {trigger: ".modal .o_lead_explained:contains(They asked to pay by invoice)"},
        {trigger: ".modal footer button:contains(Close)", run: "click"},
        {trigger: STAGE("Negotiation"), run: "click"},
        {trigger: ".o_arrow_button_current:contains(Negotiation)"},
        {
            content: "saved",
            trigger: "body:not(:has(.o_form_status_indicator_buttons:not(.invisible)))",
        },
        {trigger: ".o_lead_timeline, .o_lead_credit"},
    ],
});
