from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ....tools.machine_click import APART, AROUND, SOONEST, is_machine
from ...base.apart import READ_COMMITTED, apart
from .link_token import TRAP

# Of one message so many are kept of people, and as many of programs.
MOST = 30
CLICK_LOCK = 7_205_318


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
            # links that are followed at the same moment have to see one another
            env.cr.execute(
                SQL("SELECT pg_advisory_xact_lock(%s, %s)", CLICK_LOCK, message.id)
            )
            env[self._name]._record_click(message, url, agent, is_head)

    @api.model
    def _record_click(self, message, url, agent, is_head):
        now = fields.Datetime.now()
        known = self.search([("message_id", "=", message.id)])
        sent = message.sent_date
        seconds = (now - sent).total_seconds() if sent else SOONEST
        # several links within a moment, or the one that nobody sees: a program that
        # goes through all of them
        near = known._find_near(url, now)
        near.is_machine = True
        is_program = bool(near) or url == TRAP or is_machine(agent, seconds, is_head)
        if len(known.filtered(lambda one: one.is_machine == is_program)) >= MOST:
            return
        self.create(
            {
                "message_id": message.id,
                "lead_id": message.lead_id.id,
                "date": now,
                "url": url[:900],
                "is_machine": is_program,
            }
        )

    def _find_near(self, url, now):
        """Return those that a program followed, if it was one that follows ``url``."""

        def is_near(one):
            is_hidden = TRAP in (url, one.url)
            length = timedelta(seconds=AROUND if is_hidden else APART)
            return one.url != url and one.date >= now - length

        return self.filtered(is_near)
