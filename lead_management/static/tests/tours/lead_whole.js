import {registry} from "@web/core/registry";

/** What is wider than its place: words that end in dots, or behind an edge. */
function findCut(root) {
    return [...root.querySelectorAll("*")].filter((each) => {
        const {overflowX, opacity} = getComputedStyle(each);
        return (
            each.clientWidth > 1 &&
            opacity !== "0" &&
            overflowX !== "visible" &&
            each.textContent.trim() &&
            each.scrollWidth > each.clientWidth + 1
        );
    });
}

/** Nothing in a place is cut, but for what may end in dots and says all when pointed at. */
function checkWhole(selector, mayEnd = "none") {
    for (const root of document.querySelectorAll(selector)) {
        for (const each of findCut(root)) {
            if (!each.matches(mayEnd) || !each.title) {
                const lang = document.documentElement.lang;
                throw new Error(`${lang}: "${each.textContent.trim()}" is cut (${each.className})`);
            }
        }
    }
}

/** All that a salesperson reads all day is whole, in whatever language. */
registry.category("web_tour.tours").add("lead_management_whole", {
    steps: () => [
        {
            content: "My Day: names and sentences may end in dots, times and buttons never",
            trigger: ".o_lead_day_group_answered",
            run: () =>
                checkWhole(".o_lead_my_day", ".o_lead_day_name, .o_lead_day_what .text-truncate"),
        },
        {trigger: ".o_lead_day_line:contains(Whole) .o_lead_day_name:first", run: "click"},
        {
            content: "the first screen of a lead, and all stages",
            trigger: ".o_lead_front .o_lead_score_reason",
            run() {
                checkWhole(".o_lead_front, .o_form_statusbar");
                const stages = document.querySelectorAll(
                    ".o_statusbar_status .o_arrow_button:not(.d-none), .o_lead_stage_apart",
                );
                const shown = [...stages].filter((each) => each.offsetParent);
                if (shown.length !== 8) {
                    throw new Error(`Of eight stages, ${shown.length} are shown.`);
                }
                const solid = [...document.querySelectorAll(".o_form_view button")].filter(
                    (each) =>
                        each.offsetParent &&
                        each.closest(".o_form_statusbar, .o-mail-Chatter") &&
                        getComputedStyle(each).backgroundColor ===
                            getComputedStyle(document.querySelector(".o_main_navbar"))
                                .backgroundColor,
                );
                if (solid.length !== 1) {
                    throw new Error(`${solid.length} buttons are solid, not one.`);
                }
            },
        },
        {
            content: "go to the list",
            trigger: "body",
            run: () => (window.location.href = "/odoo/lead-pipeline?view_type=list"),
            expectUnloadPage: true,
        },
        {
            content: "rows and titles of columns",
            trigger: ".o_data_row:contains(Whole)",
            run: () => checkWhole(".o_list_renderer table"),
        },
    ],
});
