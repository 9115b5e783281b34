from odoo import fields, models

from odoo.addons.lead_management.models.capture.door.door import DOORS
from odoo.addons.lead_management.models.capture.door.manual import (
    ManualDoor,
    keep_sources,
)


@DOORS.add
class WebsiteDoor(ManualDoor):
    """Visitors who send a form of Odoo's own website."""

    name = "website"


class LeadCaptureSource(models.Model):
    _inherit = "lead.capture.source"

    kind = fields.Selection(
        selection_add=[("website", "Website")], ondelete={"website": keep_sources}
    )
