import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/**
 * Say what was done, with a button that undoes it (see `lead.undo` on the server).
 *
 * @param {Object} env with the services
 * @param {Object} options
 * @param {number} options.undo_id what the server gave
 * @param {string} options.message a sentence
 * @param {Function} [options.onUndone] shows what is there again; by default, the
 *  screen is loaded again
 */
export function offerUndo(env, {undo_id, message, onUndone}) {
    const {action, lead_day_badge: badge, lead_undo_toast: toast, notification, orm} = env.services;
    badge.refresh();
    toast.show(String(message), async () => {
        try {
            await orm.silent.call("lead.undo", "action_undo", [[undo_id]]);
        } catch (error) {
            if (!error.data) {
                throw error;
            }
            notification.add(error.data.message, {type: "warning"});
            return;
        }
        notification.add(_t("Undone."), {type: "success"});
        badge.refresh();
        const again = onUndone || screen.onUndone;
        if (again) {
            await again();
        } else {
            await action.doAction({type: "ir.actions.client", tag: "soft_reload"});
        }
    });
}

/** What the screen in sight does once something was undone, if it has its own way. */
export const screen = {onUndone: null};

/** What is asked for may come from the address bar: a number and a plain text only. */
function leadUndo(env, {params}) {
    const {undo_id, message, is_next} = params || {};
    if (Number.isInteger(undo_id) && message) {
        offerUndo(env, {undo_id, message});
    }
    return {
        type: "ir.actions.act_window_close",
        infos: {lead_next: Boolean(is_next)},
    };
}

registry.category("actions").add("lead_undo", leadUndo);
