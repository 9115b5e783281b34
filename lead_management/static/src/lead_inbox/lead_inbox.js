import {Component, onWillStart, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {registry} from "@web/core/registry";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {listView} from "@web/views/list/list_view";
import {ListRenderer} from "@web/views/list/list_renderer";

/** What came in today, and which source needs somebody. */
export class LeadInboxHead extends Component {
    static template = "lead_management.LeadInboxHead";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.inbox = useState({
            today: 0,
            done: 0,
            attached: 0,
            doors: [],
            needs: 0,
            rows: 0,
            alerts: [],
        });
        onWillStart(async () => {
            const summary = await this.orm.call("lead.capture.entry", "action_inbox_summary", []);
            Object.assign(this.inbox, summary);
        });
    }

    /** Beyond some nobody counts: there are more. */
    count(number) {
        return number < this.inbox.most ? number : `${number}+`;
    }

    openSources() {
        this.action.doAction("lead_management.lead_capture_source_action");
    }

    showNeeds() {
        const {searchModel} = this.env;
        const needs = Object.values(searchModel.searchItems).find((item) => item.name === "needs");
        if (needs && !searchModel.query.some((q) => q.searchItemId === needs.id)) {
            searchModel.toggleSearchItem(needs.id);
        }
    }

    downloadRows() {
        this.action.doAction({type: "ir.actions.act_url", url: "/lead/capture/rows"});
    }
}

/** The inbox tells first what needs somebody, on a phone as well. */
export class LeadInboxRenderer extends ListRenderer {
    static template = "lead_management.LeadInboxRenderer";
    static components = {...ListRenderer.components, LeadInboxHead};
}

export class LeadInboxCards extends KanbanRenderer {
    static template = "lead_management.LeadInboxCards";
    static components = {...KanbanRenderer.components, LeadInboxHead};
}

registry.category("views").add("lead_inbox", {
    ...listView,
    Renderer: LeadInboxRenderer,
});
registry.category("views").add("lead_inbox_cards", {
    ...kanbanView,
    Renderer: LeadInboxCards,
});
