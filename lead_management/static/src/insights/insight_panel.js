import {Component, useState} from "@odoo/owl";
import {InsightNumber} from "@lead_management/insights/insight_number";

/** A part of the report: a picture first, its table one click behind. */
export class InsightPanel extends Component {
    static template = "lead_management.InsightPanel";
    static components = {InsightNumber};
    static props = {
        section: Object,
        className: {type: String, optional: true},
        slots: {type: Object, optional: true},
    };

    setup() {
        this.state = useState({isTable: false});
    }

    get section() {
        return this.props.section;
    }

    get hasTable() {
        return Boolean(this.section.table?.rows.length);
    }

    toggle() {
        this.state.isTable = !this.state.isTable;
    }

    isNumber(cell) {
        return cell !== null && typeof cell === "object";
    }
}
