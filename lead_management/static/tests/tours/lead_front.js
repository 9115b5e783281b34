import {rpc} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";

const FIELDS = [
    "name",
    "contact_name",
    "partner_name",
    "phone",
    "expected_revenue",
    "score_total",
    "score_reasons",
    "step_next",
    "touch_last",
    "stage_id",
    "user_id",
];

/** The leads as the database has them now. */
function readLeads() {
    return rpc("/web/dataset/call_kw/crm.lead/search_read", {
        model: "crm.lead",
        method: "search_read",
        args: [[["name", "like", "Front "]], FIELDS],
        kwargs: {context: {active_test: false}},
    });
}

function same(shown, expected, what) {
    if (shown !== expected) {
        throw new Error(`${what}: the screen says "${shown}", the database "${expected}"`);
    }
}

const text = (root, selector) => root.querySelector(selector)?.textContent.trim();
const attribute = (root, selector, name) => root.querySelector(selector)?.getAttribute(name);

/** What a card, a row or the form says of a lead, beside the database. */
function compare(root, lead, what) {
    const {step_next: step, touch_last: last} = lead;
    const tag = ".o_lead_tag[data-deadline]";
    same(attribute(root, tag, "data-deadline"), step ? step.deadline : undefined, `${what}, due`);
    if (step) {
        const days = Math.abs(step.days);
        const shown = text(root, tag);
        if (step.days < 0) {
            same(parseInt(shown, 10), days, `${what}, days overdue`);
        }
        same(
            root.querySelector(".o_lead_tag_late") !== null,
            step.days < 0,
            `${what}, whether it is overdue`,
        );
        same(text(root, ".o_lead_step_what"), step.summary, `${what}, next step`);
    }
    const score = root.querySelector(".o_lead_score");
    same(parseInt(score.textContent, 10), lead.score_total, `${what}, score`);
    if (last && !last.answered && root.querySelector("[data-date]")) {
        same(attribute(root, "[data-date]", "data-date"), last.date, `${what}, last contact`);
    }
    same(
        root.querySelector(".o_lead_tag_info") !== null,
        Boolean(last?.answered),
        `${what}, answered`,
    );
}

/** First screen, card and row of leads, each number and date beside the database. */
registry.category("web_tour.tours").add("lead_management_front", {
    steps: () => [
        {
            content: "the cards say what the database says",
            trigger: ".o_kanban_record:contains(Front late) .o_lead_tag_late",
            async run() {
                for (const lead of await readLeads()) {
                    const card = [...document.querySelectorAll(".o_kanban_record")].find(
                        (each) =>
                            text(each, ".o_lead_card_head [name=name], .o_lead_card_head span") ===
                            lead.name,
                    );
                    if (card) {
                        compare(card, lead, `card of ${lead.name}`);
                        same(text(card, ".o_lead_card_company"), lead.partner_name, "company");
                    }
                }
            },
        },
        {content: "as a list", trigger: ".o_switch_view.o_list", run: "click"},
        {
            content: "the rows say so, too, and names are whole",
            trigger: ".o_data_row:contains(Front late)",
            async run() {
                const leads = await readLeads();
                const rows = [...document.querySelectorAll(".o_data_row")];
                for (const lead of leads) {
                    const row = rows.find((each) => text(each, ".o_lead_title") === lead.name);
                    same(Boolean(row), true, `row of ${lead.name}`);
                    compare(row, lead, `row of ${lead.name}`);
                    const who = [lead.contact_name, lead.partner_name].join(" · ");
                    same(text(row, ".o_lead_title_who"), who, "person and company");
                    same(text(row, "td[name=phone]"), lead.phone, "phone");
                    same(text(row, "td[name=stage_id]"), lead.stage_id[1], "stage");
                    for (const cell of row.querySelectorAll(".o_lead_title, .o_lead_title_who")) {
                        same(cell.scrollWidth <= cell.clientWidth + 1, true, "whole");
                    }
                }
            },
        },
        {trigger: ".o_data_row:contains(Front late) .o_data_cell[name=name]", run: "click"},
        {
            content: "who, what next, how good and by when, without scrolling",
            trigger: ".o_lead_front .o_lead_step_late",
            async run() {
                const lead = (await readLeads()).find(({name}) => name === "Front late");
                const form = document.querySelector(".o_lead_front");
                compare(form, lead, "form");
                same(
                    form.querySelector("[name=contact_name] input").value,
                    lead.contact_name,
                    "contact",
                );
                same(
                    form.querySelector("[name=partner_name] input").value,
                    lead.partner_name,
                    "company",
                );
                same(form.querySelector("[name=phone] input").value, lead.phone, "phone");
                const more = parseInt(text(form, ".o_lead_score_more").replace(/\D/g, ""), 10);
                same(more, lead.score_reasons.length - 3, "more reasons");
                same(form.querySelectorAll(".o_lead_score_reason").length, 3, "reasons");
                same(form.querySelectorAll(".o_lead_missing").length, 1, "chips");
                const bottom = form.getBoundingClientRect().bottom;
                same(bottom < window.innerHeight, true, "first screen");
            },
        },
        {
            content: "one solid button of three, eight stages, four tabs of ours",
            trigger: ".o_lead_header",
            run() {
                const header = document.querySelector(".o_lead_header");
                const buttons = [...header.querySelectorAll(":scope > button")];
                same(buttons.length, 3, "buttons");
                same(
                    document.querySelectorAll(".o_form_statusbar > * > .btn-primary").length,
                    1,
                    "solid",
                );
                const stages = [
                    ...document.querySelectorAll(
                        ".o_statusbar_status .o_arrow_button:not(.d-none), .o_lead_stage_apart",
                    ),
                ].filter((stage) => stage.offsetParent);
                same(stages.length, 8, "stages");
                const tabs = [...document.querySelectorAll(".o_notebook_headers .nav-link")];
                same(
                    tabs
                        .slice(0, 4)
                        .map((tab) => tab.getAttribute("name"))
                        .join(),
                    "qualification,timeline,lead,internal_notes",
                    "tabs",
                );
                for (const each of document.querySelectorAll(
                    ".o_lead_front button, .o_lead_front a[href], .o_form_statusbar button, .o_lead_front .fa[role=img]",
                )) {
                    const name =
                        each.getAttribute("aria-label") || each.title || each.textContent.trim();
                    same(Boolean(name), true, `name of ${each.outerHTML.slice(0, 80)}`);
                }
            },
        },
        {
            content: "the others are a click away",
            trigger: ".o_lead_header > .o_lead_more",
            run: "click",
        },
        {trigger: ".o_lead_more_menu button[name=action_win]"},
        {trigger: ".o_lead_more_menu button[name=action_release_dialog]"},
        {content: "close it", trigger: ".o_lead_header > .o_lead_more", run: "click"},
        {
            content: "the other chance is explained behind the question mark",
            trigger: ".o_lead_chance_help",
            run: "click",
        },
        {trigger: ".o_lead_chances:contains(Probability):contains(Score)"},
        {trigger: ".o_notebook_headers .nav-link[name=timeline]", run: "click"},
        {
            trigger: ".o_lead_timeline_row:contains(Reached)",
        },
        {trigger: ".o_notebook_headers .nav-link[name=lead]", run: "click"},
        {
            content: "what stands on a tab is read when it is opened, and can be changed",
            trigger: ".o_field_widget[name=linkedin_url] input",
            run: "edit @front && press Tab",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved"},
    ],
});
