import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {destroy, expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    makeMockEnv,
    models,
    mountView,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {serializeDateTime} from "@web/core/l10n/dates";
import {timer} from "@lead_management/clock/clock";
import {showDuration} from "@lead_management/clock/duration";

const {DateTime} = luxon;

const MINUTE = 60000;

class Lead extends models.Model {
    _name = "lead";

    assignment_due = fields.Datetime();
    assignment_due_kind = fields.Selection({
        selection: [
            ["owner", "Salesperson"],
            ["touch", "First response"],
        ],
    });
}

defineMailModels();
defineModels([Lead]);

const form = `
    <form>
        <field name="assignment_due" widget="lead_response_due" readonly="1"/>
    </form>`;

const kanban = `
    <kanban>
        <templates>
            <t t-name="card">
                <field name="assignment_due" widget="lead_response_due" options="{'compact': True}"/>
            </t>
        </templates>
    </kanban>`;

/** Leads with so many minutes left; null has no deadline. */
function setLeads(...lefts) {
    Lead._records = lefts.map((minutes, index) => ({
        id: index + 1,
        assignment_due: minutes !== null && serializeDateTime(DateTime.now().plus({minutes})),
        assignment_due_kind: "touch",
    }));
}

test("says how long something takes", async () => {
    await makeMockEnv();
    const shown = (minutes) => showDuration(minutes * MINUTE).toString();
    expect(shown(0.1)).toBe("1 min");
    expect(shown(12)).toBe("12 min");
    expect(shown(59.5)).toBe("1 h");
    expect(shown(80)).toBe("1 h 20 min");
    expect(shown(24 * 60)).toBe("1 d");
    expect(shown(76 * 60 + 10)).toBe("3 d 4 h");
    expect(shown(-0.1)).toBe("1 min");
    expect(shown(-121.5)).toBe("2 h 1 min");
});

test("tells what is due, and when exactly", async () => {
    setLeads(80);
    await mountView({type: "form", resModel: "lead", resId: 1, arch: form});
    expect(".o_lead_due").toHaveText("First response in 1 h 20 min");
    expect(".o_lead_due").toHaveClass("o_lead_tag_today");
    const due = DateTime.now().plus({minutes: 80});
    expect(".o_lead_due").toHaveAttribute("title", new RegExp(due.toFormat("MMM d, .*h:mm")));
});

test("warns that there is little time left", async () => {
    setLeads(12);
    Lead._records[0].assignment_due_kind = "owner";
    await mountView({type: "form", resModel: "lead", resId: 1, arch: form});
    expect(".o_lead_due").toHaveText("Assignment in 12 min");
    expect(".o_lead_due").toHaveClass("o_lead_tag_today");
});

test("says how late it is", async () => {
    setLeads(-120);
    await mountView({type: "form", resModel: "lead", resId: 1, arch: form});
    expect(".o_lead_due").toHaveText("First response 2 h overdue");
    expect(".o_lead_due").toHaveClass("o_lead_tag_late");
});

test("shows nothing without a deadline", async () => {
    setLeads(null);
    await mountView({type: "form", resModel: "lead", resId: 1, arch: form});
    expect(".o_field_lead_response_due").toHaveText("");
    expect(".o_lead_due").toHaveCount(0);
});

test("counts down, until it is late", async () => {
    setLeads(31);
    await mountView({type: "form", resModel: "lead", resId: 1, arch: form});
    expect(".o_lead_due.o_lead_tag_today").toHaveText("First response in 31 min");
    await advanceTime(2 * MINUTE);
    await animationFrame();
    expect(".o_lead_due.o_lead_tag_today").toHaveText("First response in 29 min");
    await advanceTime(30 * MINUTE);
    await animationFrame();
    expect(".o_lead_due.o_lead_tag_late").toHaveText("First response 1 min overdue");
});

test("is short on cards, and one timer does for all of them", async () => {
    patchWithCleanup(timer, {
        start() {
            expect.step("started");
            super.start();
        },
        stop() {
            expect.step("stopped");
            super.stop();
        },
    });
    setLeads(80, 12, -120, null);
    const view = await mountView({type: "kanban", resModel: "lead", arch: kanban});
    expect.verifySteps(["started"]);
    expect(queryAllTexts(".o_lead_due")).toEqual(["1 h 20 min", "12 min", "2 h overdue"]);
    expect(".o_lead_due .fa-clock-o").toHaveCount(3);
    expect(".o_lead_due:first i").toHaveAttribute("aria-label", "First response in 1 h 20 min");
    expect(".o_lead_due:first").toHaveAttribute("title", /^First response in 1 h 20 min: /);
    await advanceTime(MINUTE);
    await animationFrame();
    expect(queryAllTexts(".o_lead_due")).toEqual(["1 h 19 min", "11 min", "2 h 1 min overdue"]);
    destroy(view);
    expect.verifySteps(["stopped"]);
});
