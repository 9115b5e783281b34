import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const BOXES = ["green", "amber", "red"];

/** The last credit check of the lead: its band and dates, never the report. */
export class LeadCredit extends Component {
    static template = "lead_management.LeadCredit";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.boxes = BOXES;
        this.state = useState({panel: null});
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => this.load(next.record.resId));
    }

    async load(leadId) {
        this.state.panel = leadId
            ? await this.orm.call("crm.lead", "action_credit_panel", [[leadId]])
            : null;
    }

    async run(method, ...args) {
        const {check} = this.state.panel;
        const action = await this.orm.call("lead.credit.check", method, [[check], ...args]);
        await this.props.record.load();
        await this.load(this.props.record.resId);
        if (action) {
            await this.action.doAction(action);
        }
    }

    async pick(ref) {
        await this.orm.call("crm.lead", "action_credit_pick", [[this.props.record.resId], ref]);
        await this.load(this.props.record.resId);
    }

    /** Open what belongs to the lead, and look again afterwards. */
    async open(method) {
        if (await this.props.record.isDirty()) {
            await this.props.record.save();
        }
        const {resId} = this.props.record;
        const action = await this.orm.call("crm.lead", method, [[resId]]);
        await this.action.doAction(action, {
            onClose: async () => {
                await this.props.record.load();
                await this.load(resId);
            },
        });
    }

    get earlier() {
        return _t("Earlier checks: %s", this.state.panel.count - 1);
    }

    get consents() {
        return _t("Consents: %s", this.state.panel.consents);
    }

    get openings() {
        return _t("Report openings: %s", this.state.panel.openings);
    }
}

registry.category("view_widgets").add("lead_credit", {component: LeadCredit});
