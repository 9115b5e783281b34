from datetime import timedelta

from odoo import api, fields, models

from ..constants import MARKETING, WHATSAPP
from ..gate.lead_consent import WITHDRAWN
from ..outbox.lead_message import QUEUED, SKIPPED
from .whatsapp_cloud import NAME

# A text on its way must arrive within the window.
MARGIN = timedelta(minutes=2)


class LeadMessage(models.Model):
    """Messages on WhatsApp: their account, and what may be sent when."""

    _inherit = "lead.message"

    whatsapp_template = fields.Json(
        string="WhatsApp Template",
        readonly=True,
        help="The Meta template and the data of the lead at the time the message was "
        "queued.",
    )

    @api.model
    def _prepare_queued(self, rows):
        """Choose the account of messages on WhatsApp; without one, none is sent."""
        super()._prepare_queued(rows)
        rows = [row for row in rows if row["channel"] == WHATSAPP]
        accounts = self._whatsapp_get_accounts(rows)
        for row in rows:
            account = accounts.get(row.get("company_id") or self.env.company.id)
            row["account_id"] = row.get("account_id") or (account and account.id)
            row["provider"] = NAME
            if not row["account_id"] and row["state"] == QUEUED:
                row["state"] = SKIPPED
                row["hold_reason"] = self.env._("The company has no WhatsApp account.")

    @api.model
    def _whatsapp_get_accounts(self, rows):
        """Return the account of each company of these rows, by id of the company."""
        ids = {row.get("company_id") or self.env.company.id for row in rows}
        # sudo: whoever may write to a lead sends with the account of its company
        Account = self.env["lead.whatsapp.account"].sudo()
        found = Account.search([("company_id", "in", list(ids))])
        return {
            company.id: accounts._get_best()
            for company, accounts in found.grouped("company_id").items()
        }

    def _whatsapp_is_open(self):
        """Return whether the lead wrote in the last 24 hours: texts are free then."""
        until = self.env["lead.whatsapp.contact"]._get_open_until(
            self.account_id, self.recipient
        )
        return bool(until) and fields.Datetime.now() < until - MARGIN

    def _whatsapp_is_edited(self):
        """Return whether somebody changed the text of a template that Meta approved."""
        is_approved = bool(self.template_id.whatsapp_template_name)
        return is_approved and not self.whatsapp_template

    def _whatsapp_bind(self, reference):
        """Note under which name Meta has a message whose answer got lost."""
        self.write({"provider": NAME, "provider_ref": reference})

    def _whatsapp_opted_out(self, text):
        """Record that Meta says this person wants no advertising."""
        self.env["lead.consent"]._record(
            self.lead_id,
            WITHDRAWN,
            purpose=MARKETING,
            channel=WHATSAPP,
            how="reply",
            text=text,
            source=self.account_id.name,
            phone_sanitized=self.recipient,
            user_id=False,
        )
