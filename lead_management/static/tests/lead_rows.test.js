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
    _records = [
        {id: 1, name: "Crane"},
        {id: 2, name: "Scale"},
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
                <widget
                    name="lead_rows"
                    string="Touches"
                    model="touch"
                    list_view="lead_management.of_lead"
                    open="1"
                />
                <widget name="lead_rows" string="Folded" model="touch" list_view="lead_management.of_lead"/>
            </page>
        </notebook>
    </form>`;

/** Mount a lead; note what is read of it and of its rows. */
async function mountLead(resId) {
    onRpc("lead", "web_read", ({kwargs}) => {
        expect.step(Object.keys(kwargs.specification).sort());
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
    expect.verifySteps([["display_name", "name"]]);
    await openTab(2);
    expect.verifySteps([[["lead_id", "=", 1]]]);
    expect(queryAllTexts(".o_lead_rows .o_data_cell")).toEqual(["Called", "Wrote"]);
    expect(".o_lead_rows .o_list_record_selector").toHaveCount(0);
});

test("rows that are folded are read when they are unfolded", async () => {
    await mountLead(2);
    await openTab(2);
    expect(".o_lead_rows .o_list_view").toHaveCount(1);
    expect(".o_lead_rows_title:last").toHaveAttribute("aria-expanded", "false");
    await click(".o_lead_rows_title:contains(Folded)");
    await animationFrame();
    await animationFrame();
    expect(".o_lead_rows .o_list_view").toHaveCount(2);
    expect(".o_lead_rows_title:last").toHaveAttribute("aria-expanded", "true");
    expect.verifySteps([["display_name", "name"], [["lead_id", "=", 2]], [["lead_id", "=", 2]]]);
});

test("a row opens in a dialog, under the name of the tab", async () => {
    mockService("action", {
        doAction: (action) => expect.step([action.name, action.res_id, action.target]),
    });
    await mountLead(1);
    await openTab(2);
    await click(".o_lead_rows .o_data_row:last .o_data_cell");
    await animationFrame();
    expect.verifySteps([["display_name", "name"], [["lead_id", "=", 1]], ["Touches", 2, "new"]]);
});
