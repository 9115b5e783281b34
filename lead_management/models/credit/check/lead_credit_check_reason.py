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
        return {
            "rating_low": self.env._("Rated as low risk"),
            "rating_medium": self.env._("Rated as medium risk"),
            "rating_high": self.env._("Rated as high risk"),
            "not_rated": self.env._("The agency has no rating"),
            "insolvency": self.env._("Insolvency or liquidation"),
            "inactive": self.env._("The company is not active"),
            "score_missing": self.env._("The report contains no rating"),
            "no_limit": self.env._("No credit limit is given"),
            "incomplete": self.env._("Parts of the report are missing"),
            "other_currency": self.env._("The limit is in another currency"),
            "manual": self.env._("Entered manually from a report"),
            "cached": self.env._("Taken from an earlier check of the same company"),
        }

    @api.model
    def _get_refusal_texts(self):
        return {
            "no_policy": self.env._(
                "No policy applies: the lead is below the threshold, or its company "
                "has no policy."
            ),
            "no_basis": self.env._(
                "The policy names no legal basis for this legal form."
            ),
            "no_consent": self.env._("There is no consent of this person."),
            "no_form": self.env._("The legal form is not known."),
            "no_provider": self.env._("The policy names no agency."),
            "no_subject": self.env._(
                "The name or the number and the country are missing."
            ),
            "not_asker": self.env._(
                "The policy lets sales managers request checks only."
            ),
            "check_budget": self.env._("The report costs more than a check may cost."),
            "monthly_budget": self.env._("The budget of this month is used up."),
            "declined": self.env._("A second person declined it."),
            "cancelled": self.env._("Whoever requested it cancelled it."),
            "self_approved": self.env._("Nobody approves a check of their own."),
            "not_approver": self.env._("The policy names other approvers."),
            "not_waiting": self.env._("The check does not wait for an approval."),
            "changed": self.env._("The lead no longer meets the policy."),
            "no_answer": self.env._("The agency could not be reached."),
            "uncertain": self.env._(
                "The agency was called and gave no usable answer. The report may have "
                "been charged; it is not bought again automatically."
            ),
            "other_company": self.env._(
                "The agency sent the report of another company."
            ),
            "duplicate_reference": self.env._(
                "The agency sent an earlier report again."
            ),
            "uncertain_company": self.env._(
                "The report of this company may have been charged already, for another "
                "lead. Request the check again when that is settled."
            ),
            "merged": self.env._("The lead was merged with one that is being checked."),
            "interrupted": self.env._("The call was interrupted."),
            "copy": self.env._("Cancelled in a copy for tests."),
            "erased": self.env._("The data were erased."),
        }
