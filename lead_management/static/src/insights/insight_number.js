import {Component} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

/** Show exactly the records that a number counts, archived leads included. */
export function openNumber(action, number) {
    const views = [[false, "list"]];
    if (number.model === "crm.lead") {
        views.push([false, "kanban"], [false, "form"]);
    }
    return action.doAction({
        type: "ir.actions.act_window",
        name: number.title,
        res_model: number.model,
        views,
        domain: number.domain,
        context: {active_test: false, create: false},
        target: "current",
    });
}

/** A number that opens its records. */
export class InsightNumber extends Component {
    static template = "lead_management.InsightNumber";
    static props = {number: Object, className: {type: String, optional: true}};

    setup() {
        this.action = useService("action");
    }

    open() {
        return openNumber(this.action, this.props.number);
    }
}
