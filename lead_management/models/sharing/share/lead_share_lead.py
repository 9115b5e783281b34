from odoo import models
from odoo.tools import format_date

from ..policy.constants import OFFERED, RECALLED


class LeadShare(models.Model):
    """What a lead tells of its share, and what becomes of it in a merge."""

    _inherit = "lead.share"

    def _describe_out(self):
        """Return in one sentence who has the lead, for whoever gave it."""
        self.ensure_one()
        if self.state == OFFERED:
            return self.env._(
                "Offered to %(partner)s until %(date)s",
                partner=self.recipient_name,
                date=format_date(self.env, self.term),
            )
        return self.env._(
            "With %(partner)s: %(status)s",
            partner=self.recipient_name,
            status=self._describe_status(),
        )

    def _describe_in(self):
        """Return in one sentence where the lead is from, for whoever got it."""
        self.ensure_one()
        if self.state == RECALLED:
            return self.env._(
                "%s recalls this lead. A sales manager confirms its erasure.",
                self.giver_name,
            )
        return self.env._("Received from %s", self.giver_name)

    def _follow_merge(self, fname, lead):
        """Point to the lead that stays; it is shared with one only."""
        self.ensure_one()
        known = self.search([(fname, "=", lead.id), ("state", "=", self.state)])
        if fname == "lead_id" and known and self.state == OFFERED:
            self._withdraw()
        elif fname == "lead_id" and known:
            return  # the other one keeps its own: the share outlives the lead
        self[fname] = lead
