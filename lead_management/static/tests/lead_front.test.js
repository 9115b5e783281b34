import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {click, queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame, mockDate, runAllTimers} from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    makeMockEnv,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {collectMissing} from "@lead_management/missing/missing";
import {stepWhen} from "@lead_management/next_step/step_when";

const STEP = {
    id: 7,
    icon: "fa-phone",
    type: "Call",
    category: "phonecall",
    summary: "Ask for the date",
    deadline: "2026-11-21",
    time: false,
    days: -3,
    user_id: 2,
    user: "Somebody",
    count: 2,
};

class Lead extends models.Model {
    _name = "lead";

    name = fields.Char();
    phone = fields.Char();
    active = fields.Boolean();
    won_status = fields.Char();
    user_id = fields.Many2one({relation: "lead"});
    step_next = fields.Json();
    touch_last = fields.Json();
    lead_timezone = fields.Char();
    score_total = fields.Integer();
    score_temperature = fields.Char();
    stage_gate = fields.Json();
    score_open = fields.Json();
    profile_missing = fields.Json();

    _records = [
        {
            id: 1,
            name: "Lead",
            active: true,
            won_status: "pending",
            step_next: STEP,
            touch_last: {
                date: "2026-11-24 09:48:00",
                channel: "email",
                direction: "in",
                outcome: "",
                user: "",
                minutes: 0,
                answered: true,
                attempts: 0,
            },
            lead_timezone: "America/Chicago",
            score_total: 92,
            score_temperature: "hot",
            stage_gate: {required: [{label: "Budget", qualifier: 3}], recommended: []},
            score_open: [
                {label: "Time Frame", qualifier: 4, points: 20},
                {label: "Budget", qualifier: 3, points: 10},
            ],
            profile_missing: [{label: "Phone", field: "phone", qualifier: false}],
        },
        {id: 2, name: "Bare", active: true, won_status: "pending"},
    ];
}

defineMailModels();
defineModels([Lead]);

const form = `
    <form>
        <field name="step_next" widget="lead_next_step" readonly="1"/>
        <field name="touch_last" widget="lead_last_contact" readonly="1"/>
        <field name="lead_timezone" widget="lead_local_time" readonly="1"/>
        <field name="score_total" widget="lead_score_pill" readonly="1"/>
        <widget name="lead_missing"/>
        <field name="phone"/>
    </form>`;

test("a next step says the day that is true, and the time where there is one", async () => {
    mockDate("2026-11-24 10:00:00", 0);
    await makeMockEnv();
    const shown = (days, deadline, time = false) => {
        const {urgency, text} = stepWhen({days, deadline, time});
        return `${urgency}: ${text}`;
    };
    expect(shown(-3, "2026-11-21")).toBe("late: 3 days overdue");
    expect(shown(-1, "2026-11-23")).toBe("late: 1 day overdue");
    expect(shown(0, "2026-11-24")).toBe("today: Today");
    expect(shown(0, "2026-11-24", "2026-11-24 15:00:00")).toMatch(/^today: Today, 3:00.PM$/);
    expect(shown(1, "2026-11-25")).toBe("planned: Tomorrow");
    expect(shown(6, "2026-11-30")).toBe("planned: Nov 30");
    expect(shown(60, "2027-01-23")).toBe("planned: Jan 23, 2027");
});

test("a missing fact stands once: what is required, then what is worth most", () => {
    const facts = collectMissing({
        stage_gate: {
            required: [{label: "Budget", qualifier: 3}],
            recommended: [{label: "Phone", field: "phone"}],
        },
        score_open: [
            {label: "Time Frame", qualifier: 4, points: 20},
            {label: "Budget", qualifier: 3, points: 10},
        ],
        profile_missing: [
            {label: "Phone", field: "phone", qualifier: false},
            {label: "LinkedIn", field: "linkedin_url", qualifier: false},
        ],
    });
    expect(facts.map(({label, points}) => [label, points])).toEqual([
        ["Budget", 10],
        ["Time Frame", 20],
        ["Phone", 0],
        ["LinkedIn", 0],
    ]);
    expect(collectMissing({})).toEqual([]);
});

test("the cards say what next, what was last, and what time it is there", async () => {
    mockDate("2026-11-24 10:00:00", 0);
    await mountView({type: "form", resModel: "lead", resId: 1, arch: form});
    expect(".o_lead_step.o_lead_step_late").toHaveCount(1);
    expect(".o_lead_step_what").toHaveText("Ask for the date");
    expect(".o_lead_step .o_lead_tag_late").toHaveText("3 days overdue");
    expect(".o_lead_step .o_lead_card_more").toHaveText(/Somebody\s*More steps: 1$/);
    expect(".o_lead_contact .o_lead_card_main").toHaveText("Email");
    expect(".o_lead_contact .o_lead_tag_info").toHaveText("Answered 12 min ago");
    expect(".o_lead_local_time").toHaveText(/^4:00.AM there$/);
    expect(".o_lead_score_hot").toHaveAttribute("aria-label", "Score 92, Hot");
});

test("nothing planned and nothing said is said, with a way to plan", async () => {
    await mountView({type: "form", resModel: "lead", resId: 2, arch: form});
    expect(".o_lead_step .o_lead_card_main").toHaveText("No next step");
    expect(".o_lead_step_plan").toHaveCount(1);
    expect(".o_lead_contact .o_lead_card_main").toHaveText("None yet");
    expect(".o_lead_missing").toHaveCount(0);
    expect(".o_lead_local_time").toHaveCount(0);
});

test("one chip, and all others behind it lead to their place", async () => {
    await mountView({type: "form", resModel: "lead", resId: 1, arch: form});
    expect(".o_lead_missing.o_lead_missing_required").toHaveText(/Budget\s*\+10$/);
    await click(".o_lead_missing_more");
    await animationFrame();
    expect(queryAllTexts(".o_lead_missing_menu .o-dropdown-item span:first-child")).toEqual([
        "Budget",
        "Time Frame",
        "Phone",
    ]);
    await click(".o_lead_missing_menu .o-dropdown-item:contains(Phone)");
    await runAllTimers();
    await animationFrame();
    expect("[name=phone] input").toBeFocused();
});

test("a step is put off to a day that is offered", async () => {
    onRpc("crm.lead", "action_day_dates", () => [
        {key: "tomorrow", label: "Tomorrow", date: "2026-11-25"},
    ]);
    onRpc("crm.lead", "action_day_snooze", ({args}) => {
        expect.step(args);
        return {activity_id: 7, before: "2026-11-21"};
    });
    await mountView({type: "form", resModel: "lead", resId: 1, arch: form});
    await click(".o_lead_step_snooze");
    await runAllTimers();
    await animationFrame();
    await click(".o-dropdown-item:contains(Tomorrow)");
    await animationFrame();
    expect.verifySteps([[[1], "2026-11-25", 7]]);
    await animationFrame();
    expect(".o_notification button:contains(Undo)").toHaveCount(1);
});
