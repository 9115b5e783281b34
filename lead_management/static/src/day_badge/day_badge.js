import {useState} from "@odoo/owl";
import {Store} from "@mail/core/common/store_service";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {patch} from "@web/core/utils/patch";
import {NavBar} from "@web/webclient/navbar/navbar";

// What is done at once is asked for once.
const PAUSE = 500;
// Somebody who comes back to the tab later than this sees what it is like now.
const STALE_AFTER = 5 * 60 * 1000;
const LIMIT = 100;
const MENUS = ["lead_management.crm_lead_my_day_menu", "crm.crm_menu_root"];

patch(Store.prototype, {
    setup() {
        super.setup(...arguments);
        // comes with Odoo's counters when the page is opened; false for who has no day
        this.leadDayCount = 0;
    },
});

/** Keeps the number of leads that wait for the user true: asks after something happened. */
export const dayBadgeService = {
    dependencies: ["bus_service", "mail.store"],
    start(env, {bus_service: bus, "mail.store": store}) {
        let timer = null;
        let knownAt = Date.now();

        function ask() {
            if (store.leadDayCount === false) {
                return;
            }
            // a tab that nobody looks at asks when somebody does
            knownAt = document.hidden ? 0 : Date.now();
            if (!document.hidden) {
                // it goes on with what it knew
                store.fetchStoreData("lead_day").catch(() => {});
            }
        }

        function refresh() {
            browser.clearTimeout(timer);
            timer = browser.setTimeout(ask, PAUSE);
        }

        /** What a screen has counted itself. */
        function show(count) {
            browser.clearTimeout(timer);
            knownAt = Date.now();
            store.leadDayCount = Math.min(count, LIMIT);
        }

        document.addEventListener("visibilitychange", () => {
            if (!document.hidden && Date.now() - knownAt > STALE_AFTER) {
                refresh();
            }
        });
        bus.subscribe("mail.activity/updated", refresh);
        bus.subscribe("lead.answer/updated", refresh);
        return {refresh, show};
    },
};

registry.category("services").add("lead_day_badge", dayBadgeService);

patch(NavBar.prototype, {
    setup() {
        super.setup();
        this.leadDay = useState(useService("mail.store"));
    },

    /** What is said beside an entry of the menu, or an app. */
    leadBadge(menu) {
        const {leadDayCount: count} = this.leadDay;
        if (!count || !MENUS.includes(menu.xmlid)) {
            return "";
        }
        return count < LIMIT ? String(count) : _t("%s+", LIMIT - 1);
    },

    leadBadgeTitle(menu) {
        return _t("Due now: %s", this.leadBadge(menu));
    },
});
