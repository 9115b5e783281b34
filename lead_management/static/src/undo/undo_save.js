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

patch(Record.prototype, {
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
    async _multiSave() {
        const saved = await super._multiSave(...arguments);
        if (saved && this.resModel === "crm.lead") {
            offerLast(this.model.env);
        }
        return saved;
    },
});
