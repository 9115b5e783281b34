import {Component, useState, useSubEnv} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {exprToBoolean} from "@web/core/utils/strings";
import {getDefaultConfig, View} from "@web/views/view";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/**
 * Rows of a lead under a heading, as a list of its own that is read when it is shown: what
 * stands on a tab, or is folded, costs those nothing who do not open it.
 */
export class LeadRows extends Component {
    static template = "lead_management.LeadRows";
    static body = "lead_management.LeadRowsList";
    static components = {View};
    static props = {
        ...standardWidgetProps,
        string: String,
        model: {type: String, optional: true},
        listView: {type: String, optional: true},
        follow: {type: String, optional: true},
        open: {type: Boolean, optional: true},
    };

    setup() {
        this.action = useService("action");
        this.state = useState({isOpen: Boolean(this.props.open)});
        // the list is not part of the action that shows the form
        useSubEnv({config: getDefaultConfig()});
    }

    get resId() {
        return this.props.record.resId;
    }

    /** Another list as soon as there are other rows: a field of the lead tells. */
    get key() {
        const {follow, record} = this.props;
        return JSON.stringify([this.resId, follow && record.data[follow]]);
    }

    get viewProps() {
        return {
            allowOpenAction: false,
            allowSelectors: false,
            context: this.props.listView ? {list_view_ref: this.props.listView} : {},
            display: {controlPanel: false},
            domain: [["lead_id", "=", this.resId]],
            limit: 80,
            noBreadcrumbs: true,
            readonly: true,
            resModel: this.props.model,
            selectRecord: (resId) => this.openRow(resId),
            showButtons: false,
            type: "list",
        };
    }

    openRow(resId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: this.props.string,
            res_model: this.props.model,
            res_id: resId,
            views: [[false, "form"]],
            target: "new",
        });
    }
}

export const extractRowsProps = ({attrs}) => ({
    string: attrs.string || "",
    model: attrs.model,
    listView: attrs.list_view,
    follow: attrs.follow,
    open: exprToBoolean(attrs.open || "0"),
});

registry.category("view_widgets").add("lead_rows", {
    component: LeadRows,
    extractProps: extractRowsProps,
});
