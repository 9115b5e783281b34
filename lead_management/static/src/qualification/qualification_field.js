import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {Question} from "@lead_management/qualification/question";

const INPUT = ".o_lead_options, input, textarea";

/**
 * The questions a lead is asked: the best one to ask next, those still open, and those
 * answered. An answer is noted at once, and the cursor goes to the next question.
 */
export class QualificationField extends Component {
    static template = "lead_management.QualificationField";
    static components = {Question};
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.root = useRef("root");
        this.state = useState({busy: false, focusNext: false});
        useEffect(
            (focusNext) => {
                if (focusNext) {
                    this.state.focusNext = false;
                    this.root.el?.querySelector(`.o_lead_open :is(${INPUT})`)?.focus();
                }
            },
            () => [this.state.focusNext],
        );
    }

    get qualification() {
        return this.props.record.data[this.props.name] || {questions: []};
    }

    get questions() {
        return this.qualification.questions;
    }

    get best() {
        return this.questions.find((question) => question.id === this.qualification.next);
    }

    get open() {
        return this.questions.filter(
            (question) => !question.answered && question.id !== this.qualification.next,
        );
    }

    get answered() {
        return this.questions.filter((question) => question.answered);
    }

    get progress() {
        const {answered, total} = this.qualification;
        return _t("%(answered)s of %(total)s answered", {answered, total});
    }

    get percent() {
        const {answered, total} = this.qualification;
        return total ? Math.round((100 * answered) / total) : 0;
    }

    async save() {
        await this.props.record.save();
    }

    /** Note an answer. What else is changed in the form is saved first, never lost. */
    async answer(question, value) {
        const {record} = this.props;
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            if ((record.isNew || record.dirty) && !(await record.save())) {
                return;
            }
            await this.orm.call("crm.lead", "action_qualify", [
                [record.resId],
                {[question.id]: value},
            ]);
        } finally {
            this.state.busy = false;
            await record.load();
        }
        this.state.focusNext = !question.answered;
    }
}

registry.category("fields").add("lead_qualification", {
    component: QualificationField,
    displayName: _t("Questions and answers"),
    supportedTypes: ["json"],
});
