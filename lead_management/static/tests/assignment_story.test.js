import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {click, press, queryAllTexts, queryFirst} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";

const DECISION = {
    date: "2026-11-24 10:00:00",
    trigger: "New lead",
    outcome: "assigned",
    outcome_label: "Assigned",
    rule: "Web leads",
    version: 3,
    people: [],
    passed: [],
};
const PEOPLE = [
    {id: 7, name: "Ann", state: "owed +0.67", share: 0.6667, chosen: true},
    {id: 8, name: "Bob <b>B</b>", state: "owed +0.33", share: 0.3333, chosen: false},
    {id: 9, name: "Cid", state: "away until 3:00 PM", share: 0, chosen: false},
];
const GIVEN = {
    ...DECISION,
    id: 2,
    text: "“Web leads” gave it to Ann, whose turn it was among 2.",
    people: PEOPLE,
    passed: [{rule: "Old customers", reason: "no one had a lead of this customer before"}],
};
const BY_HAND = {
    ...DECISION,
    id: 1,
    date: "2026-11-23 09:00:00",
    trigger: "Manually",
    text: "Zoe gave it to Bob.",
    rule: "",
    version: 0,
};
const NOBODY = {
    ...DECISION,
    id: 3,
    outcome: "no_candidate",
    text: "“Web leads” has no one available.",
    people: [PEOPLE[2]],
};

class Lead extends models.Model {
    _name = "lead";

    assignment_story = fields.Json();

    _records = [
        {id: 1, assignment_story: [GIVEN, BY_HAND]},
        {id: 2, assignment_story: [NOBODY, GIVEN]},
        {id: 3, assignment_story: []},
        {id: 4, assignment_story: false},
        {
            id: 5,
            assignment_story: Array.from({length: 7}, (_, index) => ({
                ...BY_HAND,
                id: 7 - index,
                text: `Decision ${7 - index}`,
            })),
        },
    ];
}

defineMailModels();
defineModels([Lead]);

const arch = `
    <form>
        <field name="assignment_story" widget="lead_assignment_story" readonly="1"/>
    </form>`;

const mountLead = (resId) => mountView({type: "form", resModel: "lead", resId, arch});

/** The texts of the nodes, whatever lies between their words. */
function words(selector) {
    return queryAllTexts(selector).map((text) => text.split(/\s+/).join(" "));
}

test("tells each decision, the last one first", async () => {
    await mountLead(1);
    expect(queryAllTexts(".o_lead_decision_text")).toEqual([GIVEN.text, BY_HAND.text]);
    expect(queryAllTexts(".o_lead_decision_trigger")).toEqual(["New lead", "Manually"]);
    expect(queryAllTexts(".o_lead_decision_rule")).toEqual(["Web leads, version 3"]);
    expect(words(".o_lead_decision_date")[0]).toMatch(/^Nov 24, .*11:00/);
    expect(".o_lead_decision_toggle").toHaveCount(1);
    expect(".o_lead_decision_details").toHaveCount(0);
});

test("shows who was considered on demand, also by keyboard", async () => {
    await mountLead(1);
    expect(".o_lead_decision_toggle").toHaveAttribute("aria-expanded", "false");
    await click(".o_lead_decision_toggle");
    await animationFrame();
    expect(".o_lead_decision_toggle").toHaveAttribute("aria-expanded", "true");
    expect(words(".o_lead_person")).toEqual([
        "Ann owed +0.67 66.7 %",
        "Bob <b>B</b> owed +0.33 33.3 %",
        "Cid away until 3:00 PM",
    ]);
    expect(".o_lead_person.fw-bolder .fa-check").toHaveCount(1);
    expect(".o_lead_person.fw-bolder").toHaveText(/^Ann/);
    expect(".o_lead_person.text-muted").toHaveText(/^Cid/);
    expect(".o_lead_person:first img").toHaveAttribute(
        "data-src",
        "/web/image/res.users/7/avatar_128",
    );
    expect(".o_lead_passed li").toHaveText(
        "Old customers: no one had a lead of this customer before",
    );
    queryFirst(".o_lead_decision_toggle").focus();
    await press("Enter");
    await animationFrame();
    expect(".o_lead_decision_details").toHaveCount(0);
});

test("shows at once who was considered when nobody has the lead", async () => {
    await mountLead(2);
    expect(".o_lead_decision[data-outcome=no_candidate] .o_lead_person").toHaveText(/^Cid/);
    expect(".o_lead_decision_details").toHaveCount(1);
    await click(".o_lead_decision_toggle:first");
    await animationFrame();
    expect(".o_lead_decision_details").toHaveCount(0);
});

test("shows nothing without decisions", async () => {
    await mountLead(3);
    expect(".o_lead_story").toHaveCount(0);
});

test("shows nothing without a value", async () => {
    await mountLead(4);
    expect(".o_lead_story").toHaveCount(0);
});

test("shows old decisions on demand", async () => {
    await mountLead(5);
    expect(".o_lead_decision").toHaveCount(5);
    expect(".o_lead_decision_text:first").toHaveText("Decision 7");
    await click(".o_lead_story_more:contains(2 more)");
    await animationFrame();
    expect(".o_lead_decision").toHaveCount(7);
    expect(".o_lead_story_more").toHaveCount(0);
});
