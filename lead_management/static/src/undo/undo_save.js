import {patch} from "@web/core/utils/patch";
import {DynamicList} from "@web/model/relational_model/dynamic_list";
import {Record} from "@web/model/relational_model/record";
import {offerUndo} from "@lead_management/undo/undo";

/** Offer to undo what was just saved, if the server has kept it. */
async function offerLast(env) {
    const {orm} = env.services;
    const found = await orm.silent.call("lead.undo", "action_take_last", []);
    if (found) {
        offerUndo(env, found);
    }
}

const archive = (state) => (state ? "action_archive_selected" : "action_unarchive_selected");

patch(Record.prototype, {
    async _toggleArchive(state) {
        if (this.resModel !== "crm.lead") {
            return super._toggleArchive(...arguments);
        }
        const {action, orm} = this.model;
        const found = await orm.call("crm.lead", archive(state), [[this.resId]], {
            context: this.context,
        });
        return action.doAction(found, {onClose: () => this._load()});
    },
    async _save() {
        const isMove =
            this.resModel === "crm.lead" && Boolean(this.resId) && "stage_id" in this._changes;
        const saved = await super._save(...arguments);
        if (isMove && saved) {
            offerLast(this.model.env);
        }
        return saved;
    },
});

patch(DynamicList.prototype, {
    async _toggleArchive(isSelected, state) {
        const {action, activeIdsLimit, orm} = this.model;
        const resIds = this.resModel === "crm.lead" ? await this.getResIds(isSelected) : [];
        // of more than can be chosen at once, Odoo says how many it took
        if (!resIds.length || resIds.length >= activeIdsLimit) {
            return super._toggleArchive(...arguments);
        }
        const found = await orm.call("crm.lead", archive(state), [resIds], {
            context: this.context,
        });
        return action.doAction(found, {onClose: () => this.model.load()});
    },
    async _multiSave() {
        const saved = await super._multiSave(...arguments);
        if (saved && this.resModel === "crm.lead") {
            offerLast(this.model.env);
        }
        return saved;
    },
});
