import {Component, useEffect, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {formatInteger} from "@web/views/fields/formatters";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const CHECK_EVERY = 2000;
const SHOW_END_FOR = 8000;

/**
 * How far the scores of all leads are brought up to date, while this goes on.
 */
export class RefreshProgress extends Component {
    static template = "lead_management.RefreshProgress";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({progress: null, isOver: false});
        this.timer = null;
        // the values are another object as soon as they are loaded or saved
        useEffect(
            () => {
                this.check();
                return () => browser.clearTimeout(this.timer);
            },
            () => [this.props.record.data],
        );
    }

    get percent() {
        return Math.round(this.state.progress.percent);
    }

    get text() {
        const {done, total} = this.state.progress;
        if (!total) {
            return _t("Scores are being updated.");
        }
        return _t("Scores are being updated: %(percent)s (leads: %(done)s of %(total)s)", {
            percent: _t("%s %%", this.percent),
            done: formatInteger(done),
            total: formatInteger(total),
        });
    }

    async check() {
        let progress = null;
        try {
            progress = await this.keepLast.add(
                this.orm.silent.call("crm.lead", "action_refresh_progress", []),
            );
        } catch {
            // nothing depends on watching it
        }
        const wasRunning = Boolean(this.state.progress);
        browser.clearTimeout(this.timer);
        this.state.progress = progress?.running ? progress : null;
        this.state.isOver =
            Boolean(progress && !progress.running) && (wasRunning || this.state.isOver);
        if (this.state.progress) {
            this.timer = browser.setTimeout(() => this.check(), CHECK_EVERY);
        } else if (this.state.isOver) {
            this.timer = browser.setTimeout(() => (this.state.isOver = false), SHOW_END_FOR);
        }
    }
}

registry.category("view_widgets").add("lead_refresh_progress", {
    component: RefreshProgress,
});
