import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {click, queryAll, queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";

/** Five bands of 100 leads, so many of them won. */
const bands = (...wons) =>
    wons.map((won, index) => ({
        low: 20 * index,
        high: index === 4 ? 100 : 20 * index + 19,
        leads: won === null ? 0 : 100,
        won: won || 0,
        rate: won === null ? null : won / 100,
    }));

const RESULT = {
    date: "2026-11-24T10:00:00",
    leads: 1200,
    won: 300,
    captured: 800,
    base_rate: 0.25,
    warnings: ["few", "in_sample", "today"],
    hot: {hot: 0.2, warm: 0.5},
    models: [
        {
            key: "this",
            name: "Version 2",
            auc: 0.81,
            error: 0.01,
            lift10: 2.2,
            lift20: 1.9,
            separates: true,
            leads: 1200,
            bands: bands(5, 10, null, 40, 50),
        },
        {
            key: "crossed",
            name: "As suggested",
            auc: 0.78,
            error: 0.01,
            low: 0.74,
            high: 0.82,
            lift10: null,
            lift20: null,
            separates: true,
            leads: 900,
            bands: [],
        },
        {
            key: "active",
            name: "Version <b>1</b>",
            auc: 0.52,
            error: 0.02,
            lift10: 1.1,
            lift20: 1,
            separates: false,
            leads: 1200,
            bands: bands(20, 20, 25, 30, 30),
        },
        {
            key: "odoo",
            name: "Odoo",
            auc: null,
            error: null,
            lift10: null,
            lift20: null,
            separates: false,
            leads: 0,
            bands: [],
        },
    ],
    rules: [
        {id: 1, name: "Budget", points: 20, leads: 400, rate: 0.45, lift: 1.8, verdict: "right"},
        {id: 2, name: "<b>Fair</b>", points: 10, leads: 90, rate: 0.1, lift: 0.4, verdict: "wrong"},
        {id: 3, name: "Any", points: -5, leads: 1000, rate: 0.245, lift: 1, verdict: "weak"},
        {id: 4, name: "Moon", points: 5, leads: 0, rate: null, lift: null, verdict: "few"},
    ],
    open: {leads: 500, warmer: 30, colder: 12, hot_before: 40, hot_after: 60, rerouted: null},
};

class Version extends models.Model {
    _name = "version";

    backtest = fields.Json();

    _records = [
        {id: 1, backtest: RESULT},
        {id: 2, backtest: false},
    ];
}

defineMailModels();
defineModels([Version]);

const arch = `
    <form>
        <field name="backtest" widget="lead_score_backtest" readonly="1"/>
    </form>`;

const mountVersion = (resId) => mountView({type: "form", resModel: "version", resId, arch});

/** The texts of the nodes, whatever lies between their words. */
function words(selector) {
    return queryAllTexts(selector).map((text) => text.split(/\s+/).join(" "));
}

test("says so when nothing was tested", async () => {
    await mountVersion(2);
    expect(".o_lead_backtest_empty").toHaveText(/^Not tested yet\./);
    expect(".o_lead_backtest").toHaveCount(0);
});

test("tells what was tested, and what to mind", async () => {
    await mountVersion(1);
    expect(".o_lead_backtest_summary").toHaveText(
        /11\/24\/2026\. Closed leads: 1,200, won: 300 \(25 %\)\.\s*Leads with known values from before they were closed: 800/,
    );
    expect(words(".o_lead_backtest_warning").map((text) => text.slice(0, 22))).toEqual([
        "There are fewer than 2",
        "These points were sugg",
        "For some or all leads ",
    ]);
});

test("says how many would have been hot", async () => {
    await mountVersion(1);
    expect(".o_lead_backtest_shares").toHaveText("Hot leads: 20 %. Warm or hot leads: 50 %.");
});

test("draws the win rate of each band", async () => {
    await mountVersion(1);
    expect(words(".o_lead_chart_rate")).toEqual(["5 %", "10 %", "–", "40 %", "50 %"]);
    expect(words(".o_lead_chart_label")).toEqual([
        "0–19 Leads: 100",
        "20–39 Leads: 100",
        "40–59 Leads: 0",
        "60–79 Leads: 100",
        "80–100 Leads: 100",
    ]);
    expect(queryAll(".o_lead_chart_bar").map((bar) => bar.style.height)).toEqual([
        "10%",
        "20%",
        "0%",
        "80%",
        "100%",
    ]);
    expect(".o_lead_chart_marker").toHaveCount(5);
    expect(".o_lead_chart_base").toHaveAttribute("style", /bottom: 50%/);
    expect(".o_lead_chart [role=img]").toHaveAttribute(
        "aria-label",
        "Win rate by score. 0–19: 5 %, 20–39: 10 %, 40–59: –, 60–79: 40 %, 80–100: 50 %. " +
            "All leads: 25 %.",
    );
    expect(".o_lead_chart_band:first").toHaveAttribute(
        "title",
        "Score 0–19: 5 of 100 leads won (5 %)\nVersion <b>1</b>: 20 %",
    );
    expect(words(".o_lead_chart_legend > span")).toEqual([
        "Version 2",
        "Version <b>1</b>",
        "All leads: 25 %",
    ]);
});

test("compares the models", async () => {
    await mountVersion(1);
    expect(words(".o_lead_backtest_models tbody tr")).toEqual([
        "Version 2 0.81 ± 0.02 2.2× the average win rate 1.9× the average win rate 1,200",
        "As suggested 0.78 (expect 0.74 to 0.82) – – 900",
        "Version <b>1</b> 0.52 ± 0.04 May be due to chance 1.1× the average win rate 1.0× the average win rate 1,200",
        "Odoo – – – 0",
    ]);
});

test("tells what changes for open leads", async () => {
    await mountVersion(1);
    expect(words(".o_lead_backtest_open [data-change]")).toEqual([
        "30 Become warmer",
        "12 Become colder",
        "40 → 60 Hot leads",
    ]);
});

test("shows the rules as given, and sorts them by a click", async () => {
    await mountVersion(1);
    const names = () => queryAllTexts(".o_lead_backtest_rules tbody td:first-child");
    expect(words(".o_lead_backtest_rules tbody tr")).toEqual([
        "Budget +20 400 45 % 1.8× Confirmed",
        "<b>Fair</b> +10 90 10 % 0.4× Contradicted",
        "Any \u22125 1,000 24.5 % 1.0× No effect",
        "Moon +5 0 – – Too few leads",
    ]);
    await click(".o_lead_backtest_sort[data-column=leads]");
    await animationFrame();
    expect(names()).toEqual(["Any", "Budget", "<b>Fair</b>", "Moon"]);
    expect("th:has([data-column=leads])").toHaveAttribute("aria-sort", "descending");
    await click(".o_lead_backtest_sort[data-column=lift]");
    await animationFrame();
    expect(names()).toEqual(["Budget", "Any", "<b>Fair</b>", "Moon"]);
    await click(".o_lead_backtest_sort[data-column=lift]");
    await animationFrame();
    expect(names()).toEqual(["<b>Fair</b>", "Any", "Budget", "Moon"]);
    await click(".o_lead_backtest_sort[data-column=name]");
    await animationFrame();
    expect("th:has([data-column=name])").toHaveAttribute("aria-sort", "ascending");
});
