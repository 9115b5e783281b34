import {htmlMailField, HtmlMailField} from "@mail/views/web/fields/html_mail_field/html_mail_field";
import {onWillDestroy} from "@odoo/owl";
import {registry} from "@web/core/registry";

const fields = new Set();

/** Return the editor of an element, if it is one of these texts. */
export function findEditor(element) {
    const field = [...fields].find(({editor}) => editor?.editable === element);
    return element && field?.editor;
}

/** The text of an email to leads, into which facts can be put. */
export class TextHtml extends HtmlMailField {
    setup() {
        super.setup();
        fields.add(this);
        onWillDestroy(() => fields.delete(this));
    }
}

registry.category("fields").add("lead_text_html", {
    ...htmlMailField,
    component: TextHtml,
    additionalClasses: ["o_field_html", "o_field_html_mail"],
});
