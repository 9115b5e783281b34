import {Notebook} from "@web/core/notebook/notebook";
import {extractFieldsFromArchInfo} from "@web/model/relational_model/utils";

/** The tabs whose fields are read when one of them is opened. */
export const LATER_TABS = ["timeline", "lead", "internal_notes", "extra"];

const WORD = /[a-zA-Z_]\w*/g;

/** All words in the attributes of nodes, and so the names of the fields these depend on. */
function collectWords(nodes) {
    const words = new Set();
    for (const node of nodes) {
        for (const {value} of node.attributes) {
            for (const word of value.match(WORD) || []) {
                words.add(word);
            }
        }
    }
    return words;
}

function pick(nodes, ids) {
    return Object.fromEntries(Object.entries(nodes).filter(([id]) => !ids.has(id)));
}

/**
 * Return the names of fields that nothing needs but the tabs that are opened later.
 *
 * @param {Object} archInfo of a form
 * @param {Object} fields all fields of the model
 * @returns {Set<string>}
 */
export function findLaterFields(archInfo, fields) {
    const within = LATER_TABS.map((name) => `page[name="${name}"] *`).join();
    const later = new Set(archInfo.xmlDoc.querySelectorAll(within));
    const nodes = [...archInfo.xmlDoc.querySelectorAll("*")];
    const ids = (attribute) =>
        new Set([...later].map((node) => node.getAttribute(attribute)).filter(Boolean));
    const all = extractFieldsFromArchInfo(archInfo, fields).activeFields;
    const first = extractFieldsFromArchInfo(
        {
            fieldNodes: pick(archInfo.fieldNodes, ids("field_id")),
            widgetNodes: pick(archInfo.widgetNodes, ids("widget_id")),
        },
        fields,
    ).activeFields;
    const words = collectWords([archInfo.xmlDoc, ...nodes].filter((node) => !later.has(node)));
    return new Set(Object.keys(all).filter((name) => !(name in first) && !words.has(name)));
}

/** A notebook that waits for the fields of a tab before it shows it. */
export class LeadNotebook extends Notebook {
    async activatePage(pageIndex) {
        const page = this.pages.find(([id]) => id === pageIndex)?.[1];
        if (LATER_TABS.includes(page?.name)) {
            await this.env.model.loadLater?.();
        }
        super.activatePage(pageIndex);
    }
}
