import {registry} from "@web/core/registry";

const ROW = (text) => `.o_lead_timeline_row:contains(${text})`;

/** The story of a lead, as whoever may read the lead reads it. */
registry.category("web_tour.tours").add("lead_management_timeline", {
    steps: () => [
        {trigger: ".o_notebook_headers [name=timeline]", run: "click"},
        {content: "what is planned is on top", trigger: ROW("Ask for the date")},
        {content: "what was said", trigger: ROW("Wants a trial")},
        {
            content: "a move, in color and words",
            trigger: ".o_lead_timeline_move:contains(Qualified)",
        },
        {content: "what the lead wrote", trigger: ROW("Can you match")},
        {trigger: ".o_lead_timeline_chip[name=document]:contains(1)", run: "click"},
        {trigger: ".o_lead_timeline:not(:has(.o_lead_timeline_move))"},
        {trigger: `${ROW("offer.txt")} a[href*=download]`},
        {trigger: ".o_lead_timeline button[aria-label=Search]", run: "click"},
        {trigger: ".o_lead_timeline input[type=search]", run: "edit nowhere"},
        {trigger: ".o_lead_timeline button:contains(Clear the filter)", run: "click"},
        {trigger: ROW("Wants a trial")},
        {trigger: ".o_lead_timeline input[name=milestones]", run: "click"},
        {trigger: ".o_lead_timeline:not(:contains(Wants a trial))"},
        {trigger: `${ROW("Created")} .o_lead_timeline_icon[aria-label=Created]`},
        {trigger: ".o_lead_timeline input[name=milestones]", run: "click"},
        {
            content: "a row opens what it is about",
            trigger: `${ROW("Call: Reached")} .o_lead_timeline_open`,
            run: "click",
        },
        {trigger: ".modal .o_form_view [name=outcome_id]:contains(Reached)"},
        {trigger: ".modal-header .btn-close", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {trigger: ".o_lead_timeline_dossier", run: "click"},
        {trigger: ".o-dropdown-item:contains(Excel)"},
    ],
});
