import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    status,
    useExternalListener,
    useState,
} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {deserializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {formatInteger} from "@web/views/fields/formatters";
import {DayLine} from "@lead_management/my_day/day_line";
import {offerUndo, screen} from "@lead_management/undo/undo";

const {DateTime} = luxon;

const MORE = 20;
// Somebody who comes back to the tab sees what it is like now.
const STALE_AFTER = 60000;

const keyOf = (group, line) => `${group.key} ${line.id}`;

/** What a salesperson has to do today, or a team: worked off without leaving the page. */
export class MyDay extends Component {
    static template = "lead_management.MyDay";
    static components = {DayLine, Dropdown, DropdownItem, Layout};
    static props = {...standardActionServiceProps};
    static displayName = _t("My Day");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.badge = useService("lead_day_badge");
        this.bus = useService("bus_service");
        this.keepLast = new KeepLast();
        this.lineComponents = new Map();
        this.formatInteger = formatInteger;
        this.asked = null;
        this.display = {controlPanel: false};
        const kept = this.props.state?.myDay || {};
        this.state = useState({
            day: null,
            hasPools: false,
            kind: kept.kind || "auto",
            id: kept.id || false,
            limits: kept.limits || {},
            current: kept.current || null,
            position: kept.position || 0,
            isBusy: false,
        });
        this.loadedAt = 0;
        this.dates = {day: null, promise: null};
        useSetupAction({
            getLocalState: () => {
                const {kind, id, limits, current, position} = this.state;
                return {myDay: {kind, id, limits: {...limits}, current, position}};
            },
        });
        onWillStart(() => Promise.all([this.load(), this.loadPools()]));
        const reload = () => this.reload();
        const onAnswer = () => this.onNews(true);
        const onActivity = () => this.onNews(false);
        onMounted(() => {
            screen.onUndone = reload;
            this.bus.subscribe("lead.answer/updated", onAnswer);
            this.bus.subscribe("mail.activity/updated", onActivity);
            this.focusCurrent();
        });
        onWillUnmount(() => {
            this.bus.unsubscribe("lead.answer/updated", onAnswer);
            this.bus.unsubscribe("mail.activity/updated", onActivity);
            if (screen.onUndone === reload) {
                screen.onUndone = null;
            }
        });
        useExternalListener(document, "visibilitychange", () => this.onVisible());
        this.useKeys();
    }

    // -- the day --------------------------------------------------------------

    load() {
        this.loading = this.loadDay();
        return this.loading;
    }

    async loadDay() {
        const {kind, id, limits} = this.state;
        const day = await this.keepLast.add(
            this.orm.call("crm.lead", "action_my_day", [kind, id, {...limits}]),
        );
        if (status(this) === "destroyed") {
            return;
        }
        this.state.day = day;
        this.state.kind = day.scope.kind;
        if (this.isMine) {
            this.badge.show(this.due);
        }
        this.loadedAt = Date.now();
        this.findCurrent();
        this.asked = null;
        if (this.isTeam) {
            this.loadPeople();
        }
    }

    /** The figures of each salesperson, and all numbers in full: the lines do not wait. */
    async loadPeople() {
        const {kind, id} = this.day.scope;
        const asked = (this.asked = {});
        let found = null;
        try {
            found = await this.orm.silent.call("crm.lead", "action_day_people", [kind, id]);
        } catch {
            // what was counted so far stays true
            return;
        }
        if (status(this) === "destroyed" || this.asked !== asked) {
            return;
        }
        for (const group of this.day.groups) {
            group.count = found.counts[group.key];
        }
        Object.assign(this.day, {...found, cap: false});
    }

    /** A number, as far as it was counted. */
    formatCount(number, cap = this.day.cap) {
        return cap && number > cap ? _t("%s+", formatInteger(cap)) : formatInteger(number);
    }

    moreLabel({count, lines}) {
        const {cap} = this.day;
        return cap && count > cap
            ? _t("Show More")
            : _t("Show more: %s", formatInteger(count - lines.length));
    }

    async loadPools() {
        try {
            const {pools} = await this.orm.silent.call("lead.pool", "action_status", []);
            this.state.hasPools = pools.length > 0;
        } catch {
            // the day is worth seeing without them
        }
    }

    async reload() {
        await this.load();
        this.focusCurrent();
    }

    onVisible() {
        if (!document.hidden && Date.now() - this.loadedAt > STALE_AFTER) {
            this.load();
        }
    }

    /** Something changed in another tab, or a contact did something: that is shown at once. */
    async onNews(isAnswer) {
        if (document.hidden) {
            this.loadedAt = 0;
        } else if (isAnswer && !this.state.isBusy) {
            // not in the place of what somebody waits for
            await this.loading;
            await this.load();
        }
    }

    get day() {
        return this.state.day;
    }

    /** How many leads wait to be done something about by today. */
    get due() {
        const {answered, overdue, today} = this.day.counts;
        return answered + overdue + today;
    }

    get labels() {
        return {
            missed: _t("Missed targets"),
            answered: _t("They answered"),
            overdue: _t("Overdue"),
            today: _t("Due today"),
            hot: _t("Hot without next step"),
            new: _t("New and untouched"),
            idle: _t("Leads without next step"),
        };
    }

    get date() {
        return deserializeDate(this.day.date).toLocaleString({
            weekday: "long",
            day: "numeric",
            month: "long",
        });
    }

    /** How far the day is: what was done, of that and what is still due. */
    get progress() {
        const {done} = this.day;
        const total = done + this.due;
        return {
            done,
            total,
            share: total ? Math.round((100 * done) / total) : 0,
            text: _t("Done today: %(done)s of %(total)s", {done, total}),
        };
    }

    get groups() {
        return this.day.groups.filter((group) => group.count);
    }

    /** What waits in the teams of somebody who has nothing to do. */
    get teamGroups() {
        return Object.entries(this.day.team || {}).map(([key, count]) => ({
            key,
            count,
            label: this.labels[key],
        }));
    }

    /** Everything in the order it is worked off. */
    get flat() {
        return this.groups.flatMap((group) =>
            group.lines.map((line) => ({group, line, key: keyOf(group, line)})),
        );
    }

    get keys() {
        return [
            [["j", "k"], _t("move")],
            [["o"], _t("open")],
            [["l"], _t("log")],
            [["m"], _t("message")],
            [["s"], _t("snooze")],
            [["z"], _t("undo")],
        ];
    }

    keyOf(group, line) {
        return keyOf(group, line);
    }

    get isTeam() {
        return ["team", "teams"].includes(this.day.scope.kind);
    }

    get isMine() {
        return this.day.scope.kind === "me";
    }

    async showMore(group) {
        this.state.limits[group.key] = group.lines.length + MORE;
        await this.load();
    }

    // -- whose day ------------------------------------------------------------

    get hasSwitch() {
        const {teams, people} = this.day.switch;
        return teams.length > 0 || people.length > 0;
    }

    get scopeLabel() {
        const {kind, id} = this.state;
        const {teams, people} = this.day.switch;
        const found = {team: teams, user: people}[kind]?.find((each) => each.id === id);
        return found?.name || {me: _t("Me"), teams: _t("My teams")}[kind] || "";
    }

    async choose(kind, id = false) {
        Object.assign(this.state, {kind, id, limits: {}, current: null, position: 0});
        await this.reload();
    }

    openList(key, userId = false, scope = this.day.scope.kind) {
        const {id} = this.day.scope;
        return this.run(async () => {
            const args = [key, scope, id, userId];
            await this.action.doAction(await this.orm.call("crm.lead", "action_day_list", args));
        });
    }

    // -- where one is ---------------------------------------------------------

    /** The current line is the one it was; if it has left, what is in its place now. */
    findCurrent() {
        const keys = this.flat.map(({key}) => key);
        const found = keys.indexOf(this.state.current);
        const last = Math.max(keys.length - 1, 0);
        this.state.position = found < 0 ? Math.min(this.state.position, last) : found;
        this.state.current = keys[this.state.position] || null;
    }

    select(key) {
        this.state.current = key;
        this.state.position = this.flat.findIndex((each) => each.key === key);
    }

    move(step) {
        const {flat} = this;
        const position = Math.min(Math.max(this.state.position + step, 0), flat.length - 1);
        if (flat.length) {
            this.select(flat[position].key);
            this.focusCurrent();
        }
    }

    /** Once something was done about a line the next one is current, even if it stays. */
    leave(key) {
        const {flat} = this;
        const position = flat.findIndex((each) => each.key === key);
        const next = flat[position + 1] || flat[position - 1];
        this.select((next || flat[position])?.key || null);
    }

    focusCurrent() {
        // after it is drawn
        Promise.resolve().then(() => {
            browser.requestAnimationFrame(() => this.currentLine?.focus());
        });
    }

    get currentLine() {
        return this.lineComponents.get(this.state.current);
    }

    register(key, component) {
        this.lineComponents.set(key, component);
    }

    useKeys() {
        const isFree = (target) =>
            Boolean(this.state.current) && !target?.closest?.(".o-dropdown--menu, .modal");
        const onLine = (target) => isFree(target) && !target.closest("button, a, [role=button]");
        const keys = {
            j: [() => this.move(1), isFree, true],
            arrowdown: [() => this.move(1), isFree, true],
            k: [() => this.move(-1), isFree, true],
            arrowup: [() => this.move(-1), isFree, true],
            o: [() => this.open(this.currentItem.line), isFree],
            enter: [() => this.open(this.currentItem.line), onLine],
            l: [() => this.log(this.currentItem), isFree],
            m: [() => this.message(this.currentItem), isFree],
            s: [() => this.startSnooze(), isFree],
        };
        for (const [key, [callback, isAvailable, allowRepeat = false]] of Object.entries(keys)) {
            useHotkey(key, callback, {isAvailable, allowRepeat});
        }
    }

    get currentItem() {
        return this.flat.find(({key}) => key === this.state.current);
    }

    // -- what is done ---------------------------------------------------------

    /** One thing at a time: a second click on what is under way does nothing. */
    async run(job) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            await job();
        } finally {
            this.state.isBusy = false;
        }
    }

    /** Open the form; its pager goes through the leads of the day. */
    open(line) {
        return this.run(() =>
            this.action.doAction(
                {
                    type: "ir.actions.act_window",
                    res_model: "crm.lead",
                    res_id: line.id,
                    views: [[false, "form"]],
                    target: "current",
                    context: {active_test: false},
                },
                {props: {resIds: [...new Set(this.flat.map((each) => each.line.id))]}},
            ),
        );
    }

    /** Show the dialog that the server names, and what the day is like after it. */
    showDialog({line, key}, method, context = {}) {
        return this.run(async () => {
            const action = await this.orm.call("crm.lead", method, [[line.id]], {context});
            const onClose = (infos) => this.afterDialog(line, key, infos);
            if (action) {
                await this.action.doAction(action, {onClose});
            } else {
                await onClose();
            }
        });
    }

    /** A dialog that was given up leaves everything as it is, the current line too. */
    async afterDialog(line, key, infos) {
        const before = JSON.stringify(line);
        const next = this.following(key);
        await this.load();
        const now = this.flat.find((each) => each.key === key);
        if (next && (!now || JSON.stringify(now.line) !== before)) {
            if (this.flat.some((each) => each.key === next.key)) {
                this.select(next.key);
            }
        }
        this.focusCurrent();
        if (infos?.lead_next && next && this.currentItem?.key === next.key) {
            // once this dialog is gone: it takes what opens before then for its own
            browser.setTimeout(() => this.log(this.currentItem));
        }
    }

    /** What comes after a line. */
    following(key) {
        const position = this.flat.findIndex((each) => each.key === key);
        return this.flat[position + 1];
    }

    log(item) {
        const {activity} = item.line;
        const context = activity ? {touch_activity_id: activity.id} : {};
        const next = this.following(item.key)?.line;
        if (next) {
            context.touch_next =
                [next.contact, next.company].filter(Boolean).join(", ") || next.name;
        }
        return this.showDialog(item, "action_log_call", context);
    }

    message(item) {
        return this.showDialog(item, "action_day_message");
    }

    // -- snooze ---------------------------------------------------------------

    /** The days are asked for once a day, when somebody first needs them. */
    loadDates() {
        const {date} = this.day;
        if (this.dates.day !== date) {
            const promise = this.orm.call("crm.lead", "action_day_dates", []);
            this.dates = {day: date, promise};
            promise.catch(() => (this.dates = {day: null, promise: null}));
        }
        return this.dates.promise;
    }

    startSnooze() {
        const component = this.currentLine;
        if (component?.canSnooze) {
            component.openSnooze();
        } else {
            this.notification.add(
                _t("An answer was promised: call, write, or give the lead back."),
            );
        }
    }

    snooze({line, key}, day, time = false) {
        return this.run(async () => {
            const args = [[line.id], day, line.activity?.id || false, time];
            const offer = await this.orm.call("crm.lead", "action_day_snooze", args);
            this.leave(key);
            await this.reload();
            offerUndo(this.env, {
                ...offer,
                onUndone: async () => {
                    this.state.current = key;
                    await this.reload();
                },
            });
        });
    }

    // -- sequences ------------------------------------------------------------

    async changeSequence(line, {method, question}) {
        if (question && !(await this.ask(question))) {
            return;
        }
        await this.run(async () => {
            await this.orm.call("lead.enrollment", method, [[line.sequence.id]]);
            await this.load();
            this.focusCurrent();
        });
    }

    ask(body) {
        return new Promise((resolve) => {
            this.dialog.add(
                ConfirmationDialog,
                {body, confirm: () => resolve(true), cancel: () => resolve(false)},
                {onClose: () => resolve(false)},
            );
        });
    }

    // -- the next lead --------------------------------------------------------

    pull() {
        return this.run(async () => {
            await this.action.doAction(await this.orm.call("crm.lead", "action_pull_next", []));
        });
    }
}

registry.category("actions").add("lead_my_day", MyDay);
