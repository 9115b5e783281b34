import {Component} from "@odoo/owl";
import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useNow} from "@lead_management/clock/clock";
import {showDuration} from "@lead_management/clock/duration";
import {showDay} from "@lead_management/next_step/step_when";

const DAY = 24 * 3600 * 1000;

/** How somebody last got in touch with a lead, or the lead did, and what came of it. */
export class LastContactField extends Component {
    static template = "lead_management.LastContactField";
    static props = {...standardFieldProps};

    setup() {
        this.now = useNow();
    }

    get contact() {
        return this.props.record.data[this.props.name];
    }

    get channel() {
        const {channel} = this.contact;
        return {
            call: _t("Call"),
            email: _t("Email"),
            sms: _t("Text Message"),
            whatsapp: _t("WhatsApp"),
            meeting: _t("Meeting"),
        }[channel];
    }

    get what() {
        const {outcome, minutes} = this.contact;
        const parts = [this.channel, outcome, minutes ? _t("%(minutes)s min", {minutes}) : ""];
        return parts.filter(Boolean).join(", ");
    }

    get date() {
        return deserializeDateTime(this.contact.date);
    }

    get day() {
        return showDay(this.date);
    }

    get moment() {
        return toLocaleDateTimeString(this.date);
    }

    get who() {
        const {user, direction} = this.contact;
        return user || (direction === "in" ? _t("The contact") : "");
    }

    get attempts() {
        const {attempts} = this.contact;
        return attempts > 1 ? _t("Attempts: %s", attempts) : "";
    }

    /** They wait for us: how long, while it is news. */
    get answered() {
        if (!this.contact?.answered) {
            return "";
        }
        const passed = this.date - this.now();
        return -passed < DAY ? _t("Answered %s ago", showDuration(passed)) : _t("Answered");
    }

    get line() {
        return _t("%(channel)s, %(day)s", {channel: this.channel, day: this.day});
    }
}

/** In a row of a list. */
export class LastContactLine extends LastContactField {
    static template = "lead_management.LastContactLine";
}

/** On a card: only what waits for us. */
export class LastContactNews extends LastContactField {
    static template = "lead_management.LastContactNews";
}

const lastContact = {
    displayName: _t("Last contact"),
    supportedTypes: ["json"],
    isEmpty: () => false,
};

const fields = registry.category("fields");
fields.add("lead_last_contact", {...lastContact, component: LastContactField});
fields.add("list.lead_last_contact", {...lastContact, component: LastContactLine});
fields.add("kanban.lead_last_contact", {...lastContact, component: LastContactNews});
