from odoo import fields, models

from odoo.addons.lead_management.models.capture.door.door import DOORS
from odoo.addons.lead_management.models.capture.door.manual import (
    ManualDoor,
    keep_sources,
)


@DOORS.add
class SurveyDoor(ManualDoor):
    """People who answer a survey."""

    name = "survey"


class LeadCaptureSource(models.Model):
    _inherit = "lead.capture.source"

    kind = fields.Selection(
        selection_add=[("survey", "Survey")], ondelete={"survey": keep_sources}
    )
