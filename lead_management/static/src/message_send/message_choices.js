import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

// From so many templates on, they can be searched.
const MANY = 8;

/**
 * The channels and the templates to choose from, those that fit first.
 */
export class MessageChoices extends Component {
    static template = "lead_management.MessageChoices";
    static props = {...standardFieldProps};

    setup() {
        this.state = useState({query: "", all: false});
    }

    get choices() {
        return this.props.record.data[this.props.name] || {channels: [], templates: []};
    }

    get channel() {
        return this.props.record.data.channel;
    }

    get leadCount() {
        return this.props.record.data.lead_count;
    }

    get templateId() {
        const template = this.props.record.data.template_id;
        return template ? template.id : false;
    }

    get isMany() {
        return this.choices.templates.length >= MANY;
    }

    get templates() {
        const query = this.state.query.trim().toLowerCase();
        const found = this.choices.templates.filter(
            (item) =>
                !query ||
                item.name.toLowerCase().includes(query) ||
                item.purpose.toLowerCase().includes(query),
        );
        if (query || this.state.all) {
            return found;
        }
        const fitting = found.filter((item) => item.fits || item.id === this.templateId);
        return fitting.length ? fitting : found;
    }

    get hiddenCount() {
        return this.state.query ? 0 : this.choices.templates.length - this.templates.length;
    }

    title(channel) {
        if (channel.reason) {
            return channel.reason;
        }
        return this.leadCount > 1
            ? _t("Reaches %(count)s of %(total)s", {
                  count: channel.count,
                  total: this.leadCount,
              })
            : "";
    }

    setChannel(channel) {
        if (!channel.reason && channel.id !== this.channel) {
            this.state.query = "";
            this.state.all = false;
            this.props.record.update({channel: channel.id});
        }
    }

    setTemplate(template) {
        this.props.record.update({
            template_id: template && {id: template.id, display_name: template.name},
        });
    }
}

registry.category("fields").add("lead_message_choices", {
    component: MessageChoices,
    displayName: _t("Channels and templates"),
    supportedTypes: ["json"],
    fieldDependencies: [
        {name: "channel", type: "selection"},
        {name: "template_id", type: "many2one", relation: "lead.message.template"},
        {name: "lead_count", type: "integer"},
    ],
});
