import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {click, queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Lead extends models.Model {
    _name = "lead";

    name = fields.Char();
    touch_ids = fields.One2many({
        relation: "touch",
        relation_field: "lead_id",
        string: "Touches",
    });

    _records = [
        {id: 1, name: "Crane", touch_ids: [1, 2]},
        {id: 2, name: "Scale", touch_ids: []},
    ];
}

class Touch extends models.Model {
    _name = "touch";

    lead_id = fields.Many2one({relation: "lead"});
    note = fields.Char();

    _records = [
        {id: 1, lead_id: 1, note: "Called"},
        {id: 2, lead_id: 1, note: "Wrote"},
    ];
    _views = {
        "list,lead_management.of_lead": `<list><field name="note"/></list>`,
    };
}

defineMailModels();
defineModels([Lead, Touch]);

const arch = `
    <form>
        <notebook>
            <page string="Profile"><field name="name"/></page>
            <page string="Touches">
                <field
                    name="touch_ids"
                    widget="lead_rows"
                    options="{'list_view': 'lead_management.of_lead'}"
                />
            </page>
        </notebook>
    </form>`;

/** Mount a lead; note what is read of it and of its rows. */
async function mountLead(resId) {
    onRpc("lead", "web_read", ({kwargs}) => {
        expect.step(kwargs.specification.touch_ids.fields);
    });
    onRpc("touch", "get_views", ({kwargs}) => {
        expect(kwargs.context.list_view_ref).toBe("lead_management.of_lead");
    });
    onRpc("touch", "web_search_read", ({kwargs}) => {
        expect.step(kwargs.domain);
    });
    await mountView({type: "form", resModel: "lead", resId, arch});
}

async function openTab(number) {
    await click(`.nav-item:nth-child(${number}) .nav-link`);
    await animationFrame();
    await animationFrame();
}

test("rows are read when their tab is opened, and not before", async () => {
    await mountLead(1);
    expect.verifySteps([{}]);
    await openTab(2);
    expect.verifySteps([[["id", "in", [1, 2]]]]);
    expect(queryAllTexts(".o_lead_rows .o_data_cell")).toEqual(["Called", "Wrote"]);
    expect(".o_lead_rows .o_list_record_selector").toHaveCount(0);
});

test("nothing is read where there are none", async () => {
    await mountLead(2);
    await openTab(2);
    expect.verifySteps([{}]);
    expect(".o_lead_rows .o_list_view").toHaveCount(0);
});

test("a row opens in a dialog, under the name of the tab", async () => {
    mockService("action", {
        doAction: (action) => expect.step([action.name, action.res_id, action.target]),
    });
    await mountLead(1);
    await openTab(2);
    await click(".o_lead_rows .o_data_row:last .o_data_cell");
    await animationFrame();
    expect.verifySteps([{}, [["id", "in", [1, 2]]], ["Touches", 2, "new"]]);
});
