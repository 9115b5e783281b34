import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {click, queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame, mockDate, runAllTimers} from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    MockServer,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Lead extends models.Model {
    _name = "lead";

    name = fields.Char();
    score_total = fields.Integer();
    score_temperature = fields.Char();
    score_grade = fields.Char();
    score_fit = fields.Integer();
    score_engagement = fields.Integer();
    score_reasons = fields.Json();

    _records = [
        {
            id: 1,
            name: "Lead",
            score_total: 72,
            score_temperature: "hot",
            score_grade: "A2",
            score_fit: 70,
            score_engagement: 20,
            score_reasons: [
                {name: "Budget is known", points: 40, dimension: "fit"},
                {name: "<b>Free mail</b>", points: -10, dimension: "fit"},
            ],
        },
        {
            id: 2,
            score_total: 0,
            score_temperature: "cold",
            score_grade: false,
            score_reasons: false,
        },
        {
            id: 3,
            score_total: 10,
            score_temperature: "cold",
            score_grade: "D3",
            score_reasons: [
                {
                    name: "Visited the prices",
                    points: 10,
                    dimension: "engagement",
                    date: "2026-11-20",
                    count: 3,
                    full: 25,
                },
                {
                    name: "Wrote to us",
                    points: 5,
                    dimension: "engagement",
                    date: "2026-11-24",
                    count: 1,
                    full: 5,
                },
                {
                    name: "Came to the fair",
                    points: 1,
                    dimension: "engagement",
                    date: "2026-08-01",
                    full: 20,
                },
                {name: "At most 12 for visits", points: -4, kind: "cap"},
                {name: "<i>Competitor</i>", points: 0, kind: "veto"},
            ],
        },
    ];
}

defineMailModels();
defineModels([Lead]);

const arch = `
    <form>
        <field name="score_reasons" widget="lead_score_reasons"/>
        <field name="name"/>
    </form>`;

const kanban = `
    <kanban>
        <templates>
            <t t-name="card">
                <field name="score_total"/>
                <widget name="lead_score_card"/>
            </t>
        </templates>
    </kanban>`;

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
    expect(".o_lead_score").toHaveAttribute("aria-label", "Score 72, Hot");
});

test("says so when no rule fits", async () => {
    await mountView({type: "form", resModel: "lead", resId: 2, arch});
    expect(".o_lead_score.o_lead_score_cold").toHaveText(/^0\s*Cold$/);
    expect(".o_lead_score_reason").toHaveCount(0);
    expect(".o_lead_score_grade").toHaveCount(0);
    expect(".o_lead_score_more").toHaveCount(0);
    expect(".o_field_lead_score_reasons").toHaveText(/No scoring rule matches yet/);
});

test("explains the grade", async () => {
    await mountView({type: "form", resModel: "lead", resId: 1, arch});
    await click(".o_lead_score_more:contains(Details)");
    await animationFrame();
    expect(".o_lead_score_grade").toHaveText("A2");
    expect(".o_lead_reasons_all p").toHaveText(/Fit 70 of 100 \(A\), engagement 20 of 100 \(2\)$/);
});

test("tells how often and when something happened, and a veto first", async () => {
    mockDate("2026-11-24 10:00:00");
    await mountView({type: "form", resModel: "lead", resId: 3, arch});
    expect(words(".o_lead_score_reason")).toEqual([
        "<i>Competitor</i>",
        "+10 Visited the prices ×3",
        "+5 Wrote to us",
    ]);
    await click(".o_lead_score_more:contains(More reasons: 2)");
    await animationFrame();
    expect(words(".o_lead_score_each")).toEqual([
        "<i>Competitor</i>",
        "+10 Visited the prices ×3 4 days ago",
        "+5 Wrote to us today",
        "+1 Came to the fair 3 months ago",
        "\u22124 At most 12 for visits",
    ]);
    expect(".o_lead_score_veto .fa-ban").toHaveCount(1);
    expect(".o_lead_score_each:contains(Visited)").toHaveAttribute(
        "title",
        "3 times, last on 11/20/2026; 25 points before decay",
    );
    expect(".o_lead_score_each:contains(Wrote)").toHaveAttribute("title", "On 11/24/2026");
    expect(".o_lead_score_each:contains(fair)").toHaveAttribute(
        "title",
        "On 08/01/2026; 20 points before decay",
    );
});

test("shows the strongest reason on a card, read once for all cards", async () => {
    onRpc("crm.lead", "read", ({args}) => {
        expect.step(`read ${args[0].length}`);
        return MockServer.env.lead.read(...args);
    });
    await mountView({type: "kanban", resModel: "lead", arch: kanban});
    await runAllTimers();
    await animationFrame();
    expect(words(".o_lead_score_card")).toEqual(["+40 Budget is known", "", "<i>Competitor</i>"]);
    expect(".o_lead_score_card .fa-ban").toHaveCount(1);
    expect.verifySteps(["read 3"]);
});
