from odoo import api, models

from ..constants import APPROVAL, MANUAL, PERSON


class LeadCreditCheck(models.Model):
    """What keeps a check from being made, before anybody is called."""

    _inherit = "lead.credit.check"

    @api.model
    def _get_asking_problem(self, lead, policy, legal_form, user):
        """Return the code of what keeps a user from asking, or None.

        :param policy: that applies, with all rights, or none
        """
        if not policy:
            return "no_policy"
        if not policy._may_ask(user):
            return "not_asker"
        return self._get_basis_problem(lead, policy, legal_form)

    @api.model
    def _get_basis_problem(self, lead, policy, legal_form):
        if not legal_form:
            return "no_form"
        basis, text = policy._get_basis(legal_form)
        if not basis or not (text or "").strip():
            return "no_basis"
        if legal_form == PERSON and not self._get_consent(lead):
            return "no_consent"
        return None

    @api.model
    def _get_consent(self, lead):
        """Return the consent of a person that stands: the last, if not withdrawn."""
        # sudo: whether there is one decides, whoever asks
        last = (
            self.env["lead.credit.consent"]
            .sudo()
            .search([("lead_id", "=", lead.id)], limit=1)
        )
        return last.filtered(lambda row: not row.withdrawn)

    @api.model
    def _get_subject_problem(self, values):
        if not values.get("country_id"):
            return "no_subject"
        if not (values.get("company_name") or values.get("company_number")):
            return "no_subject"
        return None

    def _get_approval_problem(self, user):
        """Return the code of what keeps a user from approving a check, or None."""
        check = self.sudo()  # sudo: the policy is read for whoever asks
        if check.state != APPROVAL or check.approver_id:
            return "not_waiting"
        if user == check.requester_id:
            return "self_approved"
        if not check.policy_id._may_approve(user):
            return "not_approver"
        return None

    def _get_standing_problem(self):
        """Return the code of what makes a check void, whatever it costs, or None.

        All is looked at again: days may have gone by since it was asked for.
        """
        policy = self.env["lead.credit.policy"]._find(self.lead_id).get(self.lead_id.id)
        if not policy or policy != self.policy_id:
            return "changed"
        if problem := self._get_basis_problem(self.lead_id, policy, self.legal_form):
            return problem
        if self.needs_approval or policy._needs_approval(self.lead_id):
            if not self.approver_id or self.approver_id == self.requester_id:
                return "self_approved"
        return None

    def _get_buying_problem(self, provider):
        """Return the code of what keeps a check from being bought right now, or None.

        :param provider: the agency, if there is one
        """
        if not provider or self.provider_key == MANUAL:
            return "no_provider"
        return self.policy_id._get_money_problem(provider.cost)
