import {onWillStart, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {registry} from "@web/core/registry";
import {listView} from "@web/views/list/list_view";
import {ListRenderer} from "@web/views/list/list_renderer";

/** The inbox tells first what came in today, and which source needs somebody. */
export class LeadInboxRenderer extends ListRenderer {
    static template = "lead_management.LeadInboxRenderer";

    setup() {
        super.setup();
        this.inboxOrm = useService("orm");
        this.inboxAction = useService("action");
        this.inbox = useState({today: 0, done: 0, attached: 0, needs: 0, alerts: []});
        onWillStart(async () => {
            const summary = await this.inboxOrm.call(
                "lead.capture.entry",
                "action_inbox_summary",
                [],
            );
            Object.assign(this.inbox, summary);
        });
    }

    openSources() {
        this.inboxAction.doAction("lead_management.lead_capture_source_action");
    }

    showNeeds() {
        const needs = Object.values(this.env.searchModel.searchItems).find(
            (item) => item.name === "needs",
        );
        if (needs && !this.env.searchModel.query.some((q) => q.searchItemId === needs.id)) {
            this.env.searchModel.toggleSearchItem(needs.id);
        }
    }
}

registry.category("views").add("lead_inbox", {
    ...listView,
    Renderer: LeadInboxRenderer,
});
