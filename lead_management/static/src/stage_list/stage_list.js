import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {ListRenderer} from "@web/views/list/list_renderer";
import {listView} from "@web/views/list/list_view";
import {onWillStart} from "@odoo/owl";

/** The list of stages says how many have no meaning yet, and leads to the mapping. */
export class StageListRenderer extends ListRenderer {
    static template = "lead_management.StageListRenderer";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.action = useService("action");
        onWillStart(async () => {
            this.mayMap = await user.hasGroup("sales_team.group_sale_manager");
        });
    }

    get untypedCount() {
        const {records} = this.props.list;
        return records.filter((record) => !record.data.stage_type).length;
    }

    async map() {
        this.action.doAction(await this.orm.call("crm.stage", "action_map_stages", [[]]));
    }
}

registry.category("views").add("lead_stage_list", {
    ...listView,
    Renderer: StageListRenderer,
});
