/* global ZXing */
import {loadJS} from "@web/core/assets";
import {registry} from "@web/core/registry";

const VCARD = [
    "BEGIN:VCARD",
    "VERSION:3.0",
    "N:Ødegård;Zoë",
    "FN:Zoë Ødegård",
    "ORG:Ødegård & Sønn AS;Sales",
    "TITLE:Head of Purchase",
    "item1.TEL;TYPE=CELL:+47 400 11 222",
    "EMAIL:zoe@odegard.example",
    "URL:https://odegard.example",
    "END:VCARD",
].join("\n");
const MECARD = "MECARD:N:Roe,Ann;TEL:+32470112233;EMAIL:ann@roe.example;;";
const WIFI = "WIFI:T:WPA;S:Fair;P:secret;;";

/** Draw a code in the colour that is set, with the free space around that it needs. */
async function drawCode(context, text) {
    await loadJS("/web/static/lib/zxing-library/zxing-library.js");
    const hints = new Map([[ZXing.EncodeHintType.CHARACTER_SET, "UTF-8"]]);
    const format = ZXing.BarcodeFormat.QR_CODE;
    const code = new ZXing.QRCodeWriter().encode(text, format, 600, 600, hints);
    for (let y = 0; y < code.getHeight(); y++) {
        for (let x = 0; x < code.getWidth(); x++) {
            if (code.get(x, y)) {
                context.fillRect(60 + x, -340 + y, 1, 1);
            }
        }
    }
}

/** A photo of a card on a table: turned, with a shadow and some noise. */
async function photograph(text, {isDark = false} = {}) {
    const canvas = document.createElement("canvas");
    canvas.width = 2400;
    canvas.height = 1800;
    const context = canvas.getContext("2d");
    const shadow = context.createLinearGradient(0, 0, 2400, 1800);
    shadow.addColorStop(0, "#c9b18f");
    shadow.addColorStop(1, "#5d4a33");
    context.fillStyle = shadow;
    context.fillRect(0, 0, 2400, 1800);
    context.translate(1250, 880);
    context.rotate(0.3);
    context.transform(1, 0.06, -0.04, 0.94, 0, 0);
    context.fillStyle = isDark ? "#101018" : "#fdfcf8";
    context.fillRect(-800, -480, 1600, 960);
    context.fillStyle = isDark ? "#eeeeee" : "#222222";
    context.font = "90px sans-serif";
    context.fillText("A card", -700, -200);
    if (text) {
        await drawCode(context, text);
    }
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
}

function choose(content, make) {
    return {
        content,
        trigger: ".o_capture_card_photo",
        async run() {
            const files = new DataTransfer();
            files.items.add(new File([await make()], "card.jpg", {type: "image/jpeg"}));
            const input = this.anchor.querySelector("input");
            input.files = files.files;
            input.dispatchEvent(new Event("change", {bubbles: true}));
        },
    };
}

function told(text) {
    return {content: text, trigger: `.o_capture_told:contains(${text})`};
}

function shows(field, value) {
    return {content: value, trigger: `#lm_call_${field}:value(${value})`};
}

/** A rep at a fair: photos of cards, with codes and without. */
registry.category("web_tour.tours").add("lead_management_capture_card", {
    steps: () => [
        {content: "the page is there", trigger: ".o_kanban_renderer"},
        {trigger: ".o_capture_call", run: "click"},
        {trigger: "#lm_call_need", run: "edit Two trucks"},
        choose("a card without a code", () => photograph("")),
        told("There is no readable QR code"),
        {content: "it is kept", trigger: ".o_capture_photo:contains(card.jpg)"},
        choose("no photo", () => new Blob(["no photo"])),
        told("Choose a photo"),
        {content: "the one before is kept", trigger: ".o_capture_photo:contains(card.jpg)"},
        choose("a code for something else", () => photograph(WIFI)),
        told("not a business card"),
        choose("a dark card", () => photograph(MECARD, {isDark: true})),
        shows("name", "Ann Roe"),
        shows("phone", "+32470112233"),
        {trigger: "#lm_call_phone", run: "edit +47 99 88 77 66"},
        choose("a card as telephones write it", () => photograph(VCARD)),
        told("was read"),
        shows("name", "Zoë Ødegård"),
        shows("company", "Ødegård & Sønn AS"),
        shows("email", "zoe@odegard.example"),
        {
            content: "what somebody typed stays",
            trigger:
                ".o_capture_call_form:has(#lm_call_phone:value(+47 99 88 77 66))" +
                ":has(#lm_call_need:value(Two trucks))",
        },
        {
            content: "what has no field is shown",
            trigger: ".o_capture_more:contains(Head of Purchase):contains(odegard.example)",
        },
        {trigger: ".modal button:contains(Create Lead)", run: "click"},
        {trigger: ".o_form_view div[name=name] textarea, .o_form_view div[name=name] input"},
    ],
});
