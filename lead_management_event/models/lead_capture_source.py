from odoo import fields, models

from odoo.addons.lead_management.models.capture.door.door import DOORS
from odoo.addons.lead_management.models.capture.door.manual import (
    ManualDoor,
    keep_sources,
)


@DOORS.add
class EventDoor(ManualDoor):
    """People who register for an event."""

    name = "event"


class LeadCaptureSource(models.Model):
    _inherit = "lead.capture.source"

    kind = fields.Selection(
        selection_add=[("event", "Event")], ondelete={"event": keep_sources}
    )
