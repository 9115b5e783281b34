import {Component, onWillStart, status, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {serializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {formatFloat, formatMonetary} from "@web/views/fields/formatters";
import {CampaignCredit, formatShare} from "@lead_management/campaign_report/campaign_credit";

const {DateTime} = luxon;

const KINDS = [
    ["month", _t("Month")],
    ["quarter", _t("Quarter")],
    ["year", _t("Year")],
];
const BASES = [
    ["cohort", _t("Leads created then")],
    ["event", _t("What happened then")],
];
const MODELS = [
    ["first", _t("First touch")],
    ["last", _t("Last touch")],
    ["linear", _t("All touches the same")],
    ["position", _t("First and last touch most")],
    ["decay", _t("The later, the more")],
];
const COHORT_HELP = _t(
    "What became of the leads created in the period, whenever it happened. Open leads may " +
        "still change these numbers.",
);
const EVENT_HELP = _t("What was qualified or won in the period, whenever the lead was created.");

/** What campaigns cost in a period, and what came of it. */
export class CampaignReport extends Component {
    static template = "lead_management.CampaignReport";
    static components = {Dropdown, DropdownItem, Layout};
    static props = {...standardActionServiceProps};
    static displayName = _t("Campaign Results");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.keepLast = new KeepLast();
        this.kinds = KINDS;
        this.bases = BASES;
        this.models = MODELS;
        this.display = {controlPanel: {}};
        const kept = this.props.state?.campaignReport || {};
        this.state = useState({
            kind: kept.kind || "quarter",
            day: kept.day || serializeDate(DateTime.local()),
            basis: kept.basis || "cohort",
            model: kept.model || "position",
            report: null,
        });
        useSetupAction({
            getLocalState: () => {
                const {kind, day, basis, model} = this.state;
                return {campaignReport: {kind, day, basis, model}};
            },
        });
        onWillStart(() => this.load());
    }

    async load() {
        const report = await this.keepLast.add(
            this.orm.call("lead.campaign.report", "get_report", this.request),
        );
        if (status(this) !== "destroyed") {
            this.state.report = report;
        }
    }

    // -- period ---------------------------------------------------------------

    get first() {
        return DateTime.fromISO(this.state.day).startOf(this.state.kind);
    }

    get last() {
        return this.first.endOf(this.state.kind);
    }

    get request() {
        const {basis, model} = this.state;
        return [serializeDate(this.first), serializeDate(this.last), basis, model];
    }

    get periodName() {
        if (this.state.kind === "quarter") {
            const {quarter, year} = this.first;
            return _t("Q%(quarter)s %(year)s", {quarter, year});
        }
        return this.first.toFormat(this.state.kind === "month" ? "LLLL yyyy" : "yyyy");
    }

    set(values) {
        Object.assign(this.state, values);
        return this.load();
    }

    move(number) {
        const unit = {month: "months", quarter: "quarters", year: "years"}[this.state.kind];
        return this.set({day: serializeDate(this.first.plus({[unit]: number}))});
    }

    label(pairs, key) {
        return pairs.find((pair) => pair[0] === key)[1];
    }

    get basisHelp() {
        return this.state.basis === "cohort" ? COHORT_HELP : EVENT_HELP;
    }

    // -- numbers --------------------------------------------------------------

    get tiles() {
        const {total} = this.state.report;
        return [
            {label: _t("Cost"), value: this.money(total.cost)},
            {label: _t("Cost per Lead"), value: this.money(total.cost_lead)},
            {label: _t("Cost per Qualified Lead"), value: this.money(total.cost_qualified)},
            {label: _t("Cost per Customer"), value: this.money(total.cost_won)},
            {label: _t("Return on Investment"), value: this.percent(total.roi)},
        ];
    }

    get hasCosts() {
        return this.state.report.rows.some((row) => row.cost);
    }

    width(row) {
        const most = Math.max(...this.state.report.rows.map((one) => one.cost));
        return most > 0 ? `${Math.max(0, (100 * row.cost) / most).toFixed(1)}%` : "0";
    }

    money(value) {
        return value === false
            ? "–"
            : formatMonetary(value, {currencyId: this.state.report.currency_id});
    }

    number(value) {
        const isWhole = Math.abs(value - Math.round(value)) < 0.05;
        return formatFloat(isWhole ? Math.round(value) : value, {digits: [16, isWhole ? 0 : 1]});
    }

    percent(value) {
        return value === false ? "–" : formatShare(value);
    }

    // -- what lies behind -----------------------------------------------------

    explain(row, what) {
        this.dialog.add(CampaignCredit, {
            campaign: row.name,
            campaignId: row.id,
            what,
            request: this.request,
            onOpen: (ids) => this.openLeads(row.name, ids),
            onOpenLead: (id) => this.openLead(id),
        });
    }

    openLead(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openLeads(name, ids) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "crm.lead",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [["id", "in", ids]],
            context: {active_test: false},
        });
    }

    openCosts(row) {
        return this.action.doAction("lead_management.lead_campaign_cost_action", {
            additionalContext: row ? {search_default_campaign_id: row.id} : {},
        });
    }

    openImport() {
        return this.action.doAction("lead_management.lead_campaign_import_action", {
            onClose: () => this.load(),
        });
    }
}

registry.category("actions").add("lead_campaign_report", CampaignReport);
