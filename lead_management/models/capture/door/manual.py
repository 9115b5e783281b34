from odoo import fields, models

from ....tools.capture_values import digest
from .door import DOORS, Door, Item


@DOORS.add
class ManualDoor(Door):
    """A colleague who enters what somebody says on the phone, or on a card."""

    name = "manual"

    def split(self, payload, body):
        return [Item(digest(payload), payload)]


@DOORS.add
class ImportDoor(ManualDoor):
    """A file: of its rows, those that could not be imported are kept."""

    name = "import"
    # columns have the names of fields of a lead
    defaults = {"name": "subject", "country_id": "country"}


def keep_sources(sources):
    """Keep what came in at sources whose app is removed; nothing comes in any more."""
    sources.write({"kind": ManualDoor.name, "active": False})


class LeadCaptureSource(models.Model):
    _inherit = "lead.capture.source"

    kind = fields.Selection(
        selection_add=[("manual", "Manual"), ("import", "Import")],
        ondelete={"manual": "cascade", "import": "cascade"},
    )
