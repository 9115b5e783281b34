import {registry} from "@web/core/registry";
import {StageGateDialog} from "@lead_management/stage_gate/stage_gate_dialog";

/** Ask for what a stage requires, after what was done besides the move is saved. */
function askForStage(env, action) {
    env.services.dialog.add(StageGateDialog, {data: {context: action.params}});
    return {type: "ir.actions.act_window_close"};
}

registry.category("actions").add("lead_stage_gate", askForStage);
