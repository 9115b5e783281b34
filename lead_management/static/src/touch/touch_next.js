import {Component} from "@odoo/owl";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/** With whom the day goes on; Ctrl+Enter saves from wherever one types. */
export class TouchNext extends Component {
    static template = "lead_management.TouchNext";
    static props = {...standardWidgetProps};

    setup() {
        useHotkey("control+enter", () => this.save(), {bypassEditableProtection: true});
    }

    get title() {
        return this.props.record.data.next_title;
    }

    /** What is being typed counts: it is taken over when it loses the focus. */
    save() {
        const modal = document.activeElement?.closest(".modal") || document;
        document.activeElement?.blur();
        modal.querySelector(".modal-footer .o_lead_touch_save")?.click();
    }
}

registry.category("view_widgets").add("lead_touch_next", {component: TouchNext});
