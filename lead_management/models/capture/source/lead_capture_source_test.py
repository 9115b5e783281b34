from odoo import fields, models

from ....tools.capture_values import digest
from ...base.apart import DATABASE_ERRORS, attempt
from ..door.door import Item


class LeadCaptureSource(models.Model):
    """Trying a source: a submission that goes the whole way, and leaves no lead."""

    _inherit = "lead.capture.source"

    def action_test(self):
        """Send a made-up submission, and show what would become of it."""
        self.ensure_one()
        self.check_access("write")
        door = self._get_door()
        moment = fields.Datetime.now().isoformat()
        item = Item(
            f"test:{digest(moment, self.env.cr.now(), self.env.uid)}",
            door.get_test(),
            is_test=True,
        )
        entry = self.env["lead.capture.entry"]._store_inside(
            self.sudo(),  # sudo: whoever may write the source may try it
            item,
            headers={"is_test": True, "by": self.env.user.name, "seconds": 60},
        )
        try:
            with attempt(self.env):
                entry._process()
        except DATABASE_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 - what is wrong is what is asked
            entry._fail(error)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Test of “%s”", self.name),
            "res_model": "lead.capture.entry",
            "res_id": entry.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_file(self):
        """Ask for a file of leads that was downloaded at the platform."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Read Downloaded File"),
            "res_model": "lead.capture.file",
            "view_mode": "form",
            "target": "new",
            "context": {"default_source_id": self.id},
        }

    def action_entries(self):
        """Open what the source delivered."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lead_management.lead_capture_entry_action"
        )
        return {**action, "domain": [("source_id", "=", self.id)], "context": {}}
