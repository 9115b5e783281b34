from odoo import models


class CrmLead(models.Model):
    """Nothing is known any more of the values of somebody who is forgotten."""

    _inherit = "crm.lead"

    def _erase_rows(self):
        super()._erase_rows()
        # no service is told what is gone
        self.env.cr.execute(
            "UPDATE lead_check SET is_current = FALSE WHERE lead_id = ANY(%s)",
            [self.ids],
        )
        self.env.cr.execute(
            """
            UPDATE lead_check_request SET state = 'refused', error = 'changed'
            WHERE lead_id = ANY(%s) AND state IN ('waiting', 'claimed', 'retry')
            """,
            [self.ids],
        )
