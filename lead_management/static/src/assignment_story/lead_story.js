import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {AssignmentStoryField} from "@lead_management/assignment_story/assignment_story";
import {extractRowsProps, LeadRows} from "@lead_management/lead_rows/lead_rows";

const FIELD = "assignment_story";

/** The decisions about the salesperson of a lead, read when somebody looks at them. */
export class LeadStory extends Component {
    static template = "lead_management.LeadStory";
    static components = {AssignmentStoryField};
    static props = {resId: Number};

    setup() {
        this.orm = useService("orm");
        this.state = useState({record: null});
        onWillStart(() => this.load(this.props.resId));
        onWillUpdateProps(({resId}) => this.load(resId));
    }

    async load(resId) {
        const [lead] = await this.orm.read("crm.lead", [resId], [FIELD]);
        this.state.record = {data: lead};
    }
}

export class LeadStoryRows extends LeadRows {
    static body = "lead_management.LeadStoryBody";
    static components = {LeadStory};
}

registry.category("view_widgets").add("lead_story", {
    component: LeadStoryRows,
    extractProps: extractRowsProps,
});
