import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {
    defineModels,
    findComponent,
    fields,
    makeMockEnv,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {serializeDateTime} from "@web/core/l10n/dates";
import {GraphRenderer} from "@web/views/graph/graph_renderer";
import {formatMinutes} from "@lead_management/duration/duration";

const {DateTime} = luxon;

class Rule extends models.Model {
    _name = "rule";

    domain = fields.Char();
    qualifying_domain = fields.Char();
    waited = fields.Float();
    date = fields.Datetime();

    _records = [
        {
            id: 1,
            domain: "[('waited', '>', 5)]",
            qualifying_domain: "[('id', '=', 1)]",
            waited: 100,
            date: false,
        },
        {id: 2, domain: "[]", qualifying_domain: false, waited: 7, date: false},
    ];
}

class Share extends models.Model {
    _name = "share";

    user = fields.Char();
    got = fields.Integer({string: "Leads", aggregator: "sum"});
    share = fields.Float({string: "Fair Share", aggregator: "sum"});

    _records = [
        {id: 1, user: "Ann", got: 1, share: 0.5},
        {id: 2, user: "Bob", got: 0, share: 0.5},
    ];
}

defineMailModels();
defineModels([Rule, Share]);

test("a number of minutes in readable units", async () => {
    await makeMockEnv();
    expect(formatMinutes(false)).toBe("");
    expect(formatMinutes(0)).toBe("0 min");
    expect(formatMinutes(4.4)).toBe("4 min");
    expect(formatMinutes(112)).toBe("1 h 52 min");
    expect(formatMinutes(76 * 60)).toBe("3 d 4 h");
});

test("what was waited, and since when", async () => {
    Rule._records[0].date = serializeDateTime(DateTime.now().minus({minutes: 90}));
    await mountView({
        type: "form",
        resModel: "rule",
        resId: 1,
        arch: `<form>
            <field name="waited" widget="lead_minutes" />
            <field name="date" widget="lead_age" />
        </form>`,
    });
    expect(".o_lead_minutes").toHaveText("1 h 40 min");
    expect(".o_lead_age").toHaveText("1 h 30 min");
});

test("the preview of a condition counts what qualifies", async () => {
    onRpc("rule", "search_count", ({args}) => {
        expect.step(JSON.stringify(args[0]));
    });
    await mountView({
        type: "form",
        resModel: "rule",
        resId: 1,
        arch: `<form>
            <field name="qualifying_domain" invisible="1" />
            <field name="domain" widget="lead_condition" options="{'model': 'rule'}" />
        </form>`,
    });
    expect(".o_domain_show_selection_button").toHaveText("Leads: 1");
    expect.verifySteps(['["&",["waited",">",5],["id","=",1]]']);
});

test("the picture of fairness shows what went with the weights, too", async () => {
    const view = await mountView({
        type: "graph",
        resModel: "share",
        arch: `<graph js_class="lead_fairness_graph" stacked="0">
            <field name="user" />
            <field name="got" type="measure" />
        </graph>`,
    });
    const {model} = findComponent(view, (component) => component instanceof GraphRenderer).props;
    const {labels, datasets} = model.data;
    expect(labels).toEqual(["Ann", "Bob"]);
    expect(datasets.map(({label, data}) => [label, data])).toEqual([
        ["Leads", [1, 0]],
        ["Fair Share", [0.5, 0.5]],
    ]);
});
