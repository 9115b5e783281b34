from odoo import api, fields, models
from odoo.tools import format_date

from .constants import COMPANY, DONE, LEGAL_FORMS, PERSON, UNKNOWN


class LeadCreditAsk(models.TransientModel):
    """The dialog that asks for a credit check: who is checked, and on what basis."""

    _name = "lead.credit.ask"
    _description = "Request a Credit Check"

    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade")
    company_name = fields.Char(
        compute="_compute_subject",
        store=True,
        readonly=False,
        precompute=True,
    )
    company_number = fields.Char(
        string="VAT / Registration Number",
        compute="_compute_subject",
        store=True,
        readonly=False,
        precompute=True,
    )
    country_id = fields.Many2one(
        "res.country",
        compute="_compute_subject",
        store=True,
        readonly=False,
        precompute=True,
    )
    legal_form = fields.Selection(LEGAL_FORMS, default=COMPANY, required=True)
    consent_text = fields.Text(
        string="Text Shown", help="The exact text the person agreed to."
    )
    consent_proof = fields.Char(
        string="Proof of Consent", help="How and where the person agreed."
    )
    needs_consent = fields.Boolean(compute="_compute_rule")
    rule_text = fields.Char(string="Policy", compute="_compute_rule")
    basis_text = fields.Text(string="Legal Basis", compute="_compute_rule")
    needs_approval = fields.Boolean(compute="_compute_rule")
    problem = fields.Char(compute="_compute_rule")
    note = fields.Char(string="Earlier Check", compute="_compute_note")

    @api.depends("lead_id")
    def _compute_subject(self):
        for dialog in self:
            lead = dialog.lead_id
            dialog.company_name = lead.partner_name or lead.contact_name
            dialog.company_number = lead.vat
            dialog.country_id = lead.country_id

    @api.depends("lead_id", "legal_form", "consent_text", "consent_proof")
    def _compute_rule(self):
        Policy = self.env["lead.credit.policy"]
        Check = self.env["lead.credit.check"]
        for dialog in self:
            lead = dialog.lead_id
            policy = Policy._find(lead).get(lead.id) if lead.ids else None
            problem = Check._get_asking_problem(
                lead, policy, dialog.legal_form, self.env.user
            )
            dialog.needs_consent = problem == "no_consent"
            if dialog.needs_consent and dialog.consent_text and dialog.consent_proof:
                problem = None
            dialog.problem = problem and Check._get_reason_text(problem)
            dialog.rule_text = policy and policy._describe()
            dialog.basis_text = policy and policy._get_basis(dialog.legal_form)[1]
            dialog.needs_approval = bool(policy) and policy._needs_approval(lead)

    @api.depends("lead_id")
    def _compute_note(self):
        """Say before anybody pays what an earlier check came to."""
        for dialog in self:
            dialog.note = False
            last = dialog.lead_id.credit_check_ids[:1]
            if last.state == DONE:
                dialog.note = self.env._(
                    "There is a result that is valid until %s. It is used again for "
                    "the same company, and nothing is bought.",
                    format_date(self.env, last.valid_until),
                )
            elif last.state == UNKNOWN:
                dialog.note = self.env._(
                    "The last check may have been charged. Ask the agency before you "
                    "request another one."
                )

    def _get_subject(self):
        return {
            "legal_form": self.legal_form,
            "company_name": (self.company_name or "").strip() or False,
            "company_number": (self.company_number or "").strip().upper() or False,
            "country_id": self.country_id.id,
        }

    def _record_consent(self):
        text, proof = (
            (value or "").strip() for value in (self.consent_text, self.consent_proof)
        )
        if self.legal_form == PERSON and text and proof:
            self.env["lead.credit.consent"]._record(self.lead_id, text, proof)

    def action_ask(self):
        """Ask for the check.

        :raise RefusedError: why nobody is asked
        """
        self.ensure_one()
        self._record_consent()
        self.env["lead.credit.check"]._ask(self.lead_id, self._get_subject())
        return {"type": "ir.actions.act_window_close"}

    def action_manual(self):
        """Enter a result by hand instead."""
        self.ensure_one()
        self._record_consent()
        values = self._get_subject()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter a Credit Report"),
            "res_model": "lead.credit.manual",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_lead_id": self.lead_id.id,
                **{f"default_{name}": value for name, value in values.items()},
            },
        }
