import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";

class Lead extends models.Model {
    _name = "lead";

    score_total = fields.Integer();
    score_temperature = fields.Char();
    score_reasons = fields.Json();

    _records = [
        {
            id: 1,
            score_total: 72,
            score_temperature: "hot",
            score_reasons: [
                {name: "Budget is known", points: 40},
                {name: "<b>Free mail</b>", points: -10},
            ],
        },
        {id: 2, score_total: 0, score_temperature: "cold", score_reasons: false},
    ];
}

defineMailModels();
defineModels([Lead]);

const arch = `
    <form>
        <field name="score_total" invisible="1"/>
        <field name="score_temperature" invisible="1"/>
        <field name="score_reasons" widget="lead_score_reasons"/>
    </form>`;

/** The texts of the nodes, whatever lies between their words. */
function words(selector) {
    return queryAllTexts(selector).map((text) => text.split(/\s+/).join(" "));
}

test("shows the score, its temperature and the reasons", async () => {
    await mountView({type: "form", resModel: "lead", resId: 1, arch});
    expect(".o_lead_score.o_lead_score_hot").toHaveText(/^72\s*Hot$/);
    expect(words(".o_lead_score_reason")).toEqual([
        "+40 Budget is known",
        "\u221210 <b>Free mail</b>",
    ]);
    expect(".o_lead_score_reason.text-danger").toHaveCount(1);
});

test("says so when no rule fits", async () => {
    await mountView({type: "form", resModel: "lead", resId: 2, arch});
    expect(".o_lead_score.o_lead_score_cold").toHaveText(/^0\s*Cold$/);
    expect(".o_lead_score_reason").toHaveCount(0);
    expect(".o_field_lead_score_reasons").toHaveText(/No scoring rule fits yet/);
});
