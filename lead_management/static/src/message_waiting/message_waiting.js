import {Component} from "@odoo/owl";
import {Chatter} from "@mail/chatter/web_portal/chatter";
import {Thread} from "@mail/core/common/thread_model";
import {patch} from "@web/core/utils/patch";
import {useService} from "@web/core/utils/hooks";

/**
 * A message that waits to be sent: what it says, when it goes out and why not yet.
 */
export class MessageWaiting extends Component {
    static template = "lead_management.MessageWaiting";
    static props = {message: Object};

    setup() {
        this.action = useService("action");
    }

    open() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "lead.message",
            res_id: this.props.message.id,
            views: [[false, "form"]],
        });
    }
}

Object.assign(Chatter.components, {MessageWaiting});

patch(Thread.prototype, {
    setup() {
        super.setup(...arguments);
        this.leadMessagesWaiting = [];
    },
});
