from odoo import fields, models

from .door import DOORS, Door, Item


@DOORS.add
class WhatsappDoor(Door):
    """Somebody unknown who wrote on WhatsApp: what was written is kept there."""

    name = "whatsapp"

    def split(self, payload, body):
        return [Item(payload["key"], payload)]


class LeadCaptureSource(models.Model):
    _inherit = "lead.capture.source"

    kind = fields.Selection(
        selection_add=[("whatsapp", "WhatsApp")], ondelete={"whatsapp": "cascade"}
    )
