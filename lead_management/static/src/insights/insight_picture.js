import {Component} from "@odoo/owl";
import {InsightNumber} from "@lead_management/insights/insight_number";

const WIDTH = 560;
const HEIGHT = 144;
const LEFT = 54;

/** Bars, columns, a curve or a grid of hours, drawn without a library. */
export class InsightPicture extends Component {
    static template = "lead_management.InsightPicture";
    static components = {InsightNumber};
    static props = {picture: Object};

    /** Where columns and curves begin: right of the numbers of the axis. */
    left = LEFT;

    get picture() {
        return this.props.picture;
    }

    /** Where lines of the axis stand, and what they say. */
    get ticks() {
        const {ticks, tickTexts} = this.picture;
        return ticks.map((tick, number) => ({
            y: this.y(tick),
            text: tickTexts ? tickTexts[number] : tick,
        }));
    }

    y(value) {
        const {ticks} = this.picture;
        return 8 + (HEIGHT - 8) * (1 - value / ticks[ticks.length - 1]);
    }

    get step() {
        return (WIDTH - LEFT) / Math.max(this.picture.columns.length, 1);
    }

    get columns() {
        return this.picture.columns.map((column, number) => {
            const width = Math.min(26, this.step * 0.6);
            const middle = LEFT + this.step * (number + 0.5);
            return {
                ...column,
                middle,
                x: middle - width / 2,
                width,
                y: this.y(column.value),
                height: HEIGHT - this.y(column.value),
                marks: (column.marks || []).map((value) => (value === null ? null : this.y(value))),
            };
        });
    }

    /** Bars to the right or the left of the middle, as long as their part. */
    get causes() {
        const {bars} = this.picture;
        const largest = Math.max(...bars.map(({value}) => Math.abs(value)), 1e-9);
        return bars.map((bar) => ({
            ...bar,
            width: Math.round((48 * Math.abs(bar.value)) / largest),
            isLess: bar.value < 0,
        }));
    }

    /** A curve as the points of a line. */
    get points() {
        const {points, ticks} = this.picture;
        const last = points.length ? points[points.length - 1][0] : 1;
        const x = (at) => LEFT + ((WIDTH - LEFT) * at) / (last || 1);
        let path = `${LEFT},${this.y(0)}`;
        let before = 0;
        for (const [at, value] of points) {
            path += ` ${x(at)},${this.y(before)} ${x(at)},${this.y(value)}`;
            before = value;
        }
        return ticks.length ? path : "";
    }

    get days() {
        const {points} = this.picture;
        const last = points.length ? points[points.length - 1][0] : 1;
        return [0, 0.25, 0.5, 0.75, 1].map((part) => ({
            x: LEFT + (WIDTH - LEFT) * part,
            text: Math.round(last * part),
        }));
    }
}
