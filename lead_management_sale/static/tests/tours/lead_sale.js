import {registry} from "@web/core/registry";

const APART = ".o_lead_stages_apart .o_lead_stage_apart";
const IN_LINE = ".o_statusbar_status .o_arrow_button:not(.d-none)";

// those for the keyboard alone stand in a box of their own
const HEADER = ".o_lead_header > .btn";

const visible = (selector) => [...document.querySelectorAll(selector)].filter(isVisible);
const isVisible = (each) => each.offsetParent !== null && each.getBoundingClientRect().width > 2;
const texts = (found) => found.map((each) => each.textContent.trim());

function expectEqual(found, expected, what) {
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
        throw new Error(`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`);
    }
}

/** What the form of a lead shows beside *Sales*, and what its menu holds. */
function look(stage, now, others) {
    const form = `.o_form_view:has(.o_breadcrumb:contains(Sale ${stage}))`;
    return [
        {
            content: `${stage}: one solid button, and all stages`,
            trigger: form,
            run() {
                expectEqual(texts(visible(`${HEADER}.btn-primary`)), [now], stage);
                expectEqual(visible(`${IN_LINE}, ${APART}`).length, 8, `stages in ${stage}`);
            },
        },
        {trigger: `${form} .o_lead_more`, run: "click"},
        {
            content: "one way to write, and one to lose",
            trigger: ".o_lead_more_menu button",
            run() {
                const all = texts(visible(`${HEADER}, .o_lead_more_menu button`));
                for (const [name, count] of Object.entries({Send: 1, ...others})) {
                    expectEqual(all.filter((each) => each === name).length, count, name);
                }
                for (const each of ["Lost", "Email", "SMS", "Send Email", "Send SMS"]) {
                    expectEqual(all.includes(each), false, `${each} in ${stage}`);
                }
            },
        },
        {trigger: `${form} .o_lead_more`, run: "click"},
        // the newest stands first
        {trigger: `${form} .o_pager_previous`, run: "click"},
    ];
}

const OPEN = {"New Quotation": 1, Disqualify: 1};
const CLOSED = {Disqualify: 0};

/** A lead in each stage, in a company that has *Sales*. */
registry.category("web_tour.tours").add("lead_management_sale_form", {
    steps: () => [
        {trigger: ".o_main_navbar [data-menu-xmlid='crm.crm_menu_sales']", run: "click"},
        {
            trigger: ".o-dropdown--menu .dropdown-item:contains(Leads of All Stages)",
            run: "click",
        },
        {trigger: ".o_data_row:contains(Sale 1) td[name=name]", run: "click"},
        ...look("1 open", "Log Call", OPEN),
        ...look("2 contacted", "Log Call", OPEN),
        ...look("3 nurturing", "Log Call", OPEN),
        ...look("4 qualified", "Log Call", OPEN),
        ...look("5 negotiation", "Won", OPEN),
        ...look("6 customer", "Log Call", CLOSED),
        ...look("7 inactive", "Reactivate", CLOSED),
        ...look("8 unqualified", "Restore", CLOSED),
        {trigger: ".o_form_view:has(.o_breadcrumb:contains(Sale 1))"},
    ],
});
