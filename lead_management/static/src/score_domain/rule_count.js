import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {showInteger, showPercent} from "@lead_management/score_backtest/figures";

const WAIT = 400;

const VALUES = ["kind", "domain", "field_path", "half_life", "days", "max_points", "points"];
const LINKS = ["qualifier_id", "model_id", "company_id"];
const BAND_VALUES = ["value_from", "is_unset", "and_less", "points"];

const value = (data, name) => data[name] ?? false;
const link = (data, name) => data[name]?.id ?? false;

function bandValues({data}) {
    return {
        ...Object.fromEntries(BAND_VALUES.map((name) => [name, value(data, name)])),
        option_id: link(data, "option_id"),
    };
}

/** What a rule consists of, as it stands in the form, saved or not. */
export function ruleValues(data) {
    return {
        ...Object.fromEntries(VALUES.map((name) => [name, value(data, name)])),
        ...Object.fromEntries(LINKS.map((name) => [name, link(data, name)])),
        event_ids: (data.event_ids?.currentIds || []).filter(Number.isInteger),
        activity_type_ids: (data.activity_type_ids?.currentIds || []).filter(Number.isInteger),
        band_ids: (data.band_ids?.records || []).map(bandValues),
    };
}

/**
 * How many leads the rule in the form is about, and how many of those are won.
 */
export class RuleCount extends Component {
    static template = "lead_management.RuleCount";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({result: null});
        this.countLater = useDebounced(this.count, WAIT);
        this.counted = "";
        useRecordObserver((record) => {
            const values = ruleValues(record.data);
            const isFirst = !this.counted;
            const counted = JSON.stringify(values);
            if (counted !== this.counted) {
                this.counted = counted;
                // not awaited: the form does not wait for it
                (isFirst ? this.count : this.countLater).call(this, values);
            }
        });
    }

    get text() {
        const {leads, total, rate, base_rate} = this.state.result;
        const values = {
            leads: showInteger(leads),
            total: showInteger(total),
            rate: showPercent(rate),
            base: showPercent(base_rate),
        };
        return typeof rate === "number"
            ? _t("%(leads)s of %(total)s leads · %(rate)s won (all leads: %(base)s)", values)
            : _t("%(leads)s of %(total)s leads", values);
    }

    async count(values) {
        try {
            this.state.result = await this.keepLast.add(
                this.orm.silent.call("lead.score.rule", "action_preview", [values]),
            );
        } catch {
            this.state.result = {error: _t("The leads cannot be counted now.")};
        }
    }
}

registry.category("view_widgets").add("lead_rule_count", {
    component: RuleCount,
});
