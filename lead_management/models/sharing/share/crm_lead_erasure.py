from odoo import models
from odoo.tools import SQL

from ..policy.constants import OFFERED, WORKED
from . import lead_share_event as events

# What people wrote into the record; what is left tells who had what, and when.
WRITTEN = (
    *(events.NOTE, events.FILE, events.STATUS),
    *(events.DECLINE, events.RETURN, events.KEEP, events.COMMISSION),
)


class CrmLead(models.Model):
    """Who erases a lead passes that on to whoever has its data."""

    _inherit = "crm.lead"

    def _erase_rows(self):
        if self.env["lead.share"]._is_used():
            self._sharing_forward_erasure()
        super()._erase_rows()

    def _sharing_forward_erasure(self):
        shares = self.env["lead.share"].search([("lead_id", "in", self.ids)])
        shares.filtered(lambda share: share.state in WORKED)._recall(
            self.env._("The person demands the erasure."), is_demanded=True
        )
        offered = shares.filtered(lambda share: share.state == OFFERED)
        offered._withdraw()
        got = shares.search([("copy_id", "in", self.ids)])
        got.write({"teaser": False, "data": False, "marks": False})
        shares.marks = False
        (shares + got).flush_recordset()
        Event = self.env["lead.share.event"]
        self.env.cr.execute(
            Event._sql_erase(
                SQL(
                    "share_id = ANY(%s) AND kind = ANY(%s)",
                    (shares + got).ids,
                    list(WRITTEN),
                )
            )
        )
        Event.invalidate_model(["detail"])
