import {registry} from "@web/core/registry";
import {isId} from "@lead_management/action_params/action_params";
import {StageGateDialog} from "@lead_management/stage_gate/stage_gate_dialog";

/** Ask for what a stage requires, after what was done besides the move is saved. */
export function askForStage(env, {params}) {
    const {stage_id: stageId, lead_ids: leadIds} = params || {};
    // anything may stand in the address bar
    if (isId(stageId) && Array.isArray(leadIds) && leadIds.length && leadIds.every(isId)) {
        const context = {stage_id: stageId, lead_ids: leadIds};
        env.services.dialog.add(StageGateDialog, {data: {context}});
    }
    return {type: "ir.actions.act_window_close"};
}

registry.category("actions").add("lead_stage_gate", askForStage);
