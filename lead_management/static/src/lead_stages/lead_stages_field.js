import {useRef} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {
    rottingStatusBarDurationField,
    RottingStatusBarDurationField,
} from "@mail/js/rotting_mixin/rotting_statusbar";
import {showDuration} from "@lead_management/clock/duration";

const INACTIVE = "inactive";
const UNQUALIFIED = "unqualified";
const APART = [INACTIVE, UNQUALIFIED];
const UNITS = [86400, 3600, 60];

/** How long it has been in its stage, in the largest unit of time. */
function showTime(seconds) {
    const unit = UNITS.find((each) => seconds >= each) || 60;
    return showDuration(-Math.floor(seconds / unit) * unit * 1000);
}

/**
 * The stages of a lead, all in sight. Inactive and Unqualified are no next step: they
 * stand apart, and ask before a lead goes there.
 */
export class LeadStagesField extends RottingStatusBarDurationField {
    static template = "lead_management.LeadStagesField";

    setup() {
        super.setup();
        this.apartRef = useRef("apart");
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
    }

    /** The type of a stage is read in the place of whether it is folded: none is. */
    getAllItems() {
        return super.getAllItems().map((item) => ({
            ...item,
            type: item.isFolded || "",
            isFolded: false,
            timeInStage: item.isSelected ? this.getTime(item) : "",
        }));
    }

    get isRotting() {
        return this.props.record.data.is_rotting;
    }

    getTime({value}) {
        const {duration_tracking: durations, rotting_days: days} = this.props.record.data;
        const seconds = this.isRotting ? days * UNITS[0] : durations?.[value];
        return seconds > 0 ? showTime(seconds) : "";
    }

    getSortedItems() {
        const sorted = super.getSortedItems();
        return {
            ...sorted,
            inline: sorted.inline.filter((item) => !APART.includes(item.type)),
            apart: sorted.inline.filter((item) => APART.includes(item.type)).reverse(),
        };
    }

    /** Those that stand apart are never put behind a menu. */
    adjustVisibleItems() {
        const all = this.getAllItems;
        this.getAllItems = () => all.call(this).filter((item) => !APART.includes(item.type));
        try {
            super.adjustVisibleItems();
        } finally {
            delete this.getAllItems;
        }
    }

    get position() {
        const path = this.getAllItems().filter((item) => !APART.includes(item.type));
        const index = path.findIndex((item) => item.isSelected);
        const time = path[index]?.timeInStage;
        if (index < 0) {
            return "";
        }
        const place = _t("%(position)s of %(count)s", {position: index + 1, count: path.length});
        return time ? _t("%(place)s, %(time)s", {place, time}) : place;
    }

    async selectItem(item) {
        const {record} = this.props;
        if (item.type === UNQUALIFIED && record.resId) {
            if (!(await record.save())) {
                return;
            }
            const action = await this.orm.call("crm.lead", "action_unqualify", [[record.resId]]);
            await this.action.doAction(action, {onClose: () => record.load()});
            return;
        }
        if (item.type === INACTIVE && record.resId) {
            this.dialog.add(ConfirmationDialog, {
                title: item.label,
                body: _t(
                    "This customer has neither bought nor answered for long. The lead stays won and can be reactivated at any time.",
                ),
                confirmLabel: _t("Set to Inactive"),
                confirm: () => super.selectItem(item),
                cancelLabel: _t("Discard"),
                cancel: () => {},
            });
            return;
        }
        await super.selectItem(item);
    }
}

registry.category("fields").add("lead_stages", {
    ...rottingStatusBarDurationField,
    component: LeadStagesField,
    displayName: _t("Stages of a lead"),
    fieldDependencies: [
        ...rottingStatusBarDurationField.fieldDependencies,
        {name: "is_rotting", type: "boolean"},
        {name: "rotting_days", type: "integer"},
    ],
});
