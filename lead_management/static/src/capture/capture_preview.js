import {Component, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** What the visitor will see, while the form is being made. Nothing runs in it. */
export class CapturePreview extends Component {
    static template = "lead_management.CapturePreview";
    static props = {...standardFieldProps};

    setup() {
        this.state = useState({isPhone: true});
    }

    get html() {
        return String(this.props.record.data[this.props.name] || "");
    }
}

registry.category("fields").add("capture_preview", {
    component: CapturePreview,
    supportedTypes: ["html"],
});
