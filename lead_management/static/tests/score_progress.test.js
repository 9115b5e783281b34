import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {destroy, expect, test} from "@odoo/hoot";
import {click, edit} from "@odoo/hoot-dom";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {
    clickSave,
    defineModels,
    fields,
    makeServerError,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Version extends models.Model {
    _name = "version";

    name = fields.Char();

    _records = [{id: 1, name: "Version"}];
}

defineMailModels();
defineModels([Version]);

const arch = `
    <form>
        <widget name="lead_refresh_progress"/>
        <field name="name"/>
    </form>`;

const RUNNING = {percent: 45, done: 45000, total: 100000, running: true};
const OVER = {percent: 100, done: 100000, total: 100000, running: false};

/** Mount the form; each answer is given once, the last one from then on. */
async function mountProgress(...answers) {
    onRpc("crm.lead", "action_refresh_progress", () => {
        expect.step("asked");
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        if (answer instanceof Error) {
            throw answer;
        }
        return answer;
    });
    const view = await mountView({type: "form", resModel: "version", resId: 1, arch});
    await animationFrame();
    return view;
}

test("shows nothing when nothing is to be done", async () => {
    await mountProgress(OVER);
    await advanceTime(10000);
    expect.verifySteps(["asked"]);
    expect(".o_widget_lead_refresh_progress").toHaveText("");
});

test("shows how far it is, then that it is over for a while", async () => {
    await mountProgress(RUNNING, {...RUNNING, percent: 80, done: 80000}, OVER);
    expect(".o_lead_refresh").toHaveText(
        "Scores are being updated: 45 % (leads: 45,000 of 100,000)",
    );
    expect(".o_lead_refresh .progress").toHaveAttribute("aria-valuenow", "45");
    await advanceTime(2000);
    await animationFrame();
    expect(".o_lead_refresh").toHaveText(/80 %/);
    await advanceTime(2000);
    await animationFrame();
    expect(".o_lead_refresh").toHaveCount(0);
    expect(".o_lead_refresh_over").toHaveText("All scores are up to date.");
    await advanceTime(8000);
    await animationFrame();
    expect(".o_lead_refresh_over").toHaveCount(0);
    expect.verifySteps(["asked", "asked", "asked"]);
});

test("does without numbers before it has begun", async () => {
    await mountProgress({percent: 0, done: 0, total: 0, running: true});
    expect(".o_lead_refresh").toHaveText("Scores are being updated.");
    expect.verifySteps(["asked"]);
});

test("asks again when the record is saved", async () => {
    await mountProgress(OVER, RUNNING);
    expect(".o_lead_refresh").toHaveCount(0);
    await click("[name=name] input");
    await edit("Another");
    await animationFrame();
    expect.verifySteps(["asked"]);
    await clickSave();
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["asked"]);
    expect(".o_lead_refresh").toHaveText(/45 %/);
});

test("stops when it is left", async () => {
    const view = await mountProgress(RUNNING);
    destroy(view);
    await advanceTime(10000);
    expect.verifySteps(["asked"]);
});

test("stops silently when the server fails", async () => {
    await mountProgress(RUNNING, makeServerError());
    await advanceTime(2000);
    await animationFrame();
    expect(".o_widget_lead_refresh_progress").toHaveText("");
    await advanceTime(10000);
    expect(".o_error_dialog").toHaveCount(0);
    expect.verifySteps(["asked", "asked"]);
});
