import {patch} from "@web/core/utils/patch";
import {Record} from "@web/model/relational_model/record";
import {GATE_ERROR, StageGateDialog} from "@lead_management/stage_gate/stage_gate_dialog";

/**
 * A lead that cannot enter a stage stays where it was; all other changes are saved, so
 * that nothing entered is lost while the dialog asks for what is missing. A new lead is
 * created where leads start.
 */
patch(Record.prototype, {
    async _save(options = {}) {
        if (this.resModel !== "crm.lead") {
            return super._save(...arguments);
        }
        const isNew = !this.resId;
        try {
            return await super._save({...options, onError: this.exceptGate(options.onError)});
        } catch (error) {
            if (error.exceptionName !== GATE_ERROR) {
                throw error;
            }
            const {context} = error.data;
            if (isNew && context.start_stage) {
                await this.startIn(context.start_stage, () => super._save(options));
                if (this.resId) {
                    const data = {context: {...context, lead_ids: [this.resId]}};
                    this.model.dialog.add(StageGateDialog, {data, isNew});
                }
                return Boolean(this.resId);
            }
            if ("stage_id" in this._changes) {
                this._applyChanges({stage_id: this._values.stage_id});
                delete this._changes.stage_id;
                await super._save({reload: true});
            }
            throw error;
        }
    },

    /** What others do about an error is not for this one, which is dealt with here. */
    exceptGate(onError) {
        return (
            onError &&
            ((error, choices) => {
                if (error.exceptionName === GATE_ERROR) {
                    throw error;
                }
                return onError(error, choices);
            })
        );
    },

    /** Save a new lead in another stage than that of the form, or of the column. */
    async startIn(stage, save) {
        const {context} = this.config;
        if ("stage_id" in this.activeFields) {
            this._applyChanges({stage_id: stage});
        }
        const elsewhere = {...context, default_stage_id: stage.id};
        this.model._updateConfig(this.config, {context: elsewhere}, {reload: false});
        try {
            await save();
        } finally {
            this.model._updateConfig(this.config, {context}, {reload: false});
        }
    },
});
