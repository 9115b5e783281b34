from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .outbox.lead_message import SENDING, WAITING

ON_THE_WAY = (*WAITING, SENDING)


class CrmLead(models.Model):
    """My Day: who has a message on the way is not waiting for one."""

    _inherit = "crm.lead"

    def action_day_message(self):
        """Write on any channel, with a proposal that suits the stage."""
        self.ensure_one()
        return self.action_send_message()

    def _day_get_untouched_domain(self):
        return super()._day_get_untouched_domain() & Domain(
            "lead_message_ids", "not any", [("state", "in", ON_THE_WAY)]
        )

    def _day_sql_untouched(self):
        self.env["lead.message"].flush_model(["state"])
        return SQL(
            """
            (%s) AND NOT EXISTS (
                SELECT FROM lead_message message
                WHERE message.lead_id = candidate.id AND message.state IN %s
            )
            """,
            super()._day_sql_untouched(),
            ON_THE_WAY,
        )
