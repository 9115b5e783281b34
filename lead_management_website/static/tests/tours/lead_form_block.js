import {
    changeOptionInPopover,
    clickOnSave,
    clickOnSnippet,
    insertSnippet,
    registerWebsitePreviewTour,
} from "@website/js/tours/tour_utils";

const BLOCK = {id: "s_lead_form", name: "Lead Form", groupName: "Contact & Forms"};

/** Whoever edits the page puts a form on it, and chooses another one. */
registerWebsitePreviewTour(
    "lead_management_website_block",
    {url: "/", edition: true},
    () => [
        ...insertSnippet(BLOCK),
        {
            content: "a form is in the block at once",
            trigger: ":iframe .s_lead_form iframe[src^='/lead/form/']",
        },
        ...clickOnSnippet(BLOCK),
        ...changeOptionInPopover("Lead Form", "Web Form", "Tour roofs"),
        {
            content: "the block shows the chosen form",
            trigger:
                ".o_customize_tab [data-container-title='Lead Form'] " +
                "[data-label='Web Form'] .dropdown-toggle:contains(Tour roofs)",
        },
        ...clickOnSave(),
        {
            content: "the page has it",
            trigger: ":iframe .s_lead_form iframe[src^='/lead/form/']",
        },
    ],
);
