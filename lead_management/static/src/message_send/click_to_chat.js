import {Component, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/**
 * WhatsApp is open in another tab: only the rep knows whether the text was sent there.
 */
export class ClickToChatDialog extends Component {
    static template = "lead_management.ClickToChatDialog";
    static components = {Dialog};
    static props = {
        params: Object,
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

async function clickToChat(env, {params}) {
    const {dialog, action, orm} = {
        dialog: env.services.dialog,
        action: env.services.action,
        orm: env.services.orm,
    };
    browser.open(params.url, "_blank", "noopener");
    dialog.add(ClickToChatDialog, {
        params,
        onConfirm: async () => {
            const next = await orm.call("lead.message.send", "action_confirm_sent", [
                [params.dialog_id],
                params.lead_id,
            ]);
            await action.doAction(next);
        },
    });
}

registry.category("actions").add("lead_management.click_to_chat", clickToChat);
