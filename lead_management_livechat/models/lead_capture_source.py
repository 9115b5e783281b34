from odoo import fields, models

from odoo.addons.lead_management.models.capture.door.door import DOORS
from odoo.addons.lead_management.models.capture.door.manual import (
    ManualDoor,
    keep_sources,
)


@DOORS.add
class ChatDoor(ManualDoor):
    """Visitors who chat, with a colleague or with a chatbot."""

    name = "chat"


class LeadCaptureSource(models.Model):
    _inherit = "lead.capture.source"

    kind = fields.Selection(
        selection_add=[("chat", "Live chat")], ondelete={"chat": keep_sources}
    )
