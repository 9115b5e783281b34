import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {click, edit, press, queryAllTexts, queryFirst} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {defineModels, fields, models, mountView, onRpc} from "@web/../tests/web_test_helpers";

const QUESTION = {
    help: "",
    unit: "",
    options: [],
    limited: false,
    value: null,
    answered: false,
    by: "",
    on: "",
    source: "",
    level: "",
    points: 0,
    rank: [],
    reason: "",
};
const BUDGET = {
    ...QUESTION,
    id: 1,
    name: "Budget",
    question: "Is there a <b>budget</b>?",
    kind: "yes_no",
    help: "Ask about the costs.",
    options: [
        {id: 11, name: "Yes"},
        {id: 12, name: "No"},
    ],
    points: 20,
    reason: "up to +20 points",
};
const NEEDS = {
    ...QUESTION,
    id: 2,
    name: "Needs",
    question: "What is needed?",
    kind: "multiple",
    options: [
        {id: 21, name: "Speed"},
        {id: 22, name: "Price"},
    ],
};
const SEATS = {
    ...QUESTION,
    id: 3,
    name: "Seats",
    question: "How many seats?",
    kind: "number",
    unit: "seats",
    value: 0,
    answered: true,
    by: "Ann",
    on: "2026-11-24 10:00:00",
    source: "Salesperson",
};

class Lead extends models.Model {
    _name = "lead";

    name = fields.Char();
    qualification = fields.Json();
    profile_missing = fields.Json();
    profile_completeness = fields.Integer();
    persona_id = fields.Many2one({relation: "persona"});
    persona_match = fields.Integer();

    _records = [
        {
            id: 1,
            name: "Lead",
            qualification: {
                questions: [BUDGET, NEEDS, SEATS],
                answered: 1,
                total: 3,
                next: 1,
            },
            profile_missing: ["A", "B", "C", "D", "Name"].map((label) => ({
                label,
                field: label.toLowerCase(),
            })),
            profile_completeness: 40,
            persona_id: 5,
            persona_match: 75,
        },
    ];
}

class Persona extends models.Model {
    _name = "persona";

    name = fields.Char();

    _records = [{id: 5, name: "Olivia"}];
}

defineMailModels();
defineModels([Lead, Persona]);

const arch = `
    <form>
        <field name="name"/>
        <field name="profile_missing" widget="lead_profile" readonly="1"/>
        <field name="qualification" widget="lead_qualification" readonly="0"/>
    </form>`;

/** Mount the form; return the answers that are sent. */
async function mountLead() {
    const sent = [];
    onRpc("crm.lead", "action_qualify", ({args}) => {
        sent.push(args[1]);
        return {};
    });
    await mountView({type: "form", resModel: "lead", resId: 1, arch});
    return sent;
}

test("shows the best question first, how to ask it, and who answered", async () => {
    await mountLead();
    expect(".o_lead_progress").toHaveText("1 of 3 answered");
    expect(".o_lead_best").toHaveText(/up to \+20 points/);
    expect(".o_lead_best .o_lead_question_help").toHaveText("Ask about the costs.");
    expect(queryAllTexts(".o_lead_question .fw-bold")).toEqual([
        "Is there a <b>budget</b>?",
        "What is needed?",
        "How many seats?",
    ]);
    expect("[data-question='3'] input").toHaveValue("0");
    expect("[data-question='3']").toHaveText(/Ann, .*\(Salesperson\)/);
});

test("answers a choice by click and by digit", async () => {
    const sent = await mountLead();
    await click("[data-question='1'] .o_lead_option:first");
    await animationFrame();
    await animationFrame();
    queryFirst("[data-question='1'] .o_lead_options").focus();
    await press("2");
    await animationFrame();
    expect(sent).toEqual([{1: 11}, {1: 12}]);
});

test("hands several choices over when the question is left", async () => {
    const sent = await mountLead();
    queryFirst("[data-question='2'] .o_lead_options").focus();
    await press("2");
    await press("1");
    await animationFrame();
    expect(sent).toEqual([]);
    queryFirst("[name=name] input").focus();
    await animationFrame();
    expect(sent).toEqual([{2: [22, 21]}]);
});

test("sends numbers, and refuses what is none", async () => {
    const sent = await mountLead();
    await click("[data-question='3'] input");
    await edit("a dozen", {confirm: "enter"});
    await animationFrame();
    expect(sent).toEqual([]);
    expect("[data-question='3'] input").toHaveClass("is-invalid");
    await edit("1,200.5", {confirm: "enter"});
    await animationFrame();
    expect(sent).toEqual([{3: 1200.5}]);
});

test("shows the profile and the persona", async () => {
    await mountLead();
    expect(".o_lead_profile").toHaveText(/40 %/);
    expect(".o_lead_profile .badge").toHaveText(/Olivia\s*75 %/);
});
