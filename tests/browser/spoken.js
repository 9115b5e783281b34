/* Visits screens and dialogs, and asks axe what shuts people out of them.
 * `leads`, `sequence` and `axe` are there; see test_spoken.py. */

// What Odoo's own components do, whichever app they stand in: rule → who is meant.
const ODOO = {
    // menus of the top bar hold buttons, and their name stands outside of a menu
    "aria-required-children": ".o_menu_sections, .o_menu_systray",
    "aria-required-parent": ".o_menu_brand, .o_searchview_facet",
    // pictures of people say their name beside them
    "image-alt": ".o-mail-Avatar img, .o_avatar img, img.o_avatar",
    // icons within links that have a name
    "role-img-alt": ".o-mail-ActivityButton i, .o_searchview i",
    "aria-command-name": ".o_searchview_facet_label",
    // the search box, tags and lists to choose from
    "aria-allowed-attr":
        ".o_searchview, .o_searchview_input, .o_searchview_facet, .o_tag, .o_input, .o-dropdown, .o_select_menu *",
    "autocomplete-valid": ".o_select_menu_input",
    // a checkbox for each line, and the columns of a list
    label: ".o_list_record_selector input, .o-checkbox input, .o_boolean_toggle input",
    "button-name": ".o_optional_columns_dropdown *, .o_datepicker_button, .o_field_html *",
    "color-contrast": ".o_priority *, .o_statusbar_status *, .o_field_html *",
};
const CHATTER = ".o-mail-Form-chatter, .o-mail-ChatterContainer, .o-mail-Chatter";

const {services} = odoo.__WOWL_DEBUG__.root.env;
const found = [];
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

async function until(selector) {
    for (let attempt = 0; attempt < 400; attempt++) {
        const element = document.querySelector(selector);
        if (element && !document.querySelector(".o_loading_indicator, .o_blockUI")) {
            await pause(400);
            return element;
        }
        await pause(50);
    }
    throw new Error(`${selector} does not appear`);
}

async function check(screen, selector) {
    await until(selector);
    // what stands behind a dialog waits
    const {violations} = await axe.run(document.querySelector(".modal") || document, {
        elementRef: true,
        preload: false,
        resultTypes: ["violations"],
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
        rules: {"label-content-name-mismatch": {enabled: false}}, // experimental
    });
    console.log(`seen: ${screen}`);
    for (const {id, impact, nodes} of violations) {
        if (!["serious", "critical"].includes(impact)) {
            continue;
        }
        for (const {element, target, html} of nodes) {
            const isOdoos = element.closest(CHATTER) || (ODOO[id] && element.matches(ODOO[id]));
            if (!isOdoos) {
                found.push(`${screen}: ${id}: ${target[0]}: ${html.slice(0, 200)}`);
            }
        }
    }
}

/** Temperature and lateness are told by an icon and a word as well, never by colour alone. */
function checkColors(screen) {
    for (const pill of document.querySelectorAll(".o_lead_score")) {
        const name = pill.getAttribute("aria-label") || pill.textContent;
        const icon = getComputedStyle(pill, "::before").content;
        if (!/Hot|Warm|Cold/.test(name) || ["none", "normal"].includes(icon)) {
            found.push(`${screen}: a score without a word or an icon: ${pill.outerHTML}`);
        }
    }
    for (const tag of document.querySelectorAll(".o_lead_tag_late, .o_lead_tag_today")) {
        if (!tag.querySelector(".fa") || !/[a-z\d]/i.test(tag.textContent)) {
            found.push(`${screen}: a day without a word or an icon: ${tag.outerHTML}`);
        }
    }
}

const open = (action, options) => services.action.doAction(action, options);
const dialog = async (method) => open(await services.orm.call("crm.lead", method, [[leads[0]]]));

async function closeDialog() {
    document.querySelector(".modal .btn-close").click();
    while (document.querySelector(".modal")) {
        await pause(50);
    }
}

async function visit() {
    await check("My Day", ".o_lead_day_line");
    checkColors("My Day");
    await open("lead_management.crm_lead_action_pipeline", {clearBreadcrumbs: true});
    await check("cards", ".o_kanban_record .o_lead_score");
    checkColors("cards");
    document.querySelector(".o_switch_view.o_list").click();
    await check("list", ".o_list_view .o_data_row");
    checkColors("list");
    await open({
        type: "ir.actions.act_window",
        res_model: "crm.lead",
        res_id: leads[0],
        views: [[false, "form"]],
    });
    await check("form", ".o_lead_front .o_lead_score");
    checkColors("form");
    for (const [tab, content] of [
        ["timeline", ".o_lead_timeline_row"],
        ["lead", ".o_field_widget[name=linkedin_url]"],
    ]) {
        document.querySelector(`.o_notebook_headers .nav-link[name=${tab}]`).click();
        await check(`tab ${tab}`, content);
    }
    for (const [method, content] of [
        ["action_log_call", ".modal .o_lead_touch_log"],
        ["action_send_message", ".modal .o_lead_send_form"],
        ["action_unqualify", ".modal [name=lost_reason_id]"],
        ["action_win", ".modal [name=expected_revenue]"],
        ["action_enroll", ".modal [name=sequence_id]"],
    ]) {
        await dialog(method);
        await check(method, content);
        await closeDialog();
    }
    for (const [action, content] of [
        ["lead_management.lead_insight_action", ".o_lead_insights"],
        ["lead_management.lead_capture_entry_action", ".o_action_manager .o_view_controller"],
    ]) {
        await open(action, {clearBreadcrumbs: true});
        await check(action, content);
    }
    await open({
        type: "ir.actions.act_window",
        res_model: "lead.sequence",
        res_id: sequence,
        views: [[false, "form"]],
    });
    await check("sequence", ".o_lead_flow_card");
}

visit().then(
    () => {
        if (found.length) {
            console.error(`Shut out:\n${found.join("\n")}`);
        } else {
            console.log("all may come in");
        }
    },
    (error) =>
        console.error(`Shut out: ${[error.data?.message || error.message, ...found].join("\n")}`),
);
