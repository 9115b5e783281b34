from odoo import api, fields, models

from .lead_capture_entry import PARKED


class LeadCaptureMap(models.TransientModel):
    """The question what a name means that came in."""

    _name = "lead.capture.map"
    _description = "Map Field"

    entry_id = fields.Many2one(
        "lead.capture.entry", required=True, ondelete="cascade", readonly=True
    )
    name = fields.Char(string="Unmapped Field", required=True)
    example = fields.Char()
    target = fields.Selection(selection="_get_targets", string="Field")
    waiting_count = fields.Integer(
        string="Submissions Waiting",
        compute="_compute_waiting_count",
        help="They are processed again once you know what the field means.",
    )

    @api.model
    def _get_targets(self):
        field = self.env["lead.capture.field"]._fields["target"]
        pairs = field._description_selection(self.env)
        return [pair for pair in pairs if pair[0] != "question"]

    @api.depends("entry_id")
    def _compute_waiting_count(self):
        for dialog in self:
            dialog.waiting_count = self.env["lead.capture.entry"].search_count(
                [
                    ("source_id", "=", dialog.entry_id.source_id.id),
                    ("state", "=", PARKED),
                ]
            )

    def action_map(self):
        """Save the meaning, and process what waits for it."""
        self.ensure_one()
        self.entry_id._map_and_replay(self.name or "", self.target or "")
        return {"type": "ir.actions.client", "tag": "soft_reload"}
