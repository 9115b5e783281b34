import {Component, onMounted, onWillUnmount, useEffect, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {useCommand} from "@web/core/commands/command_hook";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {formatInteger} from "@web/views/fields/formatters";
import {clearUncommittedChanges} from "@web/webclient/actions/action_service";
import {Claim} from "@lead_management/lead_pull/claim";

const {DateTime} = luxon;

const FIRST_LOOK_AFTER = 300;
const MINUTE = 60 * 1000;
const DAY = 24 * 60 * MINUTE;
const MORNING = {hour: 8, minute: 0, second: 0, millisecond: 0};
const POOL_ACTION = "lead_management.crm_lead_action_pool";

const systray = registry.category("systray");

/**
 * Gives a salesperson the next lead, wherever they are; beside it what waits, what they
 * hold, and their pause. Whoever pulls from no pool does not see it.
 */
export class NextLead extends Component {
    static template = "lead_management.NextLead";
    static components = {Claim, Dropdown, DropdownItem};
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({
            pools: [],
            claims: [],
            paused_until: false,
            takes_part: false,
            isBusy: false,
        });
        this.formatInteger = formatInteger;
        this.timer = null;
        this.pulled = null; // the controller that shows the lead pulled last
        // not while the page is still loading
        onMounted(() => this.loadAfter(FIRST_LOOK_AFTER));
        onWillUnmount(() => browser.clearTimeout(this.timer));
        useEffect(
            (isShown) => {
                if (isShown) {
                    // there is less room for the menus now
                    systray.trigger("UPDATE");
                }
            },
            () => [this.isShown],
        );
        useCommand(_t("Next lead"), () => this.pull(), {
            hotkey: "alt+shift+l",
            isAvailable: () => this.state.pools.length > 0,
        });
    }

    // -- the status -----------------------------------------------------------

    /** The server gives pools to salespeople only. */
    async load() {
        let status = null;
        try {
            status = await this.keepLast.add(
                this.orm.silent.call("lead.pool", "action_status", []),
            );
        } catch {
            return; // it goes on with what it knew
        }
        Object.assign(this.state, status);
        browser.clearTimeout(this.timer);
        if (this.pauseEnd) {
            // timers cannot wait for weeks, and clocks differ
            const left = this.pauseEnd - DateTime.now();
            this.loadAfter(Math.min(Math.max(left, MINUTE), DAY));
        }
    }

    /** The menu opens at once, and is brought up to date while it is open. */
    beforeOpen() {
        this.load();
    }

    loadAfter(time) {
        this.timer = browser.setTimeout(() => this.load(), time);
    }

    get isShown() {
        return this.state.pools.length > 0 || this.state.takes_part;
    }

    get pauseEnd() {
        const until = this.state.paused_until;
        return typeof until === "string" ? deserializeDateTime(until) : null;
    }

    get pauseText() {
        return this.pauseEnd
            ? _t("You pause until %s", toLocaleDateTimeString(this.pauseEnd))
            : _t("You pause");
    }

    get icon() {
        if (this.state.isBusy) {
            return "fa-circle-o-notch fa-spin";
        }
        if (this.state.paused_until) {
            return "fa-pause";
        }
        // the lightning is for those who have something to pull
        return this.state.pools.length ? "fa-bolt" : "fa-pause-circle-o";
    }

    get menuTitle() {
        return this.state.pools.length ? _t("Pools, your leads, pause") : _t("Your leads, pause");
    }

    get title() {
        return this.state.paused_until ? this.pauseText : _t("Get the next lead");
    }

    // -- leads ----------------------------------------------------------------

    async pull() {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            // nobody gets a lead while the form they are in cannot be saved
            if (await clearUncommittedChanges(this.env)) {
                await this.open(await this.orm.call("crm.lead", "action_pull_next", []));
            }
        } finally {
            this.state.isBusy = false;
        }
        await this.load();
    }

    /** Open a lead; in the place of the lead that was opened here before, if any. */
    async open(action) {
        const before = this.action.currentController?.jsId;
        const isPulled = Boolean(before) && before === this.pulled;
        await this.action.doAction(action, isPulled ? {stackPosition: "replaceCurrentAction"} : {});
        const after = this.action.currentController?.jsId;
        if (after !== before) {
            this.pulled = after;
        }
    }

    openClaim(claim) {
        return this.open({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: claim.lead_id,
            views: [[false, "form"]],
            target: "current",
        });
    }

    async browse(pool) {
        const action = await this.action.loadAction(POOL_ACTION);
        const domain = [
            ["assignment_pool_id", "=", pool.id],
            ["user_id", "=", false],
        ];
        await this.action.doAction({...action, domain}, {clearBreadcrumbs: true});
    }

    // -- pause ----------------------------------------------------------------

    async pause(hours) {
        await this.orm.call("lead.assignment.capacity", "action_pause", [hours]);
        await this.load();
    }

    pauseUntilTomorrow() {
        const now = DateTime.now();
        return this.pause(now.plus({days: 1}).set(MORNING).diff(now, "hours").hours);
    }
}

systray.add("lead_management.NextLead", {Component: NextLead}, {sequence: 30});
