import {Component, onWillStart, onWillUpdateProps, useRef, useState} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {FormViewDialog} from "@web/views/view_dialogs/form_view_dialog";

const STEP = "lead.sequence.step";
const LEAD = "crm.lead";
const FOCUSABLE = ".o_lead_flow_card, .o_lead_flow_plus button";

/** The condition of a branch, in words. */
export class FlowCondition extends Component {
    static template = "lead_management.FlowCondition";
    static props = {domain: String};

    setup() {
        this.treeProcessor = useService("tree_processor");
        this.state = useState({text: ""});
        onWillStart(() => this.read(this.props.domain));
        onWillUpdateProps((props) => this.read(props.domain));
    }

    async read(domain) {
        try {
            const tree = await this.treeProcessor.treeFromDomain(LEAD, domain);
            this.state.text = await this.treeProcessor.getDomainTreeDescription(LEAD, tree);
        } catch {
            // a field is gone: what is left of it says more than nothing
            this.state.text = domain;
        }
    }
}

/** The "+" between two cards: a step of which kind is put there. */
export class FlowPlus extends Component {
    static template = "lead_management.FlowPlus";
    static components = {Dropdown, DropdownItem};
    static props = {
        kinds: Array,
        onAdd: Function,
    };
}

/** Steps one below the other, each with those of its arms side by side. */
export class FlowBlock extends Component {
    static template = "lead_management.FlowBlock";
    static components = {FlowCondition, FlowPlus};
    static props = {
        steps: Array,
        flow: Object,
        actions: Object,
        parent: {type: Number, optional: true},
        arm: {type: String, optional: true},
    };

    get labels() {
        return [_t("Waiting"), _t("Done"), _t("Skipped"), _t("Replied"), _t("Goal")];
    }

    hasCounters(step) {
        return !step.arms.length && step.kind !== "end";
    }

    add(kind, after) {
        const {parent = false, arm = false} = this.props;
        this.props.actions.add({kind, after, parent, arm});
    }

    onKeydown(ev, step) {
        if (ev.target !== ev.currentTarget) {
            return;
        }
        const {actions} = this.props;
        const handlers = {
            Enter: () => actions.edit(step.id),
            Delete: () => actions.remove(step),
            ArrowDown: () => (ev.altKey ? actions.shift(step.id, 1) : actions.focus(ev.target, 1)),
            ArrowUp: () => (ev.altKey ? actions.shift(step.id, -1) : actions.focus(ev.target, -1)),
        };
        if (handlers[ev.key]) {
            ev.preventDefault();
            ev.stopPropagation();
            handlers[ev.key]();
        }
    }
}
FlowBlock.components.FlowBlock = FlowBlock;

/** The picture of a sequence, in which its steps are edited. */
export class LeadFlowField extends Component {
    static template = "lead_management.LeadFlow";
    static components = {FlowBlock, FlowPlus};
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.root = useRef("root");
        this.actions = {
            add: (place) => this.add(place),
            edit: (id) => this.edit(id),
            remove: (step) => this.remove(step),
            shift: (id, places) => this.shift(id, places),
            focus: (element, places) => this.focus(element, places),
        };
    }

    get flow() {
        return this.props.record.data[this.props.name];
    }

    async reload() {
        await this.props.record.load();
    }

    async add({kind, after, parent, arm}) {
        // what was changed in the form is not lost with the new step
        if (!(await this.props.record.save())) {
            return;
        }
        this.open(false, _t("Add a Step"), {
            default_version_id: this.flow.version,
            default_parent_id: parent,
            default_arm: arm,
            default_kind: kind,
            default_sequence: 0,
            sequence_step_after: after || 0,
        });
    }

    edit(id) {
        this.open(id, this.flow.editable ? _t("Edit the Step") : _t("Step"), {});
    }

    open(resId, title, context) {
        this.dialog.add(FormViewDialog, {
            resModel: STEP,
            resId,
            title,
            context,
            readonly: !this.flow.editable,
            canExpand: false,
            onRecordSaved: () => this.reload(),
        });
    }

    remove(step) {
        if (!this.flow.editable) {
            return;
        }
        this.dialog.add(ConfirmationDialog, {
            title: _t("Delete a Step"),
            body: step.arms.length
                ? _t("“%s” and all steps in its arms will be deleted.", step.title)
                : _t("“%s” will be deleted.", step.title),
            confirmLabel: _t("Delete"),
            confirm: async () => {
                await this.orm.call(STEP, "action_remove", [[step.id]]);
                await this.reload();
            },
            cancel: () => {},
        });
    }

    async shift(id, places) {
        if (this.flow.editable) {
            const method = places > 0 ? "action_move_down" : "action_move_up";
            await this.orm.call(STEP, method, [[id]]);
            await this.reload();
        }
    }

    focus(element, places) {
        const all = [...this.root.el.querySelectorAll(FOCUSABLE)];
        const next = all[all.indexOf(element) + places];
        if (next) {
            next.focus();
        }
    }
}

registry.category("fields").add("lead_flow", {
    component: LeadFlowField,
    supportedTypes: ["json"],
});
