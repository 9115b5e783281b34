import {Activity} from "@mail/core/web/activity";
import {ActivityListPopoverItem} from "@mail/core/web/activity_list_popover_item";
import {patch} from "@web/core/utils/patch";

const CATEGORIES = ["phonecall", "meeting"];

/** Whether an activity is done with an outcome: a call or a meeting with a lead. */
export function isTouch(activity) {
    return activity.res_model === "crm.lead" && CATEGORIES.includes(activity.activity_category);
}

/** Open the dialog that logs the outcome of an activity; resolves when it is closed. */
export async function logTouch(services, activity) {
    const action = await services.orm.call("mail.activity", "action_log_touch", [[activity.id]]);
    await new Promise((resolve) => services.action.doAction(action, {onClose: resolve}));
}

patch(Activity.prototype, {
    async onClickMarkAsDone() {
        if (!isTouch(this.props.activity)) {
            return super.onClickMarkAsDone(...arguments);
        }
        const {thread} = this;
        const {onActivityChanged, reloadParentView} = this.props;
        await logTouch(this.env.services, this.props.activity);
        await thread.fetchNewMessages();
        onActivityChanged(thread);
        // the stage may have moved
        await reloadParentView?.();
    },
});

patch(ActivityListPopoverItem.prototype, {
    async onClickMarkAsDone() {
        if (!isTouch(this.props.activity)) {
            return super.onClickMarkAsDone(...arguments);
        }
        const {activity, onActivityChanged, onClickEditActivityButton} = this.props;
        const {services} = this.env;
        onClickEditActivityButton?.(); // closes the popover, and with it this item
        await logTouch(services, activity);
        onActivityChanged?.();
        // the lead may have moved to another column
        await services.action.doAction({type: "ir.actions.client", tag: "soft_reload"});
    },
});
