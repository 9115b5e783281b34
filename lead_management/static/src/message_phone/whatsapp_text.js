import {htmlEscape, markup} from "@odoo/owl";

// What WhatsApp makes of marks around words, in the order in which they are looked for.
const MARKS = [
    // the backticks have been escaped
    [/(?:&#x60;){3}((?:(?!&#x60;)[\s\S])+)(?:&#x60;){3}/g, "code"],
    [/(^|[\s(])\*(\S(?:[^*\n]*\S)?)\*(?=$|[\s).,;:!?])/gm, "strong"],
    [/(^|[\s(])_(\S(?:[^_\n]*\S)?)_(?=$|[\s).,;:!?])/gm, "em"],
    [/(^|[\s(])~(\S(?:[^~\n]*\S)?)~(?=$|[\s).,;:!?])/gm, "s"],
];

/**
 * Return a text as WhatsApp shows it.
 *
 * @param {String} text
 * @returns {Object} markup, of which nothing but the tags of the marks is HTML
 */
export function formatWhatsapp(text) {
    let html = String(htmlEscape(text || ""));
    for (const [pattern, tag] of MARKS) {
        html = html.replace(pattern, (match, before, inner) =>
            tag === "code" ? `<code>${before}</code>` : `${before}<${tag}>${inner}</${tag}>`,
        );
    }
    return markup(html);
}
