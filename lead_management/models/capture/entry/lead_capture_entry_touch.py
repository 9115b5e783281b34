from odoo import api, models

from ....tools.incoming_text import clean_incoming
from .reading import UTM

MODELS = {
    "campaign_id": ("utm.campaign", "utm_campaign"),
    "source_id": ("utm.source", "utm_source"),
    "medium_id": ("utm.medium", "utm_medium"),
}


class LeadCaptureEntry(models.Model):
    """The campaigns that brought somebody: the first on the lead, each as a row."""

    _inherit = "lead.capture.entry"

    def _find_utm(self, reading):
        """Return the campaign, source and medium of ours that were named.

        Names nobody knows make none: anybody could invent them.
        """
        return {
            fname: self.env[model]
            .search([("name", "=ilike", _escape(reading.texts[name]))], limit=1)
            .id
            if reading.texts.get(name)
            else False
            for fname, (model, name) in MODELS.items()
        }

    @api.model
    def _note_touches(self, plans):
        """Write a row for each plan that has a lead now."""
        self.env["lead.campaign.touch"].create(
            [
                plan.entry._prepare_touch(plan.lead, plan.reading)
                for plan in plans
                if plan.lead
            ]
        )

    def _prepare_touch(self, lead, reading):
        utm = self._find_utm(reading)
        source = self.source_id
        named = {name: reading.texts[name] for name in UTM if reading.texts.get(name)}
        return {
            "lead_id": lead.id,
            "date": self.submitted_date or self.date,
            "campaign_id": utm["campaign_id"] or source.campaign_id.id,
            "source_id": utm["source_id"] or source.utm_source_id.id,
            "medium_id": utm["medium_id"] or source.medium_id.id,
            "how": source.kind,
            "capture_source_id": source.id,
            "page": clean_incoming(self._get_facts("page"), 500) or False,
            "utm": named or False,
        }


def _escape(text):
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
