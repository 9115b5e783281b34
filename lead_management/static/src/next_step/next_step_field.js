import {Component, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {deserializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {showDay, stepWhen} from "@lead_management/next_step/step_when";

const TOUCHES = ["phonecall", "meeting"];

/** What is to be done about a lead first, and when: in a line of a card or of a list. */
export class NextStepLine extends Component {
    static template = "lead_management.NextStepLine";
    static props = {...standardFieldProps, noIcon: {type: Boolean, optional: true}};

    get step() {
        return this.props.record.data[this.props.name];
    }

    get what() {
        return this.step.summary || this.step.type;
    }

    get when() {
        return stepWhen(this.step);
    }
}

/** The same as the first card of the form, with the ways to get it done or put it off. */
export class NextStepField extends NextStepLine {
    static template = "lead_management.NextStepField";
    static components = {Dropdown, DropdownItem};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({isBusy: false, dates: []});
    }

    get leadId() {
        return this.props.record.resId;
    }

    get isOpen() {
        const {won_status, active} = this.props.record.data;
        return active && won_status === "pending";
    }

    get more() {
        return this.step.count > 1 ? _t("More steps: %s", this.step.count - 1) : "";
    }

    /** Somebody else is to do it. */
    get doer() {
        const {user, user_id} = this.step;
        return user_id && user_id !== this.props.record.data.user_id?.id ? user : "";
    }

    async run(job) {
        if (this.state.isBusy || !(await this.props.record.save())) {
            return;
        }
        this.state.isBusy = true;
        try {
            await job();
            await this.reload();
        } finally {
            this.state.isBusy = false;
        }
    }

    /** The lead, and what is planned beside it. */
    async reload() {
        await this.props.record.load();
        const thread = this.env.services["mail.store"]?.Thread.get({
            model: "crm.lead",
            id: this.leadId,
        });
        await thread?.fetchThreadData(["activities", "messages"]);
    }

    open(action) {
        return new Promise((resolve) => this.action.doAction(action, {onClose: resolve}));
    }

    /** A call or a meeting is done with what came of it. */
    markDone() {
        const {id, category} = this.step;
        return this.run(async () => {
            if (TOUCHES.includes(category)) {
                await this.open(await this.orm.call("mail.activity", "action_log_touch", [[id]]));
            } else {
                await this.orm.call("mail.activity", "action_feedback", [[id]]);
            }
        });
    }

    plan() {
        return this.run(() =>
            this.env.services["mail.store"].scheduleActivity("crm.lead", [this.leadId]),
        );
    }

    edit() {
        return this.run(() =>
            this.open({
                type: "ir.actions.act_window",
                name: _t("Next Step"),
                res_model: "mail.activity",
                res_id: this.step.id,
                views: [[false, "form"]],
                target: "new",
            }),
        );
    }

    async beforeSnooze() {
        const dates = await this.orm.call("crm.lead", "action_day_dates", []);
        this.state.dates = dates.map((date) => ({
            ...date,
            day: showDay(deserializeDate(date.date)),
        }));
    }

    snooze(date) {
        const {id} = this.step;
        return this.run(async () => {
            const done = await this.orm.call("crm.lead", "action_day_snooze", [
                [this.leadId],
                date,
                id,
            ]);
            if (done.before) {
                this.offerUndo(date, done);
            }
        });
    }

    offerUndo(date, {activity_id, before}) {
        const day = showDay(deserializeDate(date));
        const close = this.notification.add(_t("Put off to %s.", day), {
            type: "success",
            buttons: [
                {
                    name: _t("Undo"),
                    onClick: () => {
                        close();
                        return this.run(() =>
                            this.orm.call("crm.lead", "action_day_snooze_undo", [
                                [this.leadId],
                                activity_id,
                                before,
                            ]),
                        );
                    },
                },
            ],
        });
    }
}

const nextStep = {
    displayName: _t("Next step"),
    supportedTypes: ["json"],
    // without a value it says so
    isEmpty: () => false,
};

registry.category("fields").add("lead_next_step", {
    ...nextStep,
    component: NextStepField,
    fieldDependencies: [
        {name: "active", type: "boolean"},
        {name: "won_status", type: "char"},
        {name: "user_id", type: "many2one", relation: "res.users"},
    ],
});
const nextStepLine = {
    ...nextStep,
    component: NextStepLine,
    supportedOptions: [
        {
            label: _t("Without Icon"),
            name: "no_icon",
            type: "boolean",
            help: _t("Where an icon of the activity is shown beside it."),
        },
    ],
    extractProps: ({options}) => ({noIcon: Boolean(options.no_icon)}),
};
registry.category("fields").add("lead_next_step_line", nextStepLine);
registry.category("fields").add("list.lead_next_step", nextStepLine);
