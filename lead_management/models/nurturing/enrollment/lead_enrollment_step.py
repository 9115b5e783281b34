from odoo import fields, models

from ..constants import ARMS, OUTCOMES


class LeadEnrollmentStep(models.Model):
    """The ledger: what was done with whom, written once and never changed.

    What became of a message stands with the message. A step is done once with
    everybody, in whatever version it stands.
    """

    _name = "lead.enrollment.step"
    _inherit = ["lead.row.mixin"]
    _description = "Step of an Enrollment"
    _order = "id"
    _log_access = False
    _rec_name = "step_id"
    _impersonal = ("step_key",)

    enrollment_id = fields.Many2one(
        "lead.enrollment", required=True, readonly=True, ondelete="cascade"
    )
    sequence_id = fields.Many2one(
        "lead.sequence", required=True, readonly=True, ondelete="restrict", index=True
    )
    version_id = fields.Many2one(
        "lead.sequence.version", readonly=True, ondelete="set null"
    )
    step_id = fields.Many2one(
        "lead.sequence.step", readonly=True, ondelete="set null", index=True
    )
    step_key = fields.Char(required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True)
    reason = fields.Char(readonly=True)
    arm = fields.Selection(ARMS, readonly=True)
    message_id = fields.Many2one(
        "lead.message", readonly=True, ondelete="set null", index="btree_not_null"
    )

    _step_uniq = models.UniqueIndex("(enrollment_id, step_key)")
    _date_idx = models.Index("(date) WHERE message_id IS NULL")
