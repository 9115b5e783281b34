from odoo import fields, models
from odoo.tools import html2plaintext

from ....tools.capture_values import digest, to_text
from ..door.door import Item
from .lead_capture_entry import DONE

NAMES = ("name", "contact_name", "partner_name", "email_from", "phone")
LONGEST = 5000


class CrmLead(models.Model):
    """Leads that come in elsewhere are counted in the inbox, as those of any door."""

    _inherit = "crm.lead"

    def _capture_elsewhere(self, kind):
        """Count leads that another app has just made: each gets a source and an entry.

        :param kind: the type of the source; each company has one of it
        """
        # sudo: visitors make leads there
        for lead in self.sudo().filtered(lambda lead: not lead.capture_source_id):
            source = self.env["lead.capture.source"]._get_own(
                kind, lead.company_id or self.env.company
            )
            lead.capture_source_id = source
            texts = {name: to_text(lead[name] or "") for name in NAMES}
            texts["description"] = html2plaintext(lead.description or "")[:LONGEST]
            texts = {name: text for name, text in texts.items() if text}
            lead._capture_count(source, digest(kind, lead.id), texts)

    def _capture_count(self, source, key, texts):
        """Write an entry and a touch for a lead that is there already.

        :param source: the ``lead.capture.source``
        :param key: what makes it one of a kind there
        :param texts: what came in, by name
        """
        self.ensure_one()
        self.env["lead.capture.entry"]._store_inside(
            source,
            Item(key, texts),
            state=DONE,
            lead_id=self.id,
            person=self.contact_name or self.partner_name or self.name,
            email_normalized=self.email_normalized,
            phone_sanitized=self.phone_sanitized,
            outcome=[["created", {}]],
        )
        # sudo: rows of campaigns are written by the program alone
        self.env["lead.campaign.touch"].sudo().create(
            {
                "lead_id": self.id,
                "date": fields.Datetime.now(),
                "campaign_id": self.campaign_id.id,
                "source_id": self.source_id.id,
                "medium_id": self.medium_id.id,
                "how": source.kind,
                "capture_source_id": source.id,
            }
        )
