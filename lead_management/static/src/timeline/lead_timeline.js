import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate, deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {useDebounced} from "@web/core/utils/timing";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const {DateTime} = luxon;

export const ICONS = {
    created: "fa-plus",
    email: "fa-envelope",
    sms: "fa-mobile",
    whatsapp: "fa-whatsapp",
    call: "fa-phone",
    meeting: "fa-users",
    note: "fa-sticky-note-o",
    activity: "fa-check",
    stage: "fa-exchange",
    outcome: "fa-flag",
    owner: "fa-user",
    response: "fa-clock-o",
    file: "fa-file-o",
    score: "fa-thermometer-half",
    answer: "fa-check-square-o",
    change: "fa-pencil",
    consent: "fa-hand-paper-o",
    check: "fa-check-circle-o",
    submission: "fa-sign-in",
    campaign: "fa-bullhorn",
    sequence: "fa-list-ol",
    planned: "fa-calendar",
};
const SEARCH_DELAY = 300;

/** The story of a lead, read when its tab is opened. */
export class LeadTimeline extends Component {
    static template = "lead_management.LeadTimeline";
    static components = {Dropdown, DropdownItem};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            rows: [],
            planned: [],
            counts: {},
            people: [],
            hasMore: false,
            isSearching: false,
            filter: this.getEmptyFilter(),
        });
        this.searchSoon = useDebounced(() => this.load(), SEARCH_DELAY);
        onWillStart(() => this.load());
        // another lead, or this one was saved
        onWillUpdateProps((props) => this.load(props.record.resId));
    }

    getEmptyFilter() {
        return {group: "", user_id: 0, since: "", until: "", milestones: false, search: ""};
    }

    get groups() {
        return [
            ["conversation", _t("Conversations")],
            ["move", _t("Stage Changes")],
            ["owner", _t("Salesperson")],
            ["document", _t("Documents")],
            ["insight", _t("Score and Answers")],
            ["change", _t("Changes")],
        ].filter(([name]) => this.state.counts[name]);
    }

    get total() {
        return Object.values(this.state.counts).reduce((sum, count) => sum + count, 0);
    }

    get isFiltered() {
        return Object.values(this.state.filter).some(Boolean);
    }

    get person() {
        const found = this.state.people.find(([id]) => id === this.state.filter.user_id);
        return found ? found[1] : _t("Anybody");
    }

    /** What is shown, by day. */
    get days() {
        const days = [];
        for (const row of this.state.rows) {
            const date = deserializeDateTime(row.date);
            const key = date.toISODate();
            if (!days.length || days.at(-1).key !== key) {
                days.push({key, title: this.getDayTitle(date), rows: []});
            }
            days.at(-1).rows.push(row);
        }
        return days;
    }

    getDayTitle(date) {
        const days = DateTime.local().startOf("day").diff(date.startOf("day"), "days").days;
        if (days === 0) {
            return _t("Today");
        }
        if (days === 1) {
            return _t("Yesterday");
        }
        return date.toLocaleString({
            weekday: "long",
            day: "numeric",
            month: "long",
            year: "numeric",
        });
    }

    getTime(row) {
        return deserializeDateTime(row.date).toLocaleString(DateTime.TIME_SIMPLE);
    }

    /** Some things are planned for a day, whatever the time zone. */
    getMoment(row) {
        return row.is_day ? deserializeDate(row.date.slice(0, 10)) : deserializeDateTime(row.date);
    }

    getDay(row) {
        return formatDate(this.getMoment(row));
    }

    getIcon(row) {
        return ICONS[row.kind] || "fa-circle-o";
    }

    get forward() {
        return _t("Forward");
    }

    get backward() {
        return _t("Backward");
    }

    isOverdue(row) {
        return row.is_day && this.getMoment(row) < DateTime.local().startOf("day");
    }

    get options() {
        const filled = Object.entries(this.state.filter).filter(([, value]) => value);
        return Object.fromEntries(filled);
    }

    async call(resId, options) {
        return this.orm.call("crm.lead", "action_timeline", [resId, options]);
    }

    async load(resId = this.props.record.resId) {
        if (!resId) {
            return;
        }
        const found = await this.call(resId, this.options);
        Object.assign(this.state, {
            rows: found.rows,
            planned: found.planned,
            counts: found.counts,
            people: found.people,
            hasMore: found.has_more,
        });
    }

    async loadMore() {
        const last = this.state.rows.at(-1);
        const found = await this.call(this.props.record.resId, {
            ...this.options,
            before: [last.date, last.id],
        });
        this.state.rows.push(...found.rows);
        this.state.hasMore = found.has_more;
    }

    async set(values) {
        Object.assign(this.state.filter, values);
        await this.load();
    }

    onSearch(ev) {
        this.state.filter.search = ev.target.value;
        this.searchSoon();
    }

    toggleSearch() {
        this.state.isSearching = !this.state.isSearching;
        if (!this.state.isSearching) {
            this.set({search: "", since: "", until: ""});
        }
    }

    clear() {
        this.state.isSearching = false;
        return this.set(this.getEmptyFilter());
    }

    async open(row) {
        const action = await this.orm.call("lead.timeline", "action_open", [[row.id]]);
        await this.action.doAction(action, {onClose: () => this.load()});
    }

    logNote() {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Log Note"),
                res_model: "mail.compose.message",
                views: [[false, "form"]],
                target: "new",
                context: {
                    default_composition_mode: "comment",
                    default_model: "crm.lead",
                    default_res_ids: [this.props.record.resId],
                    default_subtype_xmlid: "mail.mt_note",
                },
            },
            {onClose: () => this.props.record.load()},
        );
    }

    answerQuestion(ev) {
        const notebook = ev.target.closest(".o_notebook");
        notebook?.querySelector(".o_notebook_headers [name=qualification]")?.click();
    }

    printDossier() {
        return this.action.doAction("lead_management.lead_dossier_report", {
            additionalContext: {active_ids: [this.props.record.resId]},
        });
    }

    exportDossier(format) {
        const url = `/lead/dossier/${this.props.record.resId}/${format}`;
        return this.action.doAction({type: "ir.actions.act_url", url, target: "download"});
    }
}

registry.category("view_widgets").add("lead_timeline", {component: LeadTimeline});
