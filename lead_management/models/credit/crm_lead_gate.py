from odoo import api, models
from odoo.fields import Domain

from ..qualification.lead_stage_requirement import REQUIRED, RequirementData


class CrmLead(models.Model):
    """A stage that leads enter with a valid credit check only.

    People are stopped as by any requirement, and managers may go on with a reason: the
    result decides nothing by itself.
    """

    _inherit = "crm.lead"

    @api.model
    def _gate_is_closed(self, stage_id):
        if super()._gate_is_closed(stage_id):
            return True
        gates = self.env["lead.credit.policy"]._get_gates()
        return stage_id in gates and not self._gate_is_open()

    def _gate_missing(self, stage_id):
        missing = super()._gate_missing(stage_id)
        Policy = self.env["lead.credit.policy"]
        gates = {gate.policy_id: gate for gate in Policy._get_gates().get(stage_id, ())}
        if not gates or not self.ids:
            return missing
        self._derived_flush()
        # sudo: which policy applies is the same for everybody
        found = Policy.sudo()._first_match(self.ids)
        lacking = {
            lead.id: gates[found[lead.id]]
            for lead in self
            if found.get(lead.id) in gates
            and lead.credit_band not in gates[found[lead.id]].bands
        }
        if not lacking:
            return missing
        label = self.env._("Credit Check")
        for lead_id, gate in lacking.items():
            data = RequirementData(0, REQUIRED, label, False, False, gate.company_id)
            missing[lead_id] = [*missing.get(lead_id, ()), data]
        return missing

    def _search_stage_gate_missing(self, operator, value):
        domain = super()._search_stage_gate_missing(operator, value)
        gates = self.env["lead.credit.policy"]._get_gates()
        if domain is NotImplemented or not gates:
            return domain
        is_missing = domain if True in value else ~domain
        Policy = self.env["lead.credit.policy"].sudo()  # sudo: as for the gate itself
        for stage_id, stage_gates in gates.items():
            for gate in stage_gates:
                policy = Policy.browse(gate.policy_id)
                is_missing |= (
                    Domain("stage_id", "=", stage_id)
                    & Policy._get_lead_domain(policy._get_conditions(), gate.company_id)
                    & Domain("credit_band", "not in", list(gate.bands))
                )
        return is_missing if True in value else ~is_missing
