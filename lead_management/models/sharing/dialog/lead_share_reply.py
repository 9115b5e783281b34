from odoo import fields, models
from odoo.exceptions import UserError

from ..policy.constants import ACCEPTED, LOST, OFFERED, REASONS, RECALLED, WORKED


class LeadShareReply(models.TransientModel):
    """The dialog that asks why: declined, returned, recalled, kept, disputed."""

    _name = "lead.share.reply"
    _description = "Answer to a Shared Lead"

    kind = fields.Selection(
        [
            ("decline", "Decline"),
            ("return", "Return"),
            ("recall", "Recall"),
            ("keep", "Keep"),
            ("dispute", "Dispute"),
        ],
        required=True,
    )
    share_ids = fields.Many2many("lead.share", string="Shared Leads")
    commission_ids = fields.Many2many("lead.share.commission", string="Commissions")
    reason = fields.Selection(REASONS)
    note = fields.Text()

    def action_apply(self):
        """Do what was asked for; who may, is asked again."""
        self.ensure_one()
        getattr(self, f"_apply_{self.kind}")()
        return {"type": "ir.actions.act_window_close"}

    def _check_note(self):
        if not (self.note or "").strip():
            raise UserError(self.env._("Say why."))

    def _apply_decline(self):
        shares = self.share_ids._get_ours(OFFERED)
        shares._decline(self.reason or "other", self.note or "")

    def _apply_return(self):
        shares = self.share_ids._get_ours(ACCEPTED, LOST)
        shares._return(self.reason or "other", self.note or "")

    def _apply_recall(self):
        self._check_note()
        self.share_ids._get_given(*WORKED)._recall(self.note)

    def _apply_keep(self):
        self._check_note()
        shares = self.share_ids._get_ours(RECALLED)
        shares._check_may_erase()
        shares._refuse_erasure(self.note)

    def _apply_dispute(self):
        self._check_note()
        self.commission_ids._dispute(self.note)
