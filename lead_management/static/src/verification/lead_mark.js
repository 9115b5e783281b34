import {Component, useState} from "@odoo/owl";
import {usePopover} from "@web/core/popover/popover_hook";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

// Four shapes, so that color is not needed to tell them apart.
export const ICONS = {
    ok: "fa-check",
    doubtful: "fa-question",
    wrong: "fa-times",
    unknown: "fa-minus",
};

export class LeadMarkPopover extends Component {
    static template = "lead_management.LeadMarkPopover";
    static props = {
        details: Object,
        apply: Function,
        pick: Function,
        close: {type: Function, optional: true},
    };

    setup() {
        this.icons = ICONS;
        this.state = useState({busy: false});
    }

    async apply(kind) {
        this.state.busy = true;
        await this.props.apply(kind);
        this.props.close?.();
    }

    describe({number, town, status}) {
        return [number, town, status].filter(Boolean).join(", ");
    }

    async pick(number) {
        this.state.busy = true;
        await this.props.pick(number);
        this.props.close?.();
    }
}

/** What was found out about a datum of the lead; a click tells how, and what to do. */
export class LeadMark extends Component {
    static template = "lead_management.LeadMark";
    static props = {...standardWidgetProps, datum: String};

    setup() {
        this.orm = useService("orm");
        this.popover = usePopover(LeadMarkPopover, {position: "bottom"});
        this.icons = ICONS;
    }

    get mark() {
        const {record, datum} = this.props;
        return record.resId && (record.data.verification_marks || {})[datum];
    }

    get title() {
        const {label, text, how} = this.mark;
        return [`${label}: ${text}`, how].filter(Boolean).join("\n");
    }

    async show(ev) {
        const target = ev.currentTarget;
        const {record, datum} = this.props;
        if (await record.isDirty()) {
            // what is said is said of what is saved
            if (!(await record.save())) {
                return;
            }
        }
        const details = await this.orm.call("crm.lead", "action_verification_details", [
            [record.resId],
            datum,
        ]);
        this.popover.open(target, {
            details,
            apply: (kind) => this.apply(kind),
            pick: (number) => this.pick(number),
        });
    }

    async pick(number) {
        const {record} = this.props;
        await this.orm.call("crm.lead", "action_verification_pick", [[record.resId], number]);
        await record.load();
    }

    async apply(kind) {
        const {record, datum} = this.props;
        await this.orm.call("crm.lead", "action_verification_apply", [[record.resId], datum, kind]);
        await record.load();
    }
}

registry.category("view_widgets").add("lead_mark", {
    component: LeadMark,
    extractProps: ({attrs}) => ({datum: attrs.datum}),
    fieldDependencies: [{name: "verification_marks", type: "json"}],
});

/** A verdict as a mark, in a column. */
export class LeadVerdict extends Component {
    static template = "lead_management.LeadVerdict";
    static props = {...standardFieldProps};

    get value() {
        return this.props.record.data[this.props.name];
    }

    get icon() {
        return ICONS[this.value];
    }

    get label() {
        const {selection} = this.props.record.fields[this.props.name];
        return (selection.find(([value]) => value === this.value) || ["", ""])[1];
    }
}

registry.category("fields").add("lead_verdict", {
    component: LeadVerdict,
    supportedTypes: ["selection"],
});
