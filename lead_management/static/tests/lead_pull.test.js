import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {click, press, queryAllTexts, queryFirst} from "@odoo/hoot-dom";
import {advanceTime, animationFrame, Deferred, mockDate} from "@odoo/hoot-mock";
import {
    getMockEnv,
    getService,
    makeServerError,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {serializeDateTime} from "@web/core/l10n/dates";
import {NextLead} from "@lead_management/lead_pull/next_lead";

const {DateTime} = luxon;

const MINUTE = 60000;
const LEAD_ACTION = {
    type: "ir.actions.act_window",
    res_model: "crm.lead",
    res_id: 5,
    views: [[false, "form"]],
    target: "current",
};
const BLIND = {id: 1, name: "Web <b>leads</b>", waiting: 1200, is_blind: true};
const OPEN = {id: 2, name: "Fair", waiting: 3, is_blind: false};

defineMailModels();

/** The moment so many minutes from now, as the server says it. */
const inMinutes = (minutes) => serializeDateTime(DateTime.now().plus({minutes}));

/** The texts of the nodes, whatever lies between their words. */
function words(selector) {
    return queryAllTexts(selector).map((text) => text.split(/\s+/).join(" "));
}

/**
 * Mount the item of the top bar.
 *
 * @param {Object} status what the server says; it may be changed afterwards
 * @param {Function} [pull] what the server does to give a lead
 */
async function mountNextLead(status, pull = () => LEAD_ACTION) {
    Object.assign(status, {pools: [BLIND], claims: [], paused_until: false, ...status});
    onRpc("lead.pool", "action_status", () => {
        expect.step("status");
        return status;
    });
    onRpc("crm.lead", "action_pull_next", () => {
        expect.step("pull");
        return pull();
    });
    onRpc("lead.assignment.capacity", "action_pause", ({args}) => {
        expect.step(`pause ${args[0].toFixed(2)}`);
        status.paused_until = args[0] ? inMinutes(60 * args[0]) : false;
        return status.paused_until;
    });
    await mountWithCleanup(NextLead);
    expect.verifySteps([]);
    await advanceTime(1000);
    await animationFrame();
    expect.verifySteps(["status"]);
    return status;
}

/** Stand in for the action manager: each lead is shown by a controller of its own. */
function mockActions() {
    let shown = 0;
    mockService("action", {
        get currentController() {
            return {jsId: `controller_${shown}`};
        },
        async doAction(action, options = {}) {
            if (action.type === "ir.actions.act_window") {
                shown += 1;
            }
            expect.step(
                [
                    action.tag || action.res_model,
                    action.res_id,
                    action.domain && JSON.stringify(action.domain),
                    options.stackPosition,
                ]
                    .filter(Boolean)
                    .join(" "),
            );
        },
        async loadAction(xmlid) {
            expect.step(xmlid);
            return {type: "ir.actions.act_window", res_model: "crm.lead", domain: []};
        },
    });
}

async function openMenu() {
    await click(".o_lead_next_toggle");
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["status"]);
}

async function choose(selector) {
    await click(selector);
    await animationFrame();
    await animationFrame();
}

test("shows nothing to somebody without a pool", async () => {
    await mountNextLead({pools: []});
    expect(".o_lead_next").toHaveCount(0);
    await press(["alt", "shift", "l"]);
    await animationFrame();
    await advanceTime(10 * MINUTE);
    expect.verifySteps([]);
});

test("who gets leads by rules only can pause, too", async () => {
    await mountNextLead({pools: [], takes_part: true});
    expect(".o_lead_next_button").toHaveCount(0);
    // the lightning is for those who have something to pull
    expect(".fa-bolt").toHaveCount(0);
    expect(".o_lead_next_toggle").toHaveAttribute("title", "Your leads, pause");
    await press(["alt", "shift", "l"]);
    await animationFrame();
    await openMenu();
    expect(".o_lead_pool").toHaveCount(0);
    await choose(".o_lead_pause_hour");
    expect.verifySteps(["pause 1.00", "status"]);
});

test("shows nothing when the server does not answer", async () => {
    onRpc("lead.pool", "action_status", () => {
        throw makeServerError();
    });
    await mountWithCleanup(NextLead);
    await advanceTime(1000);
    await animationFrame();
    expect(".o_lead_next").toHaveCount(0);
});

test("one click is one call, and opens the lead", async () => {
    mockActions();
    const server = new Deferred();
    await mountNextLead({}, () => server);
    expect(".o_lead_next_button").toHaveText("Next lead");
    expect(".o_lead_next_button").toHaveAttribute("title", "Get the next lead");
    expect(".o_lead_next_button .fa-bolt").toHaveCount(1);
    await click(".o_lead_next_button");
    await animationFrame();
    expect(".o_lead_next_button").not.toBeEnabled();
    expect(".o_lead_next_button .fa-spin").toHaveCount(1);
    await click(".o_lead_next_button");
    await press(["alt", "shift", "l"]);
    await animationFrame();
    expect.verifySteps(["pull"]);
    server.resolve(LEAD_ACTION);
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["crm.lead 5", "status"]);
    expect(".o_lead_next_button").toBeEnabled();
});

test("a double click is one call", async () => {
    mockActions();
    await mountNextLead({});
    const button = queryFirst(".o_lead_next_button");
    button.click();
    button.click();
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["pull", "crm.lead 5", "status"]);
});

test("the next one takes the place of the last one", async () => {
    mockActions();
    await mountNextLead({});
    await choose(".o_lead_next_button");
    expect.verifySteps(["pull", "crm.lead 5", "status"]);
    await choose(".o_lead_next_button");
    expect.verifySteps(["pull", "crm.lead 5 replaceCurrentAction", "status"]);
    // somebody goes elsewhere
    await getService("action").doAction({type: "ir.actions.act_window", res_model: "res.partner"});
    await choose(".o_lead_next_button");
    expect.verifySteps(["res.partner", "pull", "crm.lead 5", "status"]);
});

test("says so when nothing waits", async () => {
    mockActions();
    await mountNextLead({}, () => ({type: "ir.actions.client", tag: "display_notification"}));
    await choose(".o_lead_next_button");
    expect.verifySteps(["pull", "display_notification", "status"]);
    await choose(".o_lead_next_button");
    expect.verifySteps(["pull", "display_notification", "status"]);
});

test("can be tried again after an error", async () => {
    expect.errors(1);
    mockActions();
    await mountNextLead({}, () => {
        throw makeServerError({message: "You hold enough leads."});
    });
    await choose(".o_lead_next_button");
    expect.verifySteps(["pull"]);
    expect.verifyErrors(["You hold enough leads."]);
    expect(".modal .modal-body").toHaveText(/You hold enough leads\./);
    await choose(".modal .modal-footer .btn-primary");
    expect(".o_lead_next_button").toBeEnabled();
});

test("gives no lead while the form somebody is in cannot be saved", async () => {
    mockActions();
    await mountNextLead({});
    getMockEnv().bus.addEventListener("CLEAR-UNCOMMITTED-CHANGES", ({detail}) =>
        detail.push(() => false),
    );
    await choose(".o_lead_next_button");
    expect.verifySteps(["status"]);
    expect(".o_lead_next_button").toBeEnabled();
});

test("is reached by keyboard", async () => {
    mockActions();
    await mountNextLead({});
    await press(["alt", "shift", "l"]);
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["pull", "crm.lead 5", "status"]);
});

test("shows the pools, and lets look into those that are open", async () => {
    mockActions();
    const status = await mountNextLead({pools: [BLIND, OPEN]});
    status.pools = [BLIND, {...OPEN, waiting: 2}];
    await openMenu();
    expect(words(".o_lead_pool")).toEqual([
        "Web <b>leads</b> 1,200 waiting",
        "Fair Browse 2 waiting",
    ]);
    await choose(".o_lead_browse");
    expect.verifySteps([
        "lead_management.crm_lead_action_pool",
        'crm.lead [["assignment_pool_id","=",2],["user_id","=",false]]',
    ]);
    expect(".o_lead_next_menu").toHaveCount(0);
});

test("shows the leads somebody holds, counts down and opens them", async () => {
    mockActions();
    await mountNextLead({
        claims: [
            {lead_id: 7, name: "Late", due: inMinutes(-125)},
            {lead_id: 8, name: "Soon", due: inMinutes(16)},
            {lead_id: 9, name: "Later", due: inMinutes(81)},
            {lead_id: 10, name: "Kept", due: false},
        ],
    });
    await openMenu();
    expect(words(".o_lead_claim")).toEqual([
        "Late 2 h 5 min late",
        "Soon 16 min left",
        "Later 1 h 21 min left",
        "Kept",
    ]);
    expect(queryAllTexts(".o_lead_claim:has(.text-danger) span:first-child")).toEqual(["Late"]);
    await advanceTime(2 * MINUTE);
    await animationFrame();
    expect(words(".o_lead_claim:has(.text-danger)")).toEqual([
        "Late 2 h 7 min late",
        "Soon 14 min left",
    ]);
    await choose(".o_lead_claim:contains(Later)");
    expect.verifySteps(["crm.lead 9"]);
});

test("pauses for an hour, and goes on by itself", async () => {
    mockDate("2026-11-24 09:00:00");
    const status = await mountNextLead({});
    await openMenu();
    expect(".o_lead_pause_end").toHaveCount(0);
    await choose(".o_lead_pause_hour");
    expect.verifySteps(["pause 1.00", "status"]);
    expect(".o_lead_next.o_lead_paused .fa-pause").toHaveCount(1);
    expect(".o_lead_next_button").toHaveAttribute("title", /^You pause until Nov 24, 11:00/);
    status.paused_until = false;
    await advanceTime(61 * MINUTE);
    await animationFrame();
    expect.verifySteps(["status"]);
    expect(".o_lead_paused").toHaveCount(0);
});

test("pauses until tomorrow morning, and ends the pause", async () => {
    mockDate("2026-11-24 16:30:00"); // here it is 17:30
    await mountNextLead({});
    await openMenu();
    await choose(".o_lead_pause_tomorrow");
    expect.verifySteps(["pause 14.50", "status"]);
    await openMenu();
    expect(words(".o_lead_pause_text")[0]).toMatch(/^You pause until Nov 25, 8:00/);
    expect(".o_lead_pause_hour").toHaveCount(0);
    await choose(".o_lead_pause_end");
    expect.verifySteps(["pause 0.00", "status"]);
    expect(".o_lead_paused").toHaveCount(0);
});

test("shows a pause without an end", async () => {
    await mountNextLead({paused_until: true});
    expect(".o_lead_next_button").toHaveAttribute("title", "You pause");
    await openMenu();
    expect(".o_lead_pause_text").toHaveText("You pause");
});
