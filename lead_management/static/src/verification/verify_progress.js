import {Component, onWillDestroy, onWillStart, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatInteger} from "@web/views/fields/formatters";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const CHECK_EVERY = 1000;

/** How far the verification of many leads is, while it goes on in the background. */
export class VerifyProgress extends Component {
    static template = "lead_management.VerifyProgress";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({progress: null});
        this.timer = null;
        onWillStart(() => this.check());
        onWillDestroy(() => browser.clearTimeout(this.timer));
    }

    get percent() {
        const {done, total} = this.state.progress;
        return total ? Math.floor((100 * done) / total) : 100;
    }

    get text() {
        const {done, total, wrong} = this.state.progress;
        return _t("Verified: %(done)s of %(total)s. Wrong: %(wrong)s.", {
            done: formatInteger(done),
            total: formatInteger(total),
            wrong: formatInteger(wrong),
        });
    }

    async check() {
        const {resId} = this.props.record;
        try {
            this.state.progress = await this.orm.silent.call("lead.check.run", "action_progress", [
                [resId],
            ]);
        } catch {
            // nothing depends on watching it
        }
        if (this.state.progress?.running) {
            this.timer = browser.setTimeout(() => this.check(), CHECK_EVERY);
        }
    }
}

registry.category("view_widgets").add("lead_verify_progress", {component: VerifyProgress});
