from odoo import api, models

from ...capture.door.whatsapp import WhatsappDoor


class CrmLead(models.Model):
    """Somebody unknown who wrote on WhatsApp is a submission, too."""

    _inherit = "crm.lead"

    @api.model
    def _whatsapp_capture(self, account, message):
        """Make an entry and its lead: what was written stays with the event."""
        sources = self.env["lead.capture.source"]
        source = sources._get_own(WhatsappDoor.name, account.company_id)
        lead = super()._whatsapp_capture(account, message)
        door = WhatsappDoor(source)
        payload = {"key": f"{account.id}:{message['sender']}:{lead.id}"}
        [item] = door.split(payload, b"")
        self.env["lead.capture.entry"]._store_inside(
            source,
            item,
            state="done",
            lead_id=lead.id,
            person=message["name"] or message["phone"] or message["sender"],
            phone_sanitized=message["phone"] or False,
            outcome=[["created", {}]],
        )
        return lead

    @api.model
    def _whatsapp_prepare_values(self, account, message):
        sources = self.env["lead.capture.source"]
        source = sources._get_own(WhatsappDoor.name, account.company_id)
        values = super()._whatsapp_prepare_values(account, message)
        return {**values, "capture_source_id": source.id}
