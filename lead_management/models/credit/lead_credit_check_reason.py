from odoo import api, models


class LeadCreditCheck(models.Model):
    """The reasons of results and refusals, in the language of the reader."""

    _inherit = "lead.credit.check"

    @api.model
    def _get_reason_text(self, code):
        """Return a reason in words."""
        return {**self._get_result_texts(), **self._get_refusal_texts()}.get(code, code)

    @api.model
    def _get_result_texts(self):
        _ = self.env._
        return {
            "rating_low": _("Rated as low risk"),
            "rating_medium": _("Rated as medium risk"),
            "rating_high": _("Rated as high risk"),
            "not_rated": _("The agency has no rating"),
            "insolvency": _("Insolvency or liquidation"),
            "inactive": _("The company is not active"),
            "score_missing": _("The report contains no rating"),
            "no_limit": _("No credit limit is given"),
            "incomplete": _("Parts of the report are missing"),
            "other_currency": _("The limit is in another currency"),
            "manual": _("Entered manually from a report"),
            "cached": _("Taken from an earlier check of the same company"),
        }

    @api.model
    def _get_refusal_texts(self):
        _ = self.env._
        return {
            "no_policy": _(
                "No policy applies: the lead is below the threshold, or its company "
                "has no policy."
            ),
            "no_basis": _("The policy names no legal basis for this legal form."),
            "no_consent": _("There is no consent of this person."),
            "no_form": _("The legal form is not known."),
            "no_provider": _("The policy names no agency."),
            "no_subject": _("The name or the number and the country are missing."),
            "not_asker": _("The policy lets sales managers request checks only."),
            "check_budget": _("The report costs more than a check may cost."),
            "monthly_budget": _("The budget of this month is used up."),
            "declined": _("A second person declined it."),
            "self_approved": _("Nobody approves a check of their own."),
            "not_approver": _("The policy names other approvers."),
            "not_waiting": _("The check does not wait for an approval."),
            "changed": _("The lead no longer meets the policy."),
            "no_answer": _("The agency could not be reached."),
            "uncertain": _(
                "The agency was called and gave no usable answer. The report may have "
                "been charged; it is not bought again automatically."
            ),
            "other_company": _("The agency sent the report of another company."),
            "duplicate_reference": _("The agency sent an earlier report again."),
            "interrupted": _("The call was interrupted."),
            "copy": _("Cancelled in a copy for tests."),
            "erased": _("The data were erased."),
        }
