import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

const CHANNEL = (channel) => `.modal .o_lead_choices button[data-channel=${channel}]`;
const OPEN_DIALOG = {
    content: "open the Send dialog",
    trigger: "body:not(.modal-open) button[name=action_send_message]",
    run: "click",
};
const SEND = {
    content: "send",
    trigger: ".modal footer button[name=action_send]",
    run: "click",
};

/** A rep sends an introduction by e-mail, by SMS and by WhatsApp, all from one place. */
registry.category("web_tour.tours").add("lead_management_messages", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(Tour lead)",
            run: "click",
        },
        OPEN_DIALOG,
        {
            content: "what fits the stage is there already, ready to be sent",
            trigger: ".modal .o_lead_template.active:contains(Introduce)",
        },
        {trigger: ".modal .odoo-editor-editable:contains(Hello Anna)"},
        SEND,
        {
            content: "it is on the way",
            trigger: ".o_notification:contains(is being sent)",
        },
        OPEN_DIALOG,
        {trigger: CHANNEL("sms"), run: "click"},
        {
            content: "as it looks on the phone, and how long it is",
            trigger: ".modal .o_lead_phone_bubble:contains(Hello Anna)",
        },
        {trigger: ".modal .o_lead_sms_size:contains(parts: 1)"},
        SEND,
        {trigger: "body:not(.modal-open)"},
        OPEN_DIALOG,
        {trigger: CHANNEL("whatsapp"), run: "click"},
        {
            content: "change it before it is sent",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit *Hello* Anna",
        },
        {
            content: "WhatsApp opens in another tab",
            trigger: ".modal footer button[name=action_send]:contains(Open WhatsApp)",
            run(helpers) {
                browser.open = (url) => document.body.setAttribute("data-chat", url);
                return helpers.click();
            },
        },
        {
            trigger: "body[data-chat='https://wa.me/33612345678?text=%2AHello%2A%20Anna']",
        },
        {
            content: "only the rep knows whether it was sent there",
            trigger: ".modal .o_lead_chat_sent",
            run: "click",
        },
        {trigger: ".o_notification:contains(Logged as sent)"},
        {trigger: "body:not(.modal-open) .o_form_view"},
    ],
});

/** A rep sends to several leads, looks at each, and sees who is held back. */
registry.category("web_tour.tours").add("lead_management_messages_many", {
    steps: () => [
        {trigger: "thead .o_list_record_selector input", run: "click"},
        {trigger: ".o_control_panel button[name=action_send_message]", run: "click"},
        {trigger: CHANNEL("sms"), run: "click"},
        {trigger: ".modal .o_lead_phone_bubble"},
        {
            content: "one of them has no number, and it says so",
            trigger: ".modal .o_lead_summary_held:contains(1)",
        },
        {trigger: ".modal .o_lead_summary_now:contains(1)"},
        {trigger: ".modal .o_lead_message_next", run: "click"},
        {trigger: ".modal .o_lead_message_pager:contains(2 / 2)"},
        SEND,
        {trigger: ".o_notification:contains(Blocked: 1)"},
    ],
});
