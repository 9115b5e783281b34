import {patch} from "@web/core/utils/patch";
import {Record} from "@web/model/relational_model/record";
import {GATE_ERROR} from "@lead_management/stage_gate/stage_gate_dialog";

/**
 * A lead that cannot enter a stage stays where it was; all other changes are saved, so
 * that nothing entered is lost while the dialog asks for what is missing.
 */
patch(Record.prototype, {
    async _save() {
        try {
            return await super._save(...arguments);
        } catch (error) {
            if (
                this.resModel === "crm.lead" &&
                error.exceptionName === GATE_ERROR &&
                "stage_id" in this._changes
            ) {
                this._applyChanges({stage_id: this._values.stage_id});
                delete this._changes.stage_id;
                await super._save({reload: true});
            }
            throw error;
        }
    },
});
