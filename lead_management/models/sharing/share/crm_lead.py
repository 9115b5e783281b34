from odoo import api, fields, models
from odoo.exceptions import UserError

from ..policy.constants import ACCEPTED, HELD, LOST, OFFERED, RECALLED, WORKED
from .lead_share_correct import CORRECTED

# What the one who gave the lead hears of.
MIRRORED = {
    "stage_id": {"stage_id", "team_id", "user_id", "type"},
    "active": {"active", "stage_id"},
    "won_status": {"won_status", "user_id", "stage_id", "active", "probability"},
    "expected_revenue": {"expected_revenue"},
}


class CrmLead(models.Model):
    """What happens to leads that are shared, on either side."""

    _inherit = "crm.lead"

    share_state = fields.Selection(
        [(OFFERED, "Offered"), ("out", "Shared"), ("in", "Received")],
        string="Sharing",
        compute="_compute_share",
        help="Whether another company has this lead, or it came from one.",
    )
    share_note = fields.Char(string="Sharing Details", compute="_compute_share")

    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_share(self):
        """Ask nothing where no lead was ever shared."""
        self.share_state = self.share_note = False
        if not self.env["lead.share"]._is_used():
            return
        # sudo: whoever reads a lead reads what became of it
        shares = self.env["lead.share"].sudo()
        live = (OFFERED, *HELD)
        out = shares.search([("lead_id", "in", self.ids), ("state", "in", live)])
        by_id = {lead._origin.id: lead for lead in self}
        for share in out:
            lead = by_id[share.lead_id.id]
            lead.share_state = OFFERED if share.state == OFFERED else "out"
            lead.share_note = share._describe_out()
        got = shares.search([("copy_id", "in", self.ids), ("state", "in", HELD)])
        for share in got:
            lead = by_id[share.copy_id.id]
            lead.share_state = "in"
            lead.share_note = share._describe_in()

    # ------------------------------------------------------------
    # The walk
    # ------------------------------------------------------------

    @api.model
    def _lead_watched(self):
        return {**super()._lead_watched(), **MIRRORED}

    def _sharing_prepare(self, change):
        """Refuse changes of what another company works on, where that is agreed."""
        if change.is_new or self.env.su or not self.env["lead.share"]._is_used():
            return
        # sudo: as above
        locked = (
            self.env["lead.share"]
            .sudo()
            .search(
                [
                    ("lead_id", "in", self.ids),
                    ("state", "in", WORKED),
                    ("is_locked", "=", True),
                ],
                limit=1,
            )
        )
        if locked:
            raise UserError(
                self.env._(
                    "“%(lead)s” is with %(partner)s. It cannot be changed until it is "
                    "returned or recalled.",
                    lead=locked.lead_id.name,
                    partner=locked.recipient_name,
                )
            )

    def _sharing_changed(self, change):
        Share = self.env["lead.share"]
        if change.is_new or not Share._is_used():
            return
        moved = self.browse().union(*(change.of(name) for name in MIRRORED))
        if moved:
            Share._mirror(moved)
        if closed := moved.filtered(lambda lead: not lead._is_shareable()):
            # sudo: whoever closes a lead takes its offers back
            Share.sudo().search(closed._get_offers_domain())._withdraw()
        if change.wrote(*CORRECTED):
            Share._correct(self)

    def _is_shareable(self):
        """Return whether the lead can still be offered, or go to who accepts it."""
        return self.active and self.won_status == "pending"

    def _get_offers_domain(self):
        return [("lead_id", "in", self.ids), ("state", "=", OFFERED)]

    def _sharing_removing(self):
        """Take offers of deleted leads back; who deletes what it got, gives it back."""
        if not self.env["lead.share"]._is_used():
            return
        # sudo: whoever may delete leads tells the other side
        shares = self.env["lead.share"].sudo()
        shares.search(self._get_offers_domain())._withdraw()
        got = shares.search([("copy_id", "in", self.ids)])
        got.copy_id = False
        recalled = got.filtered(lambda share: share.state == RECALLED)
        if recalled:
            recalled._erase()
        if back := got.filtered(lambda share: share.state in (ACCEPTED, LOST)):
            back._return("other", self.env._("The lead was deleted."))

    def _sharing_merging(self, merged):
        """Let shares of merged leads go with the one that stays."""
        if not self.env["lead.share"]._is_used():
            return
        # sudo: whoever may merge leads takes all along
        shares = self.env["lead.share"].sudo()
        for fname in ("copy_id", "lead_id"):
            for share in shares.search([(fname, "in", merged.ids)]):
                share._follow_merge(fname, self)

    def _assignment_touch(self):
        result = super()._assignment_touch()
        if self.env["lead.share"]._is_used():
            self.env["lead.share"]._touched(self)
        return result

    # ------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------

    def action_offer(self):
        """Open the dialog in which these leads are offered to others."""
        if not self:
            raise UserError(self.env._("Choose at least one lead."))
        self.check_access("write")
        return self.env["lead.share.offer"]._open(self)

    def _sharing_refused(self):
        """Nobody accepted what a person offered: the lead stays with its owner."""
