from odoo import api, fields, models
from odoo.tools import format_amount, format_date, format_datetime

from ..constants import MANUAL


class LeadCreditCheck(models.Model):
    """How a result came about: the data, the rule, the people and the dates."""

    _inherit = "lead.credit.check"

    explanation = fields.Html(compute="_compute_explanation")

    @api.depends("state", "approver_id")
    @api.depends_context("lang", "uid")
    def _compute_explanation(self):
        """Render the same as the export."""
        for check in self:
            check.explanation = self.env["ir.qweb"]._render(
                "lead_management.lead_credit_explanation_parts",
                {"parts": check._get_explanation()},
            )

    def _get_explanation(self):
        """Return all that led to the result, for a reader who was not there.

        :return: list of pairs of a title and a list of pairs of a label and a text
        """
        self.ensure_one()
        check = self.sudo()  # sudo: names of colleagues; the caller may read the check
        return [
            (self.env._("Result"), check._explain_result()),
            (self.env._("Data"), check._explain_data()),
            (self.env._("Rule"), check._explain_rule()),
            (self.env._("People and Dates"), check._explain_people()),
        ]

    def _explain_result(self):
        env = self.env
        lines = [(env._("Status"), self._get_state_label(self.state))]
        if self._is_disclosed():
            lines.append((env._("Result"), self._get_state_band_label()))
            lines.append((env._("Credit Limit"), self._get_limit_text()))
        if self._is_disclosed() and self.valid_until:
            lines.append((env._("Valid Until"), format_date(env, self.valid_until)))
        lines.append(
            (
                env._("Meaning"),
                env._("The result informs people. It decides nothing by itself."),
            )
        )
        return lines

    def _get_limit_text(self):
        if not self.has_limit:
            return self.env._("None given")
        amount = format_amount(self.env, self.limit, self.currency_id)
        return self.env._("Up to %s", amount)

    def _explain_data(self):
        env = self.env
        lines = [
            (env._("Checked As"), self.company_name or ""),
            (env._("Registration Number"), self.company_number or ""),
            (env._("Country"), self.country_id.name or ""),
            (env._("Legal Form"), self._get_selection_text("legal_form")),
            (env._("Findings"), self.reason_text or ""),
            (env._("Agency"), self._get_source_text()),
            (env._("Reference"), self.reference or ""),
        ]
        return [(label, text) for label, text in lines if text]

    def _get_source_text(self):
        if not self.provider_key:
            return ""
        field = self.env["lead.credit.provider"]._fields["key"]
        agencies = dict(field._description_selection(self.env))
        return agencies.get(self.provider_key) or self.env._("Entered manually")

    def _get_selection_text(self, fname):
        labels = dict(self._fields[fname]._description_selection(self.env))
        return labels.get(self[fname], "")

    def _explain_rule(self):
        env = self.env
        amount = format_amount(env, self.amount, self.amount_currency_id)
        lines = [
            (env._("Policy"), self.policy_text or ""),
            (env._("Expected Revenue"), amount),
            (env._("Score"), str(self.score)),
            (env._("Legal Basis"), self._get_selection_text("basis")),
            (env._("Reasoning"), self.basis_text or ""),
            (env._("How Ratings Are Read"), self._get_reading_text()),
        ]
        return [(label, text) for label, text in lines if text]

    def _get_reading_text(self):
        """Return how a rating becomes a band: of a result entered, a person says so."""
        if self.provider_key == MANUAL:
            return self.env._("The person who entered the report chose the result.")
        return self.env._(
            "A and B: low risk. C: medium risk. D, or insolvency: high risk. E, no "
            "rating, or a company that is not active: not rated."
        )

    def _explain_people(self):
        env = self.env
        lines = [
            (env._("Requested By"), self.requester_id.name, self.request_date),
            (env._("Approved By"), self.approver_id.name, self.approve_date),
            (env._("Consent"), self.consent_id.proof, self.consent_id.date),
            (env._("Agency Called"), env._("Yes"), self.called),
            (env._("Done"), env._("Yes"), self.done_date),
        ]
        return [
            (label, f"{text}, {format_datetime(env, date, dt_format='short')}")
            for label, text, date in lines
            if text and date
        ]

    def action_explain(self):
        """Show how the result came about."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Explanation"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [
                (
                    self.env.ref("lead_management.lead_credit_check_view_explain").id,
                    "form",
                )
            ],
            "target": "new",
        }

    def action_export(self):
        """Download the explanation, for the person who asks for it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/lead/credit/explanation/{self.id}",
            "target": "new",
        }
