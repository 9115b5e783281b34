import json

from odoo import api, fields, models

from .lead_capture_entry import PARKED


class LeadCaptureEntry(models.Model):
    """What the inbox shows of a submission, beside its columns."""

    _inherit = "lead.capture.entry"

    is_known_person = fields.Boolean(compute="_compute_needs")
    unmapped_name = fields.Char(compute="_compute_needs")
    payload_shown = fields.Text(string="As Received", compute="_compute_payload_shown")

    @api.depends("outcome", "state")
    def _compute_needs(self):
        for entry in self:
            reasons = dict(entry.outcome or ()) if entry.state == PARKED else {}
            entry.is_known_person = "known" in reasons
            entry.unmapped_name = reasons.get("unmapped", {}).get("name", False)

    @api.depends("payload", "detail")
    def _compute_payload_shown(self):
        for entry in self:
            parts = filter(None, (entry.payload, entry.detail))
            entry.payload_shown = "\n\n".join(map(_indent, parts)) or False

    def action_map_dialog(self):
        """Ask what a name means that came in."""
        self.ensure_one()
        self._check_manager()
        values = dict(self.outcome or ()).get("unmapped", {})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Map Field"),
            "res_model": "lead.capture.map",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_entry_id": self.id,
                "default_name": values.get("name"),
                "default_example": values.get("example"),
            },
        }


def _indent(text):
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
