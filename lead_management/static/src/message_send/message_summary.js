import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const SHOWN = 5;

/**
 * What will become of the messages: who gets one now or later, who is held back and why.
 */
export class MessageSummary extends Component {
    static template = "lead_management.MessageSummary";
    static props = {...standardFieldProps};

    setup() {
        this.state = useState({all: false});
    }

    get summary() {
        return this.props.record.data[this.props.name] || {};
    }

    get isMany() {
        return this.summary.count > 1;
    }

    get reasons() {
        const reasons = this.summary.reasons || [];
        return this.state.all ? reasons : reasons.slice(0, SHOWN);
    }

    get more() {
        return (this.summary.reasons || []).length - this.reasons.length;
    }

    names(item) {
        const rest = item.count - item.names.length;
        const names = item.names.join(", ");
        return rest > 0 ? _t("%(names)s and %(count)s more", {names, count: rest}) : names;
    }

    get later() {
        const {later, later_at: at} = this.summary;
        return at
            ? _t("%(count)s later: %(at)s", {count: later, at})
            : _t("%(count)s later", {count: later});
    }
}

registry.category("fields").add("lead_message_summary", {
    component: MessageSummary,
    displayName: _t("Result of the messages"),
    supportedTypes: ["json"],
});
