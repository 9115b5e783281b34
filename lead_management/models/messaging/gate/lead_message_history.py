from odoo import api, models
from odoo.tools import SQL

from ...base.fast.sql_rows import sql_rows
from ..outbox.lead_message import SENDING, UNKNOWN, WAITING, WENT_OUT


class LeadMessage(models.Model):
    """What was sent to a person before, by whoever."""

    _inherit = "lead.message"

    @api.model
    def _get_past(self, cases):
        """Return what else was sent to the same people, in one statement.

        Of a message that is about to be sent, only those count that went first: two
        that wait would hold back each other.

        :param cases: list of :class:`~.lead_message_gate.Case`
        :return: list of tuples: messages of the day before it, of the week before it,
          and whether one of them was the same
        """
        self.flush_model()
        self.env["crm.lead"].flush_model(["company_id"])
        rows, addresses = [], []
        for number, case in enumerate(cases):
            row = case.row
            rows.append(
                (
                    number,
                    row.get("id") or 0,
                    case.company.id,
                    case.at,
                    case.company.message_duplicate_hours,
                    row["recipient"] or "",
                    row.get("fingerprint") or "",
                    row.get("template_id") or 0,
                )
            )
            addresses += [(number, address) for address in case.addresses]
        types = "int4 int4 int4 timestamp int4 varchar varchar int4".split()
        found = self.env.execute_query(
            SQL(
                """
                WITH asked (number, id, company_id, at, hours, recipient, fingerprint,
                            template_id) AS (%(rows)s),
                address (number, address) AS (%(addresses)s),
                past AS (
                    SELECT DISTINCT asked.number, message.id,
                           COALESCE(message.sent_date, message.started_date,
                                    message.send_at, message.queued_date) AS date,
                           message.recipient = asked.recipient AND (
                               message.fingerprint = asked.fingerprint
                               OR message.template_id = asked.template_id) AS is_same
                    FROM asked
                    JOIN address ON address.number = asked.number
                    JOIN lead_message message ON message.recipient = address.address
                    JOIN crm_lead lead ON lead.id = message.lead_id
                    WHERE message.id <> asked.id
                      AND message.queued_date > asked.at - interval '60 days'
                      AND (lead.company_id IS NULL
                           OR lead.company_id = asked.company_id)
                      AND (message.state = ANY(%(out)s)
                           OR asked.id = 0 AND message.state = ANY(%(waiting)s))
                )
                SELECT asked.number,
                       count(*) FILTER (WHERE past.date > asked.at - interval '1 day'
                                        AND past.date <= asked.at),
                       count(*) FILTER (WHERE past.date > asked.at - interval '7 days'
                                        AND past.date <= asked.at),
                       bool_or(past.is_same AND past.date
                               > asked.at - asked.hours * interval '1 hour')
                FROM asked JOIN past ON past.number = asked.number
                GROUP BY asked.number
                """,
                rows=sql_rows(types, rows),
                addresses=sql_rows(("int4", "varchar"), addresses),
                out=[SENDING, UNKNOWN, *WENT_OUT],
                waiting=list(WAITING),
            )
        )
        past = {number: tuple(counts) for number, *counts in found}
        return [past.get(number, (0, 0, False)) for number in range(len(cases))]
