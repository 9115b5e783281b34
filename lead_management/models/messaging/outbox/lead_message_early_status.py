from odoo import api, fields, models
from odoo.tools import SQL

# Days after which nobody expects the message to turn up.
KEEP_DAYS = 30


class LeadMessageStatus(models.Model):
    """A status of a message that is not known yet."""

    _name = "lead.message.status"
    _description = "Status of an Unknown Message"
    _order = "date, id"
    _log_access = False

    provider = fields.Char(required=True, readonly=True)
    provider_ref = fields.Char(string="Reference", required=True, readonly=True)
    status = fields.Char(required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    error = fields.Char(readonly=True)

    _ref_idx = models.Index("(provider, provider_ref)")

    @api.model
    def _get_matched(self):
        """Return those whose message is known by now, as they happened."""
        self.flush_model()
        self.env["lead.message"].flush_model(["provider", "provider_ref"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT status.id FROM lead_message_status status
                JOIN lead_message message USING (provider, provider_ref)
                ORDER BY status.date, status.id FOR UPDATE OF status SKIP LOCKED
                """
            )
        )
        return self.browse([id_ for (id_,) in rows])

    @api.autovacuum
    def _gc_statuses(self):
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        self.search([("date", "<", limit)]).unlink()
