import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {click, press, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {advanceTime, animationFrame, Deferred, mockDate} from "@odoo/hoot-mock";
import {
    contains,
    makeMockEnv,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {getDefaultConfig} from "@web/views/view";
import {MyDay} from "@lead_management/my_day/my_day";

defineMailModels();

const ACTIVITY = {
    id: 70,
    icon: "fa-phone",
    type: "Call",
    summary: "Ask for the budget",
    deadline: "2026-03-09",
    days: -2,
    assignee: false,
};

function makeLine(id, values = {}) {
    return {
        id,
        name: `Lead ${id}`,
        contact: "Ann",
        company: "Ann & Co",
        stage: "Contacted",
        score: 10 * id,
        temperature: "cold",
        is_open: true,
        owner: false,
        due: false,
        phone: "+32470123456",
        phone_shown: "+32 470 12 34 56",
        email: "ann@example.com",
        activity: {...ACTIVITY, id: 70 + id},
        answer: false,
        there: false,
        ...values,
    };
}

function makeDay(groups, values = {}) {
    return {
        date: "2026-03-11",
        scope: {kind: "me", id: false},
        groups: Object.entries(groups).map(([key, lines]) => ({
            key,
            count: lines.length,
            lines,
        })),
        counts: {
            answered: groups.answered?.length || 0,
            overdue: groups.overdue?.length || 0,
            today: groups.today?.length || 0,
            tomorrow: 3,
            week: 7,
            no_next_step: 2,
        },
        done: 0,
        people: [],
        switch: {teams: [], people: []},
        ...values,
    };
}

/** What the server says once it has counted all. */
function countDay({people, counts, groups}) {
    const listed = Object.fromEntries(groups.map(({key, count}) => [key, count]));
    return {people, counts: {...counts, ...listed}};
}

/** Stand in for the server: what it says may be changed through ``server``. */
async function mountDay(groups, {pools = [], values = {}, state = undefined} = {}) {
    mockDate("2026-03-11 10:00:00");
    const server = {day: makeDay(groups, values)};
    onRpc("crm.lead", "action_my_day", ({args}) => {
        expect.step(`day ${args.map((each) => JSON.stringify(each)).join(" ")}`);
        return server.day;
    });
    onRpc("crm.lead", "action_day_people", async () => {
        await server.counted;
        return server.people || countDay(server.day);
    });
    onRpc("crm.lead", "action_day_badge", () => 3);
    onRpc("lead.pool", "action_status", () => ({pools}));
    onRpc("crm.lead", "action_day_dates", () => {
        expect.step("dates");
        return [
            {key: "tomorrow", label: "Tomorrow", date: "2026-03-12"},
            {key: "soon", label: "In 3 working days", date: "2026-03-16"},
            {key: "week", label: "Next week", date: "2026-03-18"},
        ];
    });
    onRpc("crm.lead", "action_day_snooze", ({args}) => {
        expect.step(`snooze ${JSON.stringify(args)}`);
        return {undo_id: 7, message: `Snoozed until ${args[1]}`};
    });
    onRpc("crm.lead", "action_log_call", ({args, kwargs}) => {
        expect.step(`log ${args[0]} ${kwargs.context.touch_activity_id || "-"}`);
        return {type: "ir.actions.act_window", res_model: "lead.touch.log", target: "new"};
    });
    onRpc("crm.lead", "action_day_message", ({args}) => {
        expect.step(`message ${args[0]}`);
        return {type: "ir.actions.act_window", res_model: "mail.compose.message"};
    });
    onRpc("crm.lead", "action_pull_next", () => {
        expect.step("pull");
        return {type: "ir.actions.act_window", res_model: "crm.lead", res_id: 5};
    });
    onRpc("crm.lead", "action_day_list", ({args}) => {
        expect.step(`list ${args.map((each) => JSON.stringify(each)).join(" ")}`);
        return {type: "ir.actions.act_window", res_model: "crm.lead"};
    });
    mockService("action", {
        async doAction(action, options = {}) {
            server.onClose = options.onClose;
            expect.step(
                [
                    "open",
                    action.res_model,
                    action.res_id,
                    options.props && JSON.stringify(options.props.resIds),
                ]
                    .filter(Boolean)
                    .join(" "),
            );
        },
    });
    await mountWithCleanup(MyDay, {
        env: await makeMockEnv({config: getDefaultConfig()}),
        props: {action: {}, actionId: 1, updateActionState: () => {}, className: "", state},
    });
    await settle();
    expect.verifySteps(['day "auto" false {}']);
    return server;
}

async function settle() {
    await animationFrame();
    await animationFrame();
    await animationFrame();
}

const current = () => queryAllTexts(".o_lead_day_current .o_lead_day_name");

test("shows groups that hold something, with their numbers", async () => {
    await mountDay({overdue: [makeLine(2), makeLine(1)], today: [], hot: [makeLine(3)], new: []});
    expect(queryAllTexts(".o_lead_day_title h2")).toEqual(["Overdue", "Hot without next step"]);
    expect(queryAllTexts(".o_lead_day_count")).toEqual(["2", "1"]);
    expect(".o_lead_day_line").toHaveCount(3);
    expect(".o_lead_day_line:first .o_lead_score_cold").toHaveText(/20/);
    expect(".o_lead_day_line:first .o_lead_day_what").toHaveText(/2 days overdue/);
    expect(".o_lead_day_line:first .o_lead_day_call").toHaveAttribute("href", "tel:+32470123456");
    expect(".o_lead_day_ahead").toHaveText(/Tomorrow: 3/);
    expect(".o_lead_day_scope").toHaveCount(0);
    expect(".o_lead_day_pull").toHaveCount(0);
});

test("days and times are those of the step", async () => {
    const at = (days, deadline, time = false) => ({
        activity: {...ACTIVITY, days, deadline, time},
    });
    await mountDay({
        new: [
            makeLine(1, at(-1, "2026-03-10")),
            makeLine(2, at(0, "2026-03-11")),
            makeLine(3, at(0, "2026-03-11", "2026-03-11 14:30:00")),
            makeLine(4, at(1, "2026-03-12")),
            makeLine(5, at(2, "2026-03-13")),
            makeLine(6, at(29, "2026-04-09", "2026-04-09 08:00:00")),
        ],
    });
    // the zone of the tests is one hour ahead, two in summer
    expect(queryAllTexts(".o_lead_day_when").map((text) => text.replace(/\u202f/g, " "))).toEqual([
        "1 day overdue",
        "Today",
        "3:30 PM",
        "Tomorrow",
        "Fri, Mar 13",
        "Thu, Apr 9, 10:00 AM",
    ]);
    expect(".o_lead_day_when.o_lead_day_late").toHaveCount(1);
    expect(".o_lead_day_when.o_lead_day_today").toHaveCount(2);
});

test("what they said comes first, and is answered", async () => {
    const answer = {
        id: 3,
        kind: "email",
        label: "Email",
        icon: "fa-envelope",
        text: "Thursday works.",
        date: "2026-03-11 09:48:00",
    };
    await mountDay(
        {answered: [makeLine(1, {answer})], overdue: [makeLine(2)]},
        {values: {done: 3}},
    );
    expect(".o_lead_day_said").toHaveText("Thursday works.");
    expect(".o_lead_day_answered").toHaveText("12 min ago");
    expect(".o_lead_day_message:first").toHaveAttribute("aria-label", "Reply");
    expect(".o_lead_day_message:last").toHaveAttribute("aria-label", "Send");
    expect(".o_lead_day_done").toHaveText("Done today: 3 of 5");
});

test("one button is solid: that of the current line", async () => {
    await mountDay({overdue: [makeLine(1), makeLine(2)]});
    expect(".o_lead_my_day .btn-primary").toHaveCount(1);
    expect(".o_lead_day_current .btn-primary").toHaveCount(1);
});

test("log and next opens the log of the next line", async () => {
    const server = await mountDay({overdue: [makeLine(1), makeLine(2)]});
    onRpc("crm.lead", "action_log_call", ({args, kwargs}) => {
        expect.step(`log ${args[0]}, then ${kwargs.context.touch_next || "nobody"}`);
        return {type: "ir.actions.act_window", res_model: "lead.touch.log", target: "new"};
    });
    await press("l");
    await settle();
    expect.verifySteps(["log 1, then Ann, Ann & Co", "open lead.touch.log"]);
    server.day = makeDay({overdue: [makeLine(2)]});
    await server.onClose({lead_next: true});
    await settle();
    expect.verifySteps(['day "me" false {}', "log 2, then nobody", "open lead.touch.log"]);
});

test("names are text, whatever they look like", async () => {
    await mountDay({overdue: [makeLine(1, {name: "<b>bold</b>"})]});
    expect(".o_lead_day_name").toHaveText("<b>bold</b>");
});

test("a countdown where an answer was promised, and no snooze", async () => {
    await mountDay({new: [makeLine(1, {activity: false, due: "2026-03-11 10:20:00"})]});
    expect(".o_lead_due").toHaveCount(1);
    expect(".o_lead_day_snooze").not.toBeEnabled();
    await press("s");
    await settle();
    expect(".o_notification").toHaveText(/An answer was promised/);
    expect(".o_lead_day_snooze_menu").toHaveCount(0);
});

test("no number, no call; no address, no message", async () => {
    await mountDay({overdue: [makeLine(1, {phone: false, phone_shown: false, email: false})]});
    expect(".o_lead_day_call").toHaveCount(0);
    expect(".o_lead_day_message").not.toBeEnabled();
});

test("keys move through all groups, and stay within", async () => {
    await mountDay({overdue: [makeLine(1), makeLine(2)], today: [makeLine(3)]});
    expect(current()).toEqual(["Lead 1"]);
    for (const [key, expected] of [
        ["k", 1],
        ["j", 2],
        ["ArrowDown", 3],
        ["j", 3],
        ["ArrowUp", 2],
    ]) {
        await press(key);
        await settle();
        expect(current()).toEqual([`Lead ${expected}`]);
    }
    expect(document.activeElement).toBe(queryOne(".o_lead_day_current"));
});

test("o and Enter open the lead, with the others to page through", async () => {
    await mountDay({overdue: [makeLine(1), makeLine(2)], today: [makeLine(3)]});
    await press("j");
    await settle();
    await press("o");
    await settle();
    expect.verifySteps(["open crm.lead 2 [1,2,3]"]);
    await press("Enter");
    await settle();
    expect.verifySteps(["open crm.lead 2 [1,2,3]"]);
});

test("keys do nothing on an empty day", async () => {
    await mountDay({overdue: []});
    for (const key of ["j", "k", "o", "l", "m", "s", "Enter"]) {
        await press(key);
    }
    await settle();
    expect.verifySteps([]);
});

test("log tells which activity it is, and goes on to the next line", async () => {
    const server = await mountDay({overdue: [makeLine(1), makeLine(2), makeLine(3)]});
    await press("l");
    await settle();
    expect.verifySteps(["log 1 71", "open lead.touch.log"]);
    server.day = makeDay({overdue: [makeLine(2), makeLine(3)]});
    await server.onClose();
    await settle();
    expect.verifySteps(['day "me" false {}']);
    expect(current()).toEqual(["Lead 2"]);
    expect(".o_lead_day_count").toHaveText("2");
});

test("a dialog that is given up leaves the line current", async () => {
    const server = await mountDay({overdue: [makeLine(1), makeLine(2)]});
    await click(".o_lead_day_log:first");
    await settle();
    expect.verifySteps(["log 1 71", "open lead.touch.log"]);
    await server.onClose();
    await settle();
    expect.verifySteps(['day "me" false {}']);
    expect(current()).toEqual(["Lead 1"]);
});

test("a line that stays but changed gives way to the next one", async () => {
    const server = await mountDay({overdue: [makeLine(1), makeLine(2)]});
    await press("m");
    await settle();
    expect.verifySteps(["message 1", "open mail.compose.message"]);
    server.day = makeDay({overdue: [makeLine(1, {score: 99}), makeLine(2)]});
    await server.onClose();
    await settle();
    expect.verifySteps(['day "me" false {}']);
    expect(current()).toEqual(["Lead 2"]);
});

test("call dials, and opens the log", async () => {
    await mountDay({overdue: [makeLine(1, {activity: false})]});
    queryOne(".o_lead_day_call").addEventListener("click", (ev) => ev.preventDefault());
    await click(".o_lead_day_call");
    await settle();
    expect.verifySteps(["log 1 -", "open lead.touch.log"]);
});

test("two clicks are one call", async () => {
    await mountDay({overdue: [makeLine(1)]});
    const server = new Deferred();
    onRpc("crm.lead", "action_log_call", async () => {
        expect.step("log");
        await server;
        return false;
    });
    await press("l");
    await press("l");
    await animationFrame();
    expect(".o_lead_day_log").not.toBeEnabled();
    server.resolve();
    await settle();
    expect.verifySteps(["log", 'day "me" false {}']);
});

test("snooze by keys: the days are real ones, the line leaves", async () => {
    const server = await mountDay({overdue: [makeLine(1), makeLine(2)]});
    await press("s");
    await settle();
    expect.verifySteps(["dates"]);
    expect(".o_lead_day_choice_tomorrow").toHaveText(/Thu, Mar 12/);
    server.day = makeDay({overdue: [makeLine(2)]});
    await click(".o_lead_day_choice_soon");
    await settle();
    expect.verifySteps(['snooze [[1],"2026-03-16",71,false]', 'day "me" false {}']);
    expect(current()).toEqual(["Lead 2"]);
    expect(".o_lead_toast").toHaveText(/Snoozed until 2026-03-16/);
    await press("s");
    await settle();
    expect.verifySteps([]); // the days are known
});

test("snooze can be undone", async () => {
    const server = await mountDay({overdue: [makeLine(1), makeLine(2)]});
    onRpc("lead.undo", "action_undo", ({args}) => {
        expect.step(`undo ${JSON.stringify(args)}`);
        return false;
    });
    await click(".o_lead_day_snooze:first");
    await settle();
    const before = server.day;
    server.day = makeDay({overdue: [makeLine(2)]});
    await click(".o_lead_day_choice_tomorrow");
    await settle();
    expect.verifySteps(["dates", 'snooze [[1],"2026-03-12",71,false]', 'day "me" false {}']);
    server.day = before;
    await press("z");
    await settle();
    expect.verifySteps(["undo [[7]]", 'day "me" false {}']);
    expect(".o_lead_toast").toHaveCount(0);
    expect(current()).toEqual(["Lead 1"]);
});

test("snooze to any day, not to one that is over", async () => {
    await mountDay({overdue: [makeLine(1)]});
    await click(".o_lead_day_snooze");
    await settle();
    expect(".o_lead_day_pick").toHaveAttribute("min", "2026-03-11");
    const input = queryOne(".o_lead_day_pick");
    input.value = "2026-03-01";
    await click(".o_lead_day_pick_save");
    await settle();
    expect.verifySteps(["dates"]);
    input.value = "2026-04-01";
    queryOne(".o_lead_day_time").value = "15:00";
    await click(".o_lead_day_pick_save");
    await settle();
    expect.verifySteps(['snooze [[1],"2026-04-01",71,"15:00"]', 'day "me" false {}']);
});

test("show more asks for more of one group", async () => {
    const server = await mountDay({overdue: [makeLine(1)]}, {values: {}});
    server.day.groups[0].count = 25;
    await press("m");
    await settle();
    expect.verifySteps(["message 1", "open mail.compose.message"]);
    await server.onClose();
    await settle();
    expect.verifySteps(['day "me" false {}']);
    expect(".o_lead_day_more").toHaveText("Show more: 24");
    await click(".o_lead_day_more");
    await settle();
    expect.verifySteps(['day "me" false {"overdue":21}']);
});

test("an empty day is a friendly one, and offers the next lead", async () => {
    await mountDay({overdue: [], today: []}, {pools: [{id: 1}]});
    expect(".o_lead_day_empty").toHaveText(/All done for today/);
    await click(".o_lead_day_pull");
    await settle();
    expect.verifySteps(["pull", "open crm.lead 5"]);
});

test("a leader is told that the team is not done", async () => {
    const values = {
        team: {overdue: 3, idle: 1},
        switch: {teams: [{id: 4, name: "Europe"}], people: []},
    };
    const server = await mountDay({overdue: []}, {values});
    expect(".o_lead_day_empty").not.toHaveText(/All done/);
    expect(".o_lead_day_empty").toHaveText(/Your teams have/);
    expect(queryAllTexts(".o_lead_day_team button")).toEqual([
        "Overdue: 3",
        "Leads without next step: 1",
    ]);
    await click(".o_lead_day_team button:first");
    await settle();
    expect.verifySteps(['list "overdue" "teams" false false', "open crm.lead"]);
    server.day = makeDay({overdue: [makeLine(1)]}, {...values, scope: {kind: "teams", id: false}});
    await click(".o_lead_day_show_teams");
    await settle();
    expect.verifySteps(['day "teams" false {}']);
    expect(".o_lead_day_line").toHaveCount(1);
});

test("whose day: the lists behind the numbers, and back", async () => {
    const values = {
        switch: {
            teams: [{id: 4, name: "Europe"}],
            people: [{id: 8, name: "Mia"}],
        },
    };
    const server = await mountDay({overdue: [makeLine(1)]}, {values});
    expect(".o_lead_day_scope").toHaveText("Me");
    await click(".o_lead_day_scope");
    await settle();
    server.day = makeDay(
        {missed: [makeLine(1, {owner: {id: 8, name: "Mia"}})], overdue: [makeLine(1)]},
        {
            ...values,
            scope: {kind: "team", id: 4},
            people: [
                {
                    id: 8,
                    name: "Mia",
                    is_member: true,
                    overdue: 5,
                    today: 0,
                    hot: 1,
                    new: 0,
                    no_next_step: 1,
                },
            ],
        },
    );
    await contains(".o_lead_day_scopes .dropdown-item:contains(Europe)").click();
    await settle();
    expect.verifySteps(['day "team" 4 {}']);
    expect(".o_lead_day_scope").toHaveText("Europe");
    expect(".o_lead_day_line:first img").toHaveAttribute("alt", "Mia");
    // the same lead twice, each line on its own
    expect(".o_lead_day_current").toHaveCount(1);
    await click(".o_lead_day_number[data-key=overdue]");
    await settle();
    expect.verifySteps(['list "overdue" "team" 4 8', "open crm.lead"]);
    await click(".o_lead_day_person button:contains(Mia)");
    await settle();
    expect.verifySteps(['day "user" 8 {}']);
});

test("a large team: the lines are there before everything is counted", async () => {
    const counted = new Deferred();
    const switches = {teams: [{id: 4, name: "Europe"}], people: []};
    const counts = {overdue: 201, today: 3, tomorrow: 201, week: 201, no_next_step: 201};
    const server = await mountDay({overdue: []}, {values: {switch: switches}});
    server.counted = counted;
    server.people = {
        people: [{id: 8, name: "Mia", is_member: true, overdue: 1234, no_next_step: 0}],
        counts: {overdue: 1234, today: 3, tomorrow: 201, week: 300, no_next_step: 5000},
    };
    server.day = makeDay(
        {overdue: [makeLine(1)]},
        {
            switch: switches,
            scope: {kind: "team", id: 4},
            people: [{id: 8, name: "Mia", is_member: true}],
            cap: 200,
            counts,
        },
    );
    server.day.groups.find(({key}) => key === "overdue").count = 201;
    await click(".o_lead_day_scope");
    await settle();
    await contains(".o_lead_day_scopes .dropdown-item:contains(Europe)").click();
    await settle();
    expect(".o_lead_day_line").toHaveCount(1);
    expect(".o_lead_day_group_overdue .o_lead_day_count").toHaveText("200+");
    expect(".o_lead_day_no_next_step").toHaveText("Without next step: 200+");
    expect(".o_lead_day_more").toHaveText("Show More");
    expect(".o_lead_day_person").toHaveText(/Mia/);
    expect(".o_lead_day_number").toHaveCount(0);
    counted.resolve();
    await settle();
    expect(".o_lead_day_group_overdue .o_lead_day_count").toHaveText("1,234");
    expect(".o_lead_day_no_next_step").toHaveText("Without next step: 5,000");
    expect(".o_lead_day_more").toHaveText("Show more: 1,233");
    expect(".o_lead_day_number[data-key=overdue]").toHaveText("1,234");
    expect.verifySteps(['day "team" 4 {}']);
});

test("who comes back to the tab sees what it is like now", async () => {
    await mountDay({overdue: [makeLine(1)]});
    document.dispatchEvent(new Event("visibilitychange"));
    await settle();
    expect.verifySteps([]);
    await advanceTime(61000);
    document.dispatchEvent(new Event("visibilitychange"));
    await settle();
    expect.verifySteps(['day "me" false {}']);
});

test("whoever comes back from a lead is where he was", async () => {
    mockDate("2026-03-11 10:00:00");
    const asked = [];
    const day = makeDay(
        {overdue: [makeLine(1), makeLine(2), makeLine(3)]},
        {
            scope: {kind: "team", id: 4},
            switch: {teams: [{id: 4, name: "Europe"}], people: []},
        },
    );
    onRpc("crm.lead", "action_my_day", ({args}) => {
        asked.push(args);
        return day;
    });
    onRpc("crm.lead", "action_day_people", () => countDay(day));
    onRpc("crm.lead", "action_day_badge", () => false);
    onRpc("lead.pool", "action_status", () => ({pools: []}));
    await mountWithCleanup(MyDay, {
        env: await makeMockEnv({config: getDefaultConfig()}),
        props: {
            action: {},
            actionId: 1,
            updateActionState: () => {},
            className: "",
            state: {
                myDay: {
                    kind: "team",
                    id: 4,
                    limits: {overdue: 30},
                    current: "overdue 9", // has left since
                    position: 1,
                },
            },
        },
    });
    await settle();
    expect(asked).toEqual([["team", 4, {overdue: 30}]]);
    expect(current()).toEqual(["Lead 2"]);
});
