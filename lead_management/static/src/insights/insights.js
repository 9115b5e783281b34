import {Component, onWillStart, status, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {url} from "@web/core/utils/urls";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {InsightNumber, openNumber} from "@lead_management/insights/insight_number";
import {InsightPanel} from "@lead_management/insights/insight_panel";
import {InsightPicture} from "@lead_management/insights/insight_picture";

// The first screen: what came of the period, why, what is next, and how far leads come.
const FIRST = ["tiles", "why", "forecast", "funnel"];

/** How we did in a period, whether that is a change, why, and what comes next. */
export class Insights extends Component {
    static template = "lead_management.Insights";
    static components = {
        Dropdown,
        DropdownItem,
        InsightNumber,
        InsightPanel,
        InsightPicture,
        Layout,
    };
    static props = {...standardActionServiceProps};
    static displayName = _t("Insights");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.display = {controlPanel: false};
        this.keepMore = new KeepLast();
        const {params} = this.props.action;
        const kept = this.props.state?.insights || params?.options || {};
        this.state = useState({report: null, isBusy: false, isWhole: false, options: {...kept}});
        useSetupAction({getLocalState: () => ({insights: {...this.state.options}})});
        onWillStart(() => this.load());
    }

    fetch(keeper, options, sections) {
        return keeper.add(this.orm.call("lead.insight", "get_report", [options, sections]));
    }

    /** Read the first screen in one call; what lies below it follows by itself. */
    async load(changes = {}) {
        const options = {...this.state.options, ...changes};
        this.state.isBusy = true;
        try {
            const report = await this.fetch(this.keepLast, options, this.wanted || FIRST);
            if (status(this) === "destroyed") {
                return;
            }
            this.state.report = report;
            this.state.options = report.options;
            this.state.isWhole = Boolean(this.wanted);
        } finally {
            this.state.isBusy = false;
        }
        this.whole = this.wanted ? null : this.loadMore();
    }

    async loadMore() {
        const {options, keys} = this.report;
        const more = keys.filter((key) => !FIRST.includes(key));
        const {sections} = await this.fetch(this.keepMore, options, more);
        if (status(this) !== "destroyed") {
            Object.assign(this.report.sections, sections);
            this.state.isWhole = true;
        }
    }

    /** Read again only what goes by a choice within the page. */
    async choose(changes, keys) {
        const options = {...this.state.options, ...changes};
        const shown = keys.filter((key) => this.report.keys.includes(key));
        this.state.isBusy = true;
        try {
            await this.whole;
            const report = await this.fetch(this.keepLast, options, shown);
            if (status(this) !== "destroyed") {
                Object.assign(this.report.sections, report.sections);
                this.state.options = report.options;
            }
        } finally {
            this.state.isBusy = false;
        }
    }

    chooseMetric(metric) {
        return this.choose({metric}, ["why"]);
    }

    chooseDimension(dimension) {
        return this.choose({dimension}, ["why", "by"]);
    }

    chooseDays(days) {
        return this.choose({days}, ["funnel", "stage_conversion"]);
    }

    /** The sections a menu asks for; else all. */
    get wanted() {
        return this.props.action.params?.sections || null;
    }

    /** Where all rows are that a page of some sections is about. */
    get more() {
        return this.props.action.params?.more;
    }

    openMore() {
        this.action.doAction(this.more);
    }

    get title() {
        return this.props.action.name || _t("Insights");
    }

    // -- what is shown --------------------------------------------------------

    get report() {
        return this.state.report;
    }

    get sections() {
        return this.report.sections;
    }

    /** The panels that need no place of their own, in the order the server gives. */
    get panels() {
        const own = [...FIRST, "questions"];
        return this.report.keys
            .filter((key) => key in this.sections && !own.includes(key))
            .map((key) => this.sections[key]);
    }

    get kinds() {
        return [
            {key: "day", label: _t("Day")},
            {key: "week", label: _t("Week")},
            {key: "month", label: _t("Month")},
            {key: "quarter", label: _t("Quarter")},
            {key: "year", label: _t("Year")},
        ];
    }

    get horizons() {
        return [
            {days: 0, label: _t("by the end of the period")},
            ...[30, 60, 90].map((days) => ({
                days,
                label: _t("within %(days)s days", {days}),
            })),
        ];
    }

    get horizon() {
        return this.horizons.find(({days}) => days === this.state.options.days).label;
    }

    get dimension() {
        const why = this.sections.why;
        return why.dimensions.find(({key}) => key === why.dimension).label;
    }

    get metric() {
        return this.report.metrics.find(({key}) => key === this.sections.why.metric).label;
    }

    get causes() {
        return {kind: "causes", bars: this.sections.why.bars};
    }

    // -- what is done ---------------------------------------------------------

    choosePeriod(kind) {
        this.load({kind, day: this.report.period.last});
    }

    go(day) {
        if (day) {
            this.load({day});
        }
    }

    chooseScope({scope, team_id}) {
        this.load({scope, team_id});
    }

    open(number) {
        openNumber(this.action, number);
    }

    async print() {
        await this.whole;
        // what has just come is drawn first
        await new Promise((resolve) => browser.setTimeout(resolve));
        browser.print();
    }

    get xlsxUrl() {
        return url("/lead/insights/xlsx", {options: JSON.stringify(this.state.options)});
    }
}

registry.category("actions").add("lead_insights", Insights);
