import binascii
from base64 import b64decode
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ...exceptions import RefusedError
from .constants import BANDS, COMPANY, LEGAL_FORMS, MANUAL

LARGEST = 10 * 1024 * 1024


class LeadCreditManual(models.TransientModel):
    """The dialog to enter a report that somebody has on paper or as a file."""

    _name = "lead.credit.manual"
    _description = "Enter a Credit Report"

    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade")
    legal_form = fields.Selection(LEGAL_FORMS, default=COMPANY, required=True)
    company_name = fields.Char()
    company_number = fields.Char(string="VAT / Registration Number")
    country_id = fields.Many2one("res.country")
    band = fields.Selection(BANDS, string="Result", required=True)
    has_limit = fields.Boolean(string="With a Limit")
    limit = fields.Monetary(string="Credit Limit")
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id
    )
    valid_until = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(days=90),
    )
    report = fields.Binary(string="Report (PDF)", attachment=False, required=True)
    report_name = fields.Char()

    def action_save(self):
        """Keep the report and the result until a second person has looked at it."""
        self.ensure_one()
        content = self._get_content()
        self._check_dates()
        Check = self.env["lead.credit.check"]
        check = Check._ask(
            self.lead_id,
            {
                "provider_key": MANUAL,
                "legal_form": self.legal_form,
                "company_name": self.company_name,
                "company_number": (self.company_number or "").strip().upper() or False,
                "country_id": self.country_id.id,
                "band": self.band,
                "has_limit": self.has_limit,
                "limit": self.limit if self.has_limit else 0,
                "currency_id": self.currency_id.id,
                "valid_until": self.valid_until,
                "reasons": ["manual"],
            },
        )
        # sudo: whoever enters a report need not be one who may read them
        self.env["lead.credit.report"].sudo().create(
            {
                "check_id": check.id,
                "lead_id": self.lead_id.id,
                "name": (self.report_name or "report.pdf")[:120],
                "mimetype": "application/pdf",
                "content": content,
            }
        )
        # the dialog keeps no copy of it
        self.unlink()
        return {"type": "ir.actions.act_window_close"}

    def _get_content(self):
        """Return the file in base64.

        :raise UserError: when it is no PDF, or too large
        """
        content = self.report or b""
        try:
            data = b64decode(content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(self.env._("The file cannot be read.")) from error
        if not data.startswith(b"%PDF-"):
            raise RefusedError(self.env._("The report must be a PDF file."))
        if len(data) > LARGEST:
            raise RefusedError(self.env._("The report may have 10 MB at most."))
        return content

    def _check_dates(self):
        today = fields.Date.context_today(self)
        if not today <= self.valid_until <= today + timedelta(days=730):
            raise RefusedError(
                self.env._(
                    "The result must be valid from today on, for two years at most."
                )
            )
