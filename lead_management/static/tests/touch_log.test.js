import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {click, edit, press, queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    makeServerError,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {REFUSED_ERROR} from "@lead_management/refusal/refusal";
import {isTouch, logTouch} from "@lead_management/touch/touch_activity";

const OUTCOMES = [
    {id: 1, name: "Reached", icon: "fa-check", color: "success"},
    {id: 2, name: "No answer", icon: "fa-bell-slash-o", color: "warning"},
];
const TYPES = [
    {id: 1, name: "Call", icon: "fa-phone"},
    {id: 2, name: "Email", icon: "fa-envelope"},
];

class Choice extends models.Model {
    _name = "choice";

    name = fields.Char();

    _records = [
        {id: 1, name: "Reached"},
        {id: 2, name: "No answer"},
    ];
}

class Log extends models.Model {
    _name = "log";

    channel = fields.Selection({
        selection: [
            ["call", "Call"],
            ["meeting", "Meeting"],
        ],
    });
    outcome_id = fields.Many2one({relation: "choice"});
    activity_type_id = fields.Many2one({relation: "choice"});
    stage_id = fields.Many2one({relation: "choice"});
    outcomes = fields.Json();
    types = fields.Json();
    dates = fields.Json();
    advice = fields.Json();
    preview = fields.Json();
    next_date = fields.Date();
    next_summary = fields.Char();
    note = fields.Text();

    _records = [
        {
            id: 1,
            channel: "call",
            outcomes: OUTCOMES,
            types: TYPES,
            activity_type_id: 1,
            preview: {stage: "Moves to Contacted.", step: "Next step: Call, Mon."},
            dates: [
                {label: "Tomorrow", date: "2026-11-26"},
                {label: "Next week", date: "2026-11-30"},
            ],
            advice: {
                text: "5 attempts",
                options: [{channel: "email", type_id: 2, type: "Email", summary: "Write an email"}],
                unqualified: {id: 2, display_name: "Unqualified"},
            },
        },
    ];
}

defineMailModels();
defineModels([Choice, Log]);

function mount(body) {
    return mountView({
        type: "form",
        resModel: "log",
        resId: 1,
        arch: `<form>
            <field name="outcomes" invisible="1"/><field name="types" invisible="1"/>
            ${body}
        </form>`,
    });
}

function saves(values) {
    onRpc("log", "web_save", ({args}) => {
        expect.step("saved");
        expect(args[1]).toEqual(values);
    });
}

async function save() {
    await click(".o_form_button_save");
    await animationFrame();
    expect.verifySteps(["saved"]);
}

test("an outcome is one click, and the note comes next", async () => {
    saves({outcome_id: 2});
    await mount(`
        <field name="outcome_id" widget="lead_touch_choice" options="{'choices': 'outcomes'}"/>
        <field name="note" class="o_lead_touch_note"/>`);
    expect(queryAllTexts("[name=outcome_id] button")).toEqual(["Reached", "No answer"]);
    expect("[name=outcome_id] button:first").toHaveAttribute("data-hotkey", "1");
    await click("[name=outcome_id] button:contains(No answer)");
    await animationFrame();
    expect("[name=outcome_id] button:contains(No answer)").toHaveClass("btn-warning");
    expect(".o_lead_touch_note textarea").toBeFocused();
    // it cannot be unchosen by a second click
    await click("[name=outcome_id] button:contains(No answer)");
    await animationFrame();
    expect("[name=outcome_id] button:contains(No answer)").toHaveClass("btn-warning");
    await save();
});

test("digits choose outcomes, and the first has the focus", async () => {
    saves({outcome_id: 2, note: "21"});
    await mount(`
        <field name="channel" widget="lead_touch_choice"/>
        <field name="outcome_id" widget="lead_touch_choice" options="{'choices': 'outcomes'}"/>
        <field name="note" class="o_lead_touch_note"/>`);
    expect("[name=outcome_id] button:first").toBeFocused();
    await press("2");
    await animationFrame();
    expect("[name=outcome_id] button:contains(No answer)").toHaveAttribute("aria-pressed", "true");
    expect("[name=channel] button[aria-pressed=true]").toHaveText("Call");
    // what is typed is a note, whatever it is
    expect(".o_lead_touch_note textarea").toBeFocused();
    await edit("2");
    await animationFrame();
    expect("[name=outcome_id] button:contains(No answer)").toHaveAttribute("aria-pressed", "true");
    await press("1");
    await animationFrame();
    await save();
});

test("what saving will do is said before", async () => {
    await mount(`<field name="preview" widget="lead_touch_preview"/>`);
    expect(".o_lead_touch_preview").toHaveText(/Moves to Contacted\. Next step: Call, Mon\./);
});

test("a refusal stands beside what was entered, and is no invalid operation", async () => {
    expect.errors(1);
    await mount(`<field name="note"/>`);
    Promise.reject(makeServerError({errorName: REFUSED_ERROR, message: "Choose the outcome."}));
    await animationFrame();
    await animationFrame();
    expect.verifyErrors(["Choose the outcome."]);
    expect(".o_notification").toHaveText("Choose the outcome.");
    expect(".o_error_dialog, .modal").toHaveCount(0);
    expect(".o_form_view").toHaveCount(1);
});

test("the next step can be unchosen", async () => {
    saves({activity_type_id: false});
    await mount(`<field name="activity_type_id" widget="lead_touch_choice"
        options="{'choices': 'types', 'optional': True}"/>`);
    expect("[name=activity_type_id] button:contains(Call)").toHaveAttribute("aria-pressed", "true");
    expect("[name=activity_type_id] button:first").not.toHaveAttribute("data-hotkey");
    await click("[name=activity_type_id] button:contains(Call)");
    await animationFrame();
    expect("[name=activity_type_id] button[aria-pressed=true]").toHaveCount(0);
    await save();
});

test("a channel is chosen of a selection", async () => {
    saves({channel: "meeting"});
    await mount(`<field name="channel" widget="lead_touch_choice"/>`);
    await click("[name=channel] button:contains(Meeting)");
    await animationFrame();
    await save();
});

test("a date is one click", async () => {
    saves({next_date: "2026-11-30"});
    await mount(`
        <field name="dates" widget="lead_touch_dates" options="{'date': 'next_date'}"/>
        <field name="next_date"/>`);
    await click("[name=dates] button:contains(Next week)");
    await animationFrame();
    expect("[name=dates] button[aria-pressed=true]").toHaveText("Next week Mon 30");
    await save();
});

test("advice proposes another way, or to let go", async () => {
    saves({activity_type_id: false, next_summary: "Write an email", stage_id: 2});
    await mount(`
        <field name="advice" widget="lead_touch_advice"/>
        <field name="activity_type_id" widget="lead_touch_choice"
            options="{'choices': 'types', 'optional': True}"/>
        <field name="next_summary"/><field name="stage_id"/>`);
    expect(".o_lead_touch_advice").toHaveText(/5 attempts/);
    await click("[data-channel=email]");
    await animationFrame();
    expect("[name=activity_type_id] button[aria-pressed=true]").toHaveText("Email");
    await click(".o_lead_touch_let_go");
    await animationFrame();
    await save();
});

test("calls and meetings of leads are done with an outcome, nothing else", async () => {
    const activity = {id: 7, res_model: "crm.lead", activity_category: "phonecall"};
    expect(isTouch(activity)).toBe(true);
    expect(isTouch({...activity, activity_category: "meeting"})).toBe(true);
    expect(isTouch({...activity, activity_category: "default"})).toBe(false);
    expect(isTouch({...activity, res_model: "res.partner"})).toBe(false);
    const services = {
        orm: {
            call: async (...args) => {
                expect.step(args.slice(0, 2).join(" "));
                return {type: "dialog"};
            },
        },
        action: {
            doAction: (action, {onClose}) => {
                expect.step(action.type);
                onClose();
            },
        },
    };
    await logTouch(services, activity);
    expect.verifySteps(["mail.activity action_log_touch", "dialog"]);
});
