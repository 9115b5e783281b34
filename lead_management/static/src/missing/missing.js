import {Component, useRef} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {focusInformation} from "@lead_management/profile/focus_information";
import {signed} from "@lead_management/score_reasons/score_reasons";

const REQUIRED = 2;
const RECOMMENDED = 1;

const keyOf = ({qualifier, field}) => (qualifier ? `question ${qualifier}` : `field ${field}`);

/**
 * What is not known of a lead, each fact once and in one wording, however many ask for it:
 * what the stage requires first, then what is worth most.
 *
 * @param {Object} data of a lead
 * @returns {Array} facts with `label`, `level`, `points`, `field` or `qualifier`
 */
export function collectMissing({stage_gate, score_open, profile_missing}) {
    const facts = new Map();
    function add(items, values) {
        for (const item of items || []) {
            const key = keyOf(item);
            const known = facts.get(key) || {level: 0, points: 0};
            facts.set(key, {...item, ...known, ...values(item)});
        }
    }
    add(profile_missing, () => ({}));
    add(score_open, ({points}) => ({points}));
    add(stage_gate?.recommended, () => ({level: RECOMMENDED}));
    add(stage_gate?.required, () => ({level: REQUIRED}));
    return [...facts.values()].sort(
        (one, other) =>
            (other.level === REQUIRED) - (one.level === REQUIRED) ||
            other.points - one.points ||
            other.level - one.level,
    );
}

/** The missing fact that is worth most; all others are a click away. */
export class Missing extends Component {
    static template = "lead_management.Missing";
    static components = {Dropdown, DropdownItem};
    static props = {...standardWidgetProps};

    setup() {
        this.root = useRef("root");
        this.signed = signed;
    }

    get facts() {
        return collectMissing(this.props.record.data);
    }

    isRequired({level}) {
        return level === REQUIRED;
    }

    note({level, points}) {
        const notes = [
            level === REQUIRED && _t("required in this stage"),
            level === RECOMMENDED && _t("recommended in this stage"),
        ];
        return [...notes, points && signed(points)].filter(Boolean).join(", ");
    }

    canAsk({field, qualifier}) {
        return Boolean(field || qualifier);
    }

    ask(information) {
        return focusInformation(this.root.el, information);
    }

    /** From the menu, which gives the cursor back where it came from when it closes. */
    askLater(information) {
        browser.setTimeout(() => this.ask(information));
    }
}

registry.category("view_widgets").add("lead_missing", {
    component: Missing,
    fieldDependencies: [
        {name: "stage_gate", type: "json"},
        {name: "score_open", type: "json"},
        {name: "profile_missing", type: "json"},
    ],
});
