from odoo import models
from odoo.tools import SQL


class CrmLead(models.Model):
    """The scores that merged leads had go with the lead that stays."""

    _inherit = "crm.lead"

    def _moments_merging(self, merged):
        """Keep each moment as it was first reached: one person reaches it once."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM lead_score_snapshot later
                USING lead_score_snapshot earlier
                WHERE later.lead_id = ANY(%(ids)s) AND earlier.lead_id = ANY(%(ids)s)
                    AND earlier.moment = later.moment
                    AND (earlier.date, earlier.id) < (later.date, later.id)
                """,
                ids=(self + merged).ids,
            )
        )
