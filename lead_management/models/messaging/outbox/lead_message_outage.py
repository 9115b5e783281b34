from odoo import api, fields, models
from odoo.tools import SQL

from ....tools.backoff import get_delay


class LeadMessageOutage(models.Model):
    """A server that carries messages and is out of order: its messages wait for it.

    One of them is tried when it is time; as soon as one gets through, all go.
    """

    _name = "lead.message.outage"
    _description = "Sending Outage"
    _order = "since, id"
    _rec_name = "name"
    _log_access = False

    server = fields.Char(required=True, readonly=True)
    name = fields.Char(string="Server Name", readonly=True)
    since = fields.Datetime(required=True, readonly=True)
    failures = fields.Integer(string="Failed Attempts", readonly=True)
    next_try = fields.Datetime(string="Next Attempt", readonly=True)
    error = fields.Char(readonly=True)

    _server_uniq = models.UniqueIndex("(server)")

    @api.model
    def _get_waiting(self):
        """Return the servers it is not time to try again.

        :return: dict of technical name to outage
        """
        waiting = self.search([("next_try", ">", fields.Datetime.now())])
        return {outage.server: outage for outage in waiting}

    @api.model
    def _record_failure(self, result):
        """Write down that a server is out of order, and when it is tried again."""
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lead_message_outage (server, since, failures)
                VALUES (%s, %s, 0) ON CONFLICT (server) DO NOTHING
                """,
                result.server,
                now,
            )
        )
        outage = self.search([("server", "=", result.server)])
        failures = outage.failures + 1
        outage.write(
            {
                "name": result.server_name or outage.name or result.server,
                "failures": failures,
                "next_try": now + get_delay(failures, result.retry_after),
                "error": result.error,
            }
        )
        return outage

    @api.model
    def _end(self, server):
        """Write down that a server works: what waits for it is due."""
        self.env.cr.execute(
            SQL("DELETE FROM lead_message_outage WHERE server = %s", server)
        )
        if self.env.cr.rowcount:
            self.invalidate_model()
            self.env["lead.message"]._release_waiting(server)
