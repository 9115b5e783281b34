import {Component, useRef} from "@odoo/owl";
import {CrmPlsTooltipButton} from "@crm/views/crm_form/crm_pls_tooltip_button";
import {_t} from "@web/core/l10n/translation";
import {usePopover} from "@web/core/popover/popover_hook";
import {registry} from "@web/core/registry";
import {pillLabel} from "@lead_management/score_pill/score_pill_field";

/** What the two chances of a lead are, the one in front and the other. */
export class ChancePopover extends Component {
    static template = "lead_management.ChancePopover";
    static props = {
        record: Object,
        explain: Function,
        useAutomated: Function,
        close: {type: Function, optional: true},
    };

    get data() {
        return this.props.record.data;
    }

    get isScoreInFront() {
        return this.data.score_in_front === "score";
    }

    get probability() {
        return _t("Probability: %s", this.percent(this.data.probability));
    }

    get automated() {
        const percent = this.percent(this.data.automated_probability);
        return _t("Set manually. The computed one: %s", percent);
    }

    get score() {
        return pillLabel(this.data.score_total || 0, this.data.score_temperature || "cold");
    }

    percent(value) {
        return _t("%s%", Math.round((value || 0) * 100) / 100);
    }

    get isOpen() {
        return this.data.won_status === "pending";
    }
}

/** The "?" beside the chance in front; Odoo's own explanation is one of its answers. */
export class Chance extends CrmPlsTooltipButton {
    static template = "lead_management.Chance";

    setup() {
        super.setup();
        this.button = useRef("button");
        this.help = usePopover(ChancePopover, {position: "bottom-end"});
    }

    get title() {
        return this.props.record.data.score_in_front === "score"
            ? _t("Explain score and probability")
            : _t("Explain probability and score");
    }

    show() {
        this.help.open(this.button.el, {
            record: this.props.record,
            explain: () => this.explain(),
            useAutomated: () => this.useAutomated(),
        });
    }

    explain() {
        this.help.close();
        return this.onClickPlsTooltipButton({currentTarget: this.button.el});
    }

    async useAutomated() {
        const {record} = this.props;
        this.help.close();
        if (await record.save()) {
            await this.orm.call("crm.lead", "action_set_automated_probability", [[record.resId]]);
            await record.load();
        }
    }
}

registry.category("view_widgets").add("lead_chance", {
    component: Chance,
    fieldDependencies: [
        {name: "score_in_front", type: "char"},
        {name: "score_total", type: "integer"},
        {name: "score_temperature", type: "char"},
        {name: "probability", type: "float"},
        {name: "automated_probability", type: "float"},
        {name: "is_automated_probability", type: "boolean"},
        {name: "won_status", type: "char"},
    ],
});
