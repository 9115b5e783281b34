import {expect, test} from "@odoo/hoot";
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
