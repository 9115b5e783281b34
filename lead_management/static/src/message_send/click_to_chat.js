import {Component, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {isId} from "@lead_management/action_params/action_params";

const WHATSAPP = "https://wa.me";

/**
 * WhatsApp is open in another tab: only the rep knows whether the text was sent there.
 */
export class ClickToChatDialog extends Component {
    static template = "lead_management.ClickToChatDialog";
    static components = {Dialog};
    static props = {
        chat: Object,
        onConfirm: Function,
        close: Function,
    };

    setup() {
        this.state = useState({isBusy: false});
        this.notification = useService("notification");
    }

    get title() {
        return _t("Did you send it?");
    }

    async confirm() {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            await this.props.onConfirm();
        } catch (error) {
            this.state.isBusy = false;
            throw error;
        }
        this.notification.add(_t("Logged as sent by WhatsApp."), {type: "success"});
        this.props.close();
    }
}

/** The only address a chat is opened at. */
function isWhatsapp(url) {
    return URL.canParse(url) && new URL(url).origin === WHATSAPP;
}

/**
 * Open a chat, and ask whether the text was sent. What is opened, shown and logged is
 * what the server says of a dialog of this user; of the parameters, only ids count.
 */
export async function clickToChat(env, {params}) {
    const {dialog_id: dialogId, lead_id: leadId} = params || {};
    if (!isId(dialogId) || !isId(leadId)) {
        return {type: "ir.actions.act_window_close"};
    }
    const {action, dialog, orm} = env.services;
    const call = (method) => orm.call("lead.message.send", method, [[dialogId], leadId]);
    const chat = await call("action_get_chat");
    if (!isWhatsapp(chat.url)) {
        throw new Error(`This is no address of WhatsApp: ${chat.url}`);
    }
    browser.open(chat.url, "_blank", "noopener");
    dialog.add(ClickToChatDialog, {
        chat,
        onConfirm: async () => action.doAction(await call("action_confirm_sent")),
    });
}

registry.category("actions").add("lead_management.click_to_chat", clickToChat);
