import {expect, test} from "@odoo/hoot";
import {browser} from "@web/core/browser/browser";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";
import {clickToChat} from "@lead_management/message_send/click_to_chat";
import {askForStage} from "@lead_management/stage_gate/stage_gate_action";
import {formatWhatsapp} from "@lead_management/message_phone/whatsapp_text";

test("marks of WhatsApp become formatting", () => {
    expect(String(formatWhatsapp("Say *hello there*, _you_ and ~not~ ```code```."))).toBe(
        "Say <strong>hello there</strong>, <em>you</em> and <s>not</s> <code>code</code>.",
    );
});

test("what is no mark stays", () => {
    for (const text of ["2*3*4", "snake_case_name", "* not bold *", "a ** b", "*open"]) {
        expect(String(formatWhatsapp(text))).toBe(text);
    }
});

test("text is never HTML", () => {
    expect(String(formatWhatsapp("*<img src=x onerror=alert(1)>*"))).toBe(
        "<strong>&lt;img src=x onerror=alert(1)&gt;</strong>",
    );
    expect(String(formatWhatsapp(false))).toBe("");
});

const URL_OF_WHATSAPP = "https://wa.me/33612345678?text=Hi";

/** Services that tell what is done with them. */
function makeEnv(url) {
    return {
        services: {
            action: {doAction: () => expect.step("action")},
            dialog: {add: (component, props) => expect.step(`dialog ${props.chat?.url || ""}`)},
            orm: {
                call: (model, method, args) => {
                    expect.step(`${method} ${JSON.stringify(args)}`);
                    return Promise.resolve({url, name: "Anna", advice: ""});
                },
            },
        },
    };
}

function watchWindows() {
    patchWithCleanup(browser, {open: (url) => expect.step(`open ${url}`)});
}

test("a chat is what the server says, whatever the address bar says", async () => {
    watchWindows();
    await clickToChat(makeEnv(URL_OF_WHATSAPP), {
        params: {dialog_id: 5, lead_id: 7, url: "https://example.com", name: "<b>x</b>"},
    });
    expect.verifySteps([
        "action_get_chat [[5],7]",
        `open ${URL_OF_WHATSAPP}`,
        `dialog ${URL_OF_WHATSAPP}`,
    ]);
});

test("without ids nothing is opened, asked or logged", async () => {
    watchWindows();
    for (const params of [
        undefined,
        {},
        {url: URL_OF_WHATSAPP},
        {dialog_id: "5", lead_id: 7},
        {dialog_id: 5, lead_id: [7]},
        {dialog_id: -5, lead_id: 7.5},
    ]) {
        await clickToChat(makeEnv(URL_OF_WHATSAPP), {params});
    }
    expect.verifySteps([]);
});

test("no other address is opened", async () => {
    watchWindows();
    for (const url of [
        "https://example.com/",
        "https://wa.me.example.com/1",
        "https://wa.me@example.com/1",
        "http://wa.me/1",
        "javascript:alert(1)//https://wa.me/",
        "//wa.me/1",
        undefined,
    ]) {
        const params = {dialog_id: 5, lead_id: 7};
        await expect(clickToChat(makeEnv(url), {params})).rejects.toThrow("no address");
    }
    expect.verifySteps(Array(7).fill("action_get_chat [[5],7]"));
});

test("a stage is asked for by ids only", () => {
    for (const params of [
        undefined,
        {stage_id: 1, lead_ids: "12"},
        {stage_id: 1, lead_ids: []},
        {stage_id: "1", lead_ids: [2]},
        {stage_id: 1, lead_ids: [2, "3"]},
    ]) {
        askForStage(makeEnv(), {params});
    }
    expect.verifySteps([]);
    askForStage(makeEnv(), {params: {stage_id: 1, lead_ids: [2, 3]}});
    expect.verifySteps(["dialog "]);
});
