import {registry} from "@web/core/registry";

const BUTTON = (name) => `.o_control_panel button:contains(${name})`;
const MESSAGES = ".o_import_data_content > div";
const GROUP = (name) => `.o_group_header:has(.o_group_name:contains(${name}))`;

/** Put a file into the import screen; the test made it an attachment of this name. */
async function upload(xmlid) {
    const response = await fetch(`/web/content/${xmlid}`);
    const files = new DataTransfer();
    files.items.add(new File([await response.blob()], "leads.csv", {type: "text/csv"}));
    const input = document.querySelector(".o_control_panel input[type=file]");
    input.files = files.files;
    input.dispatchEvent(new Event("change", {bubbles: true}));
}

const openImport = () => [
    {
        content: "the wheel beside the title",
        trigger: ".o_control_panel .o_cp_action_menus button",
        run: "click",
    },
    {content: "import records", trigger: ".o_import_menu", run: "click"},
    {content: "the import screen", trigger: "button.o_import_file"},
];

/** A manager imports a file and looks at what became of it. */
registry.category("web_tour.tours").add("lead_management_import", {
    steps: () => [
        ...openImport(),
        {
            content: "choose the file",
            trigger: ".o_control_panel .o_file_input",
            run: () => upload("lead_management_test.good_file"),
        },
        {
            content: "all columns found their field",
            trigger: ".o_import_data_content:not(:contains(To import, select a field))",
        },
        {content: "import it", trigger: BUTTON("Import"), run: "click"},
        {
            content: "back among the leads, the imported ones only",
            trigger: ".o_notification:contains(200 records successfully imported)",
            timeout: 30000,
        },
        {
            content: "the columns of the pipeline",
            trigger: ".o_kanban_group:contains(Contacted) .o_kanban_record .o_lead_score",
        },
        {
            content: "folded columns say how many",
            trigger: ".o_kanban_group.o_column_folded:contains(Unqualified):contains(47)",
        },
        {content: "as a list", trigger: ".o_switch_view.o_list", run: "click"},
        {
            content: "group",
            trigger: ".o_list_view .o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "by stage",
            trigger: ".o_group_by_menu .o_menu_item:contains(/^Stage$/)",
            run: "click",
        },
        {content: "counts", trigger: `${GROUP("Open")}:contains((10))`},
        {content: "counts", trigger: `${GROUP("Customer")}:contains((111))`},
        {content: "counts", trigger: `${GROUP("Unqualified")}:contains((47))`},
        {content: "counts", trigger: `${GROUP("Contacted")}:contains((32))`},
        {
            content: "open one of them",
            trigger: ".o_data_row:contains(GTX Plus Pro for Inity) .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "its score",
            trigger: ".o_form_view .o_lead_score_large.o_lead_score_warm:contains(Warm)",
        },
        {
            content: "and the reasons",
            trigger: ".o_lead_score_reason:contains(Interested in a product)",
        },
        {
            content: "who decided on the owner",
            trigger: ".o_lead_card_owner .o_lead_why",
            run: "click",
        },
        {trigger: ".o_lead_owner_reason:contains(next in turn)"},
        {
            content: "and the owner",
            trigger: "div[name=user_id] input",
            run({anchor}) {
                if (!anchor.value) {
                    throw new Error("This lead has no owner.");
                }
            },
        },
    ],
});

/** A file with errors, sent in parts: what is good comes in, the rest on the second go. */
registry.category("web_tour.tours").add("lead_management_import_errors", {
    steps: () => [
        ...openImport(),
        {
            content: "choose the file",
            trigger: ".o_control_panel .o_file_input",
            run: () => upload("lead_management_test.bad_file"),
        },
        {
            content: "in parts of 50 rows",
            trigger: "#o_import_batch_limit",
            run: "edit 50 && press Tab",
        },
        {content: "test it", trigger: BUTTON("Test"), run: "click"},
        {
            content: "which rows will not do",
            trigger: `${MESSAGES}:contains(The rows below cannot be imported)`,
            timeout: 30000,
        },
        {content: "import the others", trigger: BUTTON("Import"), run: "click"},
        {
            content: "what happened to the others",
            trigger: `${MESSAGES}:contains(All rows are imported except those below)`,
            timeout: 30000,
        },
        {
            content: "the two bad stages, one in the first part and one in the last",
            trigger: ".o_import_report:contains(at row 3):contains(at row 121)",
        },
        {
            content: "with the name of the lead",
            trigger: ".o_import_report:contains(Lead 119)",
        },
        {
            content: "one bad address, and what to do about it",
            trigger: ".o_import_report:contains(Row 61):contains(name@example.com)",
        },
        {
            content: "load the corrected file",
            trigger: ".o_control_panel .o_file_input",
            run: () => upload("lead_management_test.corrected_file"),
        },
        {
            content: "the messages are gone",
            trigger: ".o_import_data_content:not(:has(.o_import_report))",
        },
        {content: "import it", trigger: BUTTON("Import"), run: "click"},
        {
            content: "all rows are leads now",
            trigger: ".o_notification:contains(120 records successfully imported)",
            timeout: 30000,
        },
    ],
});
