from odoo import fields, models


class LeadMessage(models.Model):
    """A message that a sequence sends."""

    _inherit = "lead.message"

    enrollment_id = fields.Many2one(
        "lead.enrollment",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    sequence_step_id = fields.Many2one(
        "lead.sequence.step", readonly=True, ondelete="set null", index="btree_not_null"
    )
