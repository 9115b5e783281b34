from datetime import timedelta

from odoo import api, fields, models

from ....tools.machine_click import APART, SOONEST, is_machine
from ...base.apart import READ_COMMITTED, apart

# Of one message so many are kept.
MOST = 30


class LeadMessageClick(models.Model):
    """A link of a message that somebody followed, or a program that looks at links.

    A row of its own each time: nothing is changed by it, neither a consent nor a
    sequence. Of whoever it was nothing else is kept.
    """

    _name = "lead.message.click"
    _inherit = ["lead.row.mixin"]
    _description = "Click in a Message"
    _order = "id"
    _log_access = False
    _rec_name = "url"

    message_id = fields.Many2one(
        "lead.message", required=True, readonly=True, ondelete="cascade", index=True
    )
    date = fields.Datetime(required=True, readonly=True)
    url = fields.Char(string="Link", readonly=True)
    is_machine = fields.Boolean(
        string="By a Program",
        readonly=True,
        help="Followed within seconds, together with others, or by a program.",
    )

    @api.model
    def _record(self, message_id, url, agent, is_head=False):
        """Note that a link was followed, in a transaction of its own."""
        with apart(self.env.registry, isolation=READ_COMMITTED, patience="2s") as env:
            message = env["lead.message"].browse(message_id).exists()
            if not message.lead_id:
                return
            now = fields.Datetime.now()
            known = env[self._name].search([("message_id", "=", message.id)])
            if len(known) >= MOST:
                return
            sent = message.sent_date
            seconds = (now - sent).total_seconds() if sent else SOONEST
            # several links within a moment: a program goes through all of them
            together = known.filtered(
                lambda one: (
                    one.url != url and one.date >= now - timedelta(seconds=APART)
                )
            )
            together.is_machine = True
            env[self._name].create(
                {
                    "message_id": message.id,
                    "lead_id": message.lead_id.id,
                    "date": now,
                    "url": url[:900],
                    "is_machine": bool(together) or is_machine(agent, seconds, is_head),
                }
            )
