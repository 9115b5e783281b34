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
    is_address_dead = fields.Boolean(
        string="No Such Address",
        readonly=True,
        help="It failed because the address or number does not exist.",
    )

    _dead_idx = models.Index("(recipient) WHERE is_address_dead")

    def _report_dead_address(self, error):
        super()._report_dead_address(error)
        self.is_address_dead = True
        self.lead_id._nurturing_note()
