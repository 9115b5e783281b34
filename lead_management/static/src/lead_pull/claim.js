import {Component} from "@odoo/owl";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {useNow} from "@lead_management/clock/clock";
import {showDuration} from "@lead_management/clock/duration";

const SOON = 15 * 60000;

/**
 * A lead somebody holds, and how long it may stay untouched.
 */
export class Claim extends Component {
    static template = "lead_management.Claim";
    static components = {DropdownItem};
    static props = {claim: Object, onOpen: Function};

    setup() {
        this.now = useNow();
    }

    get left() {
        return deserializeDateTime(this.props.claim.due) - this.now();
    }

    get style() {
        return this.left < SOON ? "text-danger fw-bold" : "text-muted";
    }

    get text() {
        const time = showDuration(this.left);
        return this.left < 0 ? _t("%s late", time) : _t("%s left", time);
    }
}
