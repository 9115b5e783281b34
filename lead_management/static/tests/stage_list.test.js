import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {click} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Stage extends models.Model {
    _name = "crm.stage";

    name = fields.Char();
    stage_type = fields.Selection({selection: [["open", "Open"]]});

    _records = [
        {id: 1, name: "New", stage_type: "open"},
        {id: 2, name: "Walk the dog", stage_type: false},
        {id: 3, name: "Party", stage_type: false},
    ];
}

defineMailModels();
defineModels([Stage]);

const BANNER = ".o_lead_stage_banner";

/** Mount the list, as a manager or not. */
async function mountStages(isManager) {
    onRpc("has_group", () => isManager);
    await mountView({
        resModel: "crm.stage",
        type: "list",
        arch: '<list js_class="lead_stage_list"><field name="name"/><field name="stage_type"/></list>',
    });
}

test("it says how many stages have no type, and leads to the mapping", async () => {
    onRpc("crm.stage", "action_map_stages", ({args}) => {
        expect(args).toEqual([[]]);
        return {type: "ir.actions.act_window", res_model: "lead.stage.mapping"};
    });
    mockService("action", {
        doAction(action) {
            expect.step(action.res_model);
        },
    });
    await mountStages(true);
    expect(BANNER).toHaveText(/standard Odoo: 2/);
    await click(`${BANNER} button`);
    await animationFrame();
    expect.verifySteps(["lead.stage.mapping"]);
});

test("it is quiet when all have one", async () => {
    Stage._records = [{id: 1, name: "New", stage_type: "open"}];
    await mountStages(true);
    expect(BANNER).toHaveCount(0);
    expect(".o_data_row").toHaveCount(1);
});

test("who may not map is not asked to", async () => {
    await mountStages(false);
    expect(BANNER).toHaveCount(0);
    expect(".o_data_row").toHaveCount(3);
});
