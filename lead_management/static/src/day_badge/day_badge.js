import {reactive, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {patch} from "@web/core/utils/patch";
import {NavBar} from "@web/webclient/navbar/navbar";

const FIRST_LOOK_AFTER = 500;
const EVERY = 5 * 60 * 1000;
const LIMIT = 100;
const MENUS = ["lead_management.crm_lead_my_day_menu", "crm.crm_menu_root"];

/** How many leads wait for the user now: asked at times, and after something was done. */
export const dayBadgeService = {
    dependencies: ["orm", "bus_service"],
    start(env, {orm, bus_service: bus}) {
        const state = reactive({count: 0});
        let timer = null;
        let hasDay = true;

        async function refresh() {
            browser.clearTimeout(timer);
            if (!hasDay) {
                return;
            }
            try {
                const count = await orm.silent.call("crm.lead", "action_day_badge", []);
                hasDay = count !== false;
                state.count = count || 0;
            } catch {
                // it goes on with what it knew
            }
            if (hasDay) {
                timer = browser.setTimeout(refresh, EVERY);
            }
        }

        function refreshSoon() {
            browser.clearTimeout(timer);
            timer = browser.setTimeout(refresh, FIRST_LOOK_AFTER);
        }

        // not while the page is still loading
        refreshSoon();
        bus.subscribe("mail.activity/updated", refreshSoon);
        return {state, refresh: refreshSoon};
    },
};

registry.category("services").add("lead_day_badge", dayBadgeService);

patch(NavBar.prototype, {
    setup() {
        super.setup();
        this.leadDay = useState(useService("lead_day_badge").state);
    },

    /** What is said beside an entry of the menu, or an app. */
    leadBadge(menu) {
        const {count} = this.leadDay;
        if (!count || !MENUS.includes(menu.xmlid)) {
            return "";
        }
        return count < LIMIT ? String(count) : _t("%s+", LIMIT - 1);
    },

    leadBadgeTitle(menu) {
        return _t("Due now: %s", this.leadBadge(menu));
    },
});
