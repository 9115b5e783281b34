import {Component, useSubEnv} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {getDefaultConfig, View} from "@web/views/view";

/**
 * Rows of a record as a list of its own, read when it is shown: what stands on a tab
 * costs those nothing who do not open it. Of the field itself only the ids are read.
 */
export class LeadRows extends Component {
    static template = "lead_management.LeadRows";
    static components = {View};
    static props = {...standardFieldProps, listView: {type: String, optional: true}};

    setup() {
        this.action = useService("action");
        // the list is not part of the action that shows the form
        useSubEnv({config: getDefaultConfig()});
    }

    get field() {
        return this.props.record.fields[this.props.name];
    }

    get ids() {
        return this.props.record.data[this.props.name].currentIds;
    }

    /** Another list as soon as there are other rows. */
    get key() {
        return this.ids.join();
    }

    get viewProps() {
        return {
            allowOpenAction: false,
            allowSelectors: false,
            context: this.props.listView ? {list_view_ref: this.props.listView} : {},
            display: {controlPanel: false},
            domain: [["id", "in", this.ids]],
            limit: 80,
            noBreadcrumbs: true,
            readonly: true,
            resModel: this.field.relation,
            selectRecord: (resId) => this.open(resId),
            showButtons: false,
            type: "list",
        };
    }

    open(resId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: this.field.string,
            res_model: this.field.relation,
            res_id: resId,
            views: [[false, "form"]],
            target: "new",
        });
    }
}

registry.category("fields").add("lead_rows", {
    component: LeadRows,
    supportedTypes: ["one2many"],
    extractProps: ({options}) => ({listView: options.list_view}),
});
