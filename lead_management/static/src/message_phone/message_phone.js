import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {formatWhatsapp} from "@lead_management/message_phone/whatsapp_text";

/**
 * A short message as it looks on the phone of the lead, and how long it is.
 */
export class MessagePhone extends Component {
    static template = "lead_management.MessagePhone";
    static props = {...standardWidgetProps};

    get data() {
        return this.props.record.data;
    }

    get isWhatsapp() {
        return this.data.channel === "whatsapp";
    }

    get isEmpty() {
        return !(this.data.text || "").trim();
    }

    get text() {
        const text = this.data.text || "";
        return this.isWhatsapp ? formatWhatsapp(text) : text;
    }

    get size() {
        const size = this.data.size;
        if (this.isWhatsapp || !size || !size.length) {
            return "";
        }
        return _t("Characters: %(length)s, left: %(left)s, parts: %(parts)s (%(encoding)s)", size);
    }

    get odd() {
        return (this.data.size && this.data.size.odd) || "";
    }

    get isLong() {
        return this.data.size && this.data.size.parts > 1;
    }
}

registry.category("view_widgets").add("lead_message_phone", {
    component: MessagePhone,
    fieldDependencies: [
        {name: "channel", type: "selection"},
        {name: "text", type: "text"},
        {name: "size", type: "json"},
    ],
});
