import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {
    deserializeDate,
    formatDate,
    toLocaleDateTimeString,
    deserializeDateTime,
    serializeDate,
} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {MultiRecordSelector} from "@web/core/record_selectors/multi_record_selector";
import {RecordSelector} from "@web/core/record_selectors/record_selector";
import {useService} from "@web/core/utils/hooks";
import {parseFloat as parseLocalFloat} from "@web/views/fields/parsers";
import {formatFloat} from "@web/views/fields/formatters";

const ONE = ["yes_no", "choice"];
const NUMBERS = ["number", "deal_size"];
const RECORDS = {product: "product.product", tag: "crm.tag", segment: "lead.segment"};

/**
 * One question with the input that fits its kind.
 *
 * Choices are answered by a click or by their digit; a second click takes the answer
 * back. Several choices are handed over when the question is left, texts and numbers
 * as well, or on Enter.
 */
export class Question extends Component {
    static template = "lead_management.Question";
    static components = {DateTimeInput, MultiRecordSelector, RecordSelector};
    static props = {
        question: Object,
        onAnswer: Function,
        isBest: {type: Boolean, optional: true},
        readonly: {type: Boolean, optional: true},
    };
    static defaultProps = {isBest: false, readonly: false};

    setup() {
        this.notification = useService("notification");
        this.input = useRef("input");
        this.state = useState({picked: [], text: "", help: false, wrong: false});
        useEffect(
            () => this.reset(),
            () => [JSON.stringify(this.props.question.value)],
        );
    }

    reset() {
        const {kind, value} = this.props.question;
        this.state.wrong = false;
        this.state.picked = this.isPicked && value ? [].concat(value) : [];
        if (NUMBERS.includes(kind)) {
            const isSet = this.props.question.answered;
            const digits = [16, Number.isInteger(value) ? 0 : 2];
            this.state.text = isSet ? formatFloat(value, {digits}) : "";
        } else if (kind === "text") {
            this.state.text = value || "";
        }
    }

    // -- what kind of input ---------------------------------------------------

    get kind() {
        return this.props.question.kind;
    }

    get isOne() {
        return ONE.includes(this.kind) || (this.kind === "segment" && this.props.question.limited);
    }

    get isPicked() {
        return (
            this.isOne ||
            this.kind === "multiple" ||
            (this.kind in RECORDS && this.props.question.limited)
        );
    }

    get isNumber() {
        return NUMBERS.includes(this.kind);
    }

    get resModel() {
        return RECORDS[this.kind];
    }

    get inputMode() {
        return this.isNumber ? "decimal" : "text";
    }

    get date() {
        const {value} = this.props.question;
        return value ? deserializeDate(value) : false;
    }

    // -- texts ----------------------------------------------------------------

    get origin() {
        const {by, on, source} = this.props.question;
        if (!on) {
            return "";
        }
        return _t("%(who)s, %(when)s (%(source)s)", {
            who: by,
            when: toLocaleDateTimeString(deserializeDateTime(on)),
            source,
        });
    }

    digit(index) {
        return index < 9 ? String(index + 1) : "";
    }

    isChosen(option) {
        return this.state.picked.includes(option.id);
    }

    // -- answering ------------------------------------------------------------

    pick(option) {
        if (this.props.readonly) {
            return;
        }
        if (this.isOne) {
            const value = this.isChosen(option) ? false : option.id;
            this.state.picked = value ? [value] : [];
            this.props.onAnswer(value);
        } else {
            const {picked} = this.state;
            this.state.picked = this.isChosen(option)
                ? picked.filter((id) => id !== option.id)
                : [...picked, option.id];
        }
    }

    onKeydown(ev) {
        const option = this.props.question.options[Number(ev.key) - 1];
        if (option && !ev.ctrlKey && !ev.altKey && !ev.metaKey) {
            ev.preventDefault();
            ev.stopPropagation();
            this.pick(option);
        } else if (ev.key === "Enter" && !this.isOne) {
            ev.preventDefault();
            this.handOver();
        }
    }

    onFocusout(ev) {
        if (!this.isOne && !ev.currentTarget.contains(ev.relatedTarget)) {
            this.handOver();
        }
    }

    /** Hand over several choices, if they are others than before. */
    handOver() {
        const before = [].concat(this.props.question.value || []);
        const sorted = (ids) => JSON.stringify([...ids].sort((a, b) => a - b));
        if (sorted(before) !== sorted(this.state.picked)) {
            this.props.onAnswer(this.state.picked);
        }
    }

    onInput(ev) {
        this.state.text = ev.target.value;
        this.state.wrong = false;
    }

    onInputKeydown(ev) {
        if (ev.key === "Enter" && (this.kind !== "text" || ev.ctrlKey)) {
            ev.preventDefault();
            ev.stopPropagation();
            this.onChange();
        }
    }

    onChange() {
        const text = this.state.text.trim();
        const value = this.isNumber ? this.parseNumber(text) : text;
        if (value !== undefined && (value || false) !== (this.props.question.value || false)) {
            this.props.onAnswer(value);
        } else if (value === 0 && !this.props.question.answered && this.kind === "number") {
            this.props.onAnswer(0);
        }
    }

    parseNumber(text) {
        if (!text) {
            return false;
        }
        try {
            return parseLocalFloat(text);
        } catch {
            this.state.wrong = true;
            this.notification.add(
                _t("“%s” is not a number. Write digits only.", text.slice(0, 50)),
                {type: "danger"},
            );
            return undefined;
        }
    }

    onDate(date) {
        this.props.onAnswer(date ? serializeDate(date) : false);
    }

    onRecords(resIds) {
        this.props.onAnswer(resIds);
    }

    onRecord(resId) {
        this.props.onAnswer(resId || false);
    }

    get shownDate() {
        return this.date ? formatDate(this.date) : "";
    }
}
