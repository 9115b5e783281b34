import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {showInteger, showPercent} from "@lead_management/score_backtest/figures";

// where the axis may end
const TOPS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1];

/**
 * Which share of the leads was won, per band of the score: a bar for this model, a line
 * across it for the active one, and a dashed line for all leads.
 */
export class WinRateChart extends Component {
    static template = "lead_management.WinRateChart";
    static props = {
        models: Array,
        baseRate: {optional: true},
    };

    get model() {
        return this.props.models.find((model) => model.key === "this");
    }

    get active() {
        return this.props.models.find((model) => model.key === "active");
    }

    get top() {
        const rates = [this.model, this.active]
            .flatMap((model) => model?.bands || [])
            .map((band) => band.rate || 0);
        const highest = Math.max(this.props.baseRate || 0, ...rates);
        return TOPS.find((top) => top >= highest) || 1;
    }

    get ticks() {
        return [1, 0.5, 0].map((part) => ({
            place: 100 * part,
            label: showPercent(part * this.top),
        }));
    }

    get bands() {
        const bands = this.model.bands || [];
        return bands.map((band, index) => {
            const other = this.active?.bands?.[index];
            const label = this.label(band, bands[index + 1]);
            return {
                key: band.low,
                label,
                height: this.place(band.rate),
                marker: this.place(other?.rate),
                rate: showPercent(band.rate),
                leads: _t("Leads: %s", showInteger(band.leads)),
                title: this.title(label, band, other),
            };
        });
    }

    get base() {
        return this.place(this.props.baseRate);
    }

    get baseLabel() {
        return _t("All leads: %s", showPercent(this.props.baseRate));
    }

    get description() {
        return _t("Win rate by score. %(bands)s. All leads: %(base)s.", {
            bands: this.bands.map((band) => `${band.label}: ${band.rate}`).join(", "),
            base: showPercent(this.props.baseRate),
        });
    }

    /** The scores of a band; its end may be given as the begin of the next one. */
    label({low, high}, next) {
        return `${low}\u2013${next?.low === high ? high - 1 : high}`;
    }

    /** How high a rate stands in the picture, in percent; null when it is not known. */
    place(rate) {
        return typeof rate === "number" ? (100 * rate) / this.top : null;
    }

    title(label, {leads, won, rate}, other) {
        const text = _t("Score %(label)s: %(won)s of %(leads)s leads won (%(rate)s)", {
            label,
            won: showInteger(won),
            leads: showInteger(leads),
            rate: showPercent(rate),
        });
        return other ? `${text}\n${this.active.name}: ${showPercent(other.rate)}` : text;
    }
}
