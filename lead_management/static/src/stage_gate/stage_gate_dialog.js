import {Component, onWillStart, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Record} from "@web/model/record";
import {Field} from "@web/views/fields/field";
import {Question} from "@lead_management/qualification/question";

export const GATE_ERROR = "odoo.addons.lead_management.exceptions.StageGateError";

/**
 * Shown when leads cannot enter a stage: asks for what is missing and goes on with the
 * move, lead by lead. A manager may go on without, and says why. For leads that could
 * not be created it says what is missing.
 */
export class StageGateDialog extends Component {
    static template = "lead_management.StageGateDialog";
    static components = {Dialog, Field, Question, Record};
    static props = {close: Function, data: Object, "*": true};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const {stage_id, lead_ids} = this.props.data.context;
        this.stageId = stage_id;
        this.leadIds = lead_ids;
        this.state = useState({
            index: 0,
            info: null,
            answers: {},
            busy: false,
            overriding: false,
            reason: "",
            problem: "",
        });
        this.record = null;
        this.hooks = {
            onRootLoaded: (record) => {
                this.record = record;
            },
        };
        onWillStart(() => this.loadInfo());
    }

    async loadInfo() {
        this.record = null;
        if (!this.leadIds.length) {
            return;
        }
        const info = await this.orm.call("crm.lead", "action_gate_info", [
            [this.leadId],
            this.stageId,
        ]);
        Object.assign(this.state, {info, answers: {}, problem: ""});
    }

    // -- what is shown --------------------------------------------------------

    get leadId() {
        return this.leadIds[this.state.index];
    }

    get title() {
        return this.state.info
            ? _t("Move to “%s”", this.state.info.stage)
            : _t("Missing Information");
    }

    get position() {
        return _t("Lead %(number)s of %(total)s", {
            number: this.state.index + 1,
            total: this.leadIds.length,
        });
    }

    get questions() {
        return this.state.info.items.filter((item) => item.question);
    }

    get fieldItems() {
        return this.state.info.items.filter((item) => item.field);
    }

    /** What nobody can fill in here: a check, say. */
    get otherItems() {
        return this.state.info.items.filter((item) => !item.field && !item.question);
    }

    get fieldNames() {
        // amounts are shown in their currency
        return [...this.fieldItems.map((item) => item.field), "company_currency"];
    }

    /** The question as answered here so far. */
    current(item) {
        const value = this.state.answers[item.question.id];
        const answered = value !== undefined && value !== false;
        return {...item.question, value: answered ? value : null, answered};
    }

    answer(item, value) {
        this.state.answers[item.question.id] = value;
        this.state.problem = "";
    }

    // -- what it does ---------------------------------------------------------

    async goOn() {
        await this.guarded(async () => {
            const values = this.record ? await this.record.getChanges() : {};
            await this.orm.silent.call("crm.lead", "action_gate_pass", [
                [this.leadId],
                this.stageId,
                values,
                this.state.answers,
            ]);
            if (this.state.index + 1 < this.leadIds.length) {
                this.state.index += 1;
                await this.loadInfo();
            } else {
                this.done();
            }
        });
    }

    async override() {
        if (!this.state.overriding) {
            this.state.overriding = true;
            return;
        }
        await this.guarded(async () => {
            await this.orm.silent.call("crm.lead", "action_gate_override", [
                this.leadIds.slice(this.state.index),
                this.stageId,
                this.state.reason,
            ]);
            this.done();
        });
    }

    /** Tell what went wrong in the dialog, and keep what was entered. */
    async guarded(work) {
        this.state.busy = true;
        try {
            await work();
        } catch (error) {
            if (!error.data) {
                throw error;
            }
            this.state.problem = error.data.message;
        } finally {
            this.state.busy = false;
        }
    }

    cancel() {
        if (this.state.index || this.props.isNew) {
            // some leads have moved already, or this one was created elsewhere
            this.done();
        } else {
            this.props.close();
        }
    }

    done() {
        this.props.close();
        this.action.doAction({type: "ir.actions.client", tag: "soft_reload"});
    }
}

registry.category("error_dialogs").add(GATE_ERROR, StageGateDialog);
