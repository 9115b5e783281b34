import {Domain} from "@web/core/domain";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {DomainField, domainField} from "@web/views/fields/domain/domain_field";

const REST = "qualifying_domain";

/**
 * A condition on leads, which counts those that qualify for the rule: of its company, at
 * its stage, or whatever else the rule asks for.
 */
export class LeadConditionField extends DomainField {
    static template = "lead_management.LeadConditionField";

    getEvaluatedDomain(props = this.props) {
        const domain = super.getEvaluatedDomain(props);
        const rest = props.record.data[REST];
        if (domain.isInvalid || !rest) {
            return domain;
        }
        return Domain.and([domain, rest]).toList(this.getContext(props));
    }

    get countText() {
        const {recordCount, hasLimitedCount} = this.state;
        return _t("Leads: %s", `${recordCount}${hasLimitedCount ? "+" : ""}`);
    }
}

registry.category("fields").add("lead_condition", {
    ...domainField,
    component: LeadConditionField,
    displayName: _t("Condition on Leads"),
});
