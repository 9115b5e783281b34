import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {usePopover} from "@web/core/popover/popover_hook";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const FIELDS = ["assignment_explanation", "assignment_claim", "assignment_date"];

export class OwnerReasonPopover extends Component {
    static template = "lead_management.OwnerReasonPopover";
    static props = {lines: Array, close: {type: Function, optional: true}};
}

/** Why a lead has this salesperson, read when somebody asks. */
export class OwnerReason extends Component {
    static template = "lead_management.OwnerReason";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.popover = usePopover(OwnerReasonPopover, {position: "bottom"});
    }

    async show(ev) {
        const target = ev.currentTarget;
        const [lead] = await this.orm.read("crm.lead", [this.props.record.resId], FIELDS);
        const lines = [lead.assignment_explanation, lead.assignment_claim].filter(Boolean);
        this.popover.open(target, {
            lines: lines.length ? lines : [_t("Assigned manually.")],
        });
    }
}

registry.category("view_widgets").add("lead_owner_reason", {component: OwnerReason});
