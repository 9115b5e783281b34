import {registry} from "@web/core/registry";

const MARK = (datum, verdict) => `.o_lead_mark_${verdict}[data-datum=${datum}]`;

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

/** A salesperson asks for a credit check; nothing but its state is there yet. */
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
            trigger:
                ".o_statusbar_status button:contains(Negotiation), .o_lead_stages button:contains(Negotiation)",
            run: "click",
        },
        {trigger: ".o_arrow_button_current:contains(Negotiation)"},
        {
            content: "saved",
            trigger: "body:not(:has(.o_form_status_indicator_buttons:not(.invisible)))",
        },
        {trigger: ".o_lead_timeline, .o_lead_credit"},
    ],
});
