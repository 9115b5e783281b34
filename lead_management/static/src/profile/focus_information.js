const INPUT = "input, textarea, select, [contenteditable=true], button, [tabindex='0']";
// frames, about five seconds
const PATIENCE = 300;

const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve()));
/** Wait until a tab is shown: what stands on it may have to be read before. */
async function waitFor(tab) {
    for (let frames = 0; frames < PATIENCE && !tab.classList.contains("active"); frames++) {
        await frame();
    }
}

const isShown = (element) => element && element.offsetParent !== null;

function findShown(form, selector) {
    return [...form.querySelectorAll(selector)].find(isShown);
}

/**
 * Bring the place where an information is filled in to the eyes, and the cursor to it.
 * The pages of a notebook are looked through until it is found.
 *
 * @param {HTMLElement} element anything in the form
 * @param {{field?: string, qualifier?: number}} information
 */
export async function focusInformation(element, {field, qualifier}) {
    const form = element.closest(".o_form_view");
    const selector = qualifier
        ? `[data-question="${qualifier}"]`
        : `.o_field_widget[name="${field}"]:not(.o_readonly_modifier)`;
    let target = findShown(form, selector);
    const tabs = [...form.querySelectorAll(".o_notebook_headers .nav-link")];
    const before = tabs.find((tab) => tab.classList.contains("active"));
    for (const tab of tabs) {
        if (target) {
            break;
        }
        tab.click();
        await waitFor(tab);
        await frame();
        await frame();
        target = findShown(form, selector);
    }
    if (!target) {
        before?.click();
        return;
    }
    target.scrollIntoView({block: "center", behavior: "smooth"});
    const input = target.matches(INPUT) ? target : target.querySelector(INPUT);
    input?.focus({preventScroll: true});
    target.classList.add("o_lead_asked");
    setTimeout(() => target.classList.remove("o_lead_asked"), 1500);
}
