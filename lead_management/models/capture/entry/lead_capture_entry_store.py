import ipaddress
from dataclasses import dataclass, field

from odoo import api, fields, models
from odoo.tools import SQL

from ....tools.capture_values import to_ascii
from ...base.apart import READ_COMMITTED, apart
from ...base.fast.sql_rows import sql_rows
from .lead_capture_entry import QUARANTINED, STORED

TYPES = "int4 int4 varchar varchar timestamp text jsonb varchar jsonb bool".split()
COLUMNS = SQL(
    "source_id, company_id, key, state, date, payload, headers, ip, outcome, is_cleared"
)
# Of what comes with a wrong secret, so much is kept an hour: somebody changed the
# key on one side only, and no lead is to be lost for it.
MOST_UNKNOWN = 100
# Beyond so many times its limit a source keeps nothing.
MOST_TIMES = 10


@dataclass
class Call:
    """What is known of a call besides its body."""

    ip: str = ""
    headers: dict = field(default_factory=dict)
    is_wrong: bool = False

    @property
    def network(self):
        """The network of the caller: enough to count, too little to find anybody.

        >>> Call("203.0.113.7").network, Call("2001:db8:1:2::3").network
        ('203.0.113.0/24', '2001:db8:1::/48')
        >>> Call("nobody").network
        ''
        """
        try:
            address = ipaddress.ip_address(self.ip)
        except ValueError:
            return ""
        bits = 24 if address.version == 4 else 48
        return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))


def _get_facts(item):
    facts = {"is_test": item.is_test, "erases": item.erases}
    return {**facts, "files": len(item.files)} if item.files else facts


class TooMany(Exception):
    """More calls than anybody needs: nothing is kept of them."""


class LeadCaptureEntry(models.Model):
    """In: kept and committed before anything else is done with it."""

    _inherit = "lead.capture.entry"

    @api.model
    def _store(self, source, items, call):
        """Keep what came in, in a transaction of its own; nothing is kept twice.

        :param source: the ``lead.capture.source``
        :param items: list of :class:`Item`
        :param call: a :class:`Call`
        :return: list of ids of entries, in order of the items
        :raise TooMany: when nothing was kept
        """
        with apart(self.env.registry, isolation=READ_COMMITTED) as env:
            entries = env[self._name]
            rates = env["lead.capture.rate"]
            hits, total = rates._count(source, call.network, call.is_wrong)
            limit = source.hour_limit
            raise_later = (
                (call.is_wrong and total > MOST_UNKNOWN)
                or (limit and total > limit * MOST_TIMES)
                or not rates._has_room(source, call.network, items)
            )
            if not raise_later:
                headers = {**call.headers, "hits": hits, "total": total}
                ids = entries._insert(source, items, call, headers)
                entries._trigger_processing()
        if raise_later:
            raise TooMany(source.id)
        return ids

    @api.model
    def _insert(self, source, items, call, headers):
        """Insert entries whose keys are new; return the ids of all, in their order.

        What came with a wrong key keeps no place: once the sender has the right one,
        the same submission takes it.
        """
        now = fields.Datetime.now()
        state, outcome = STORED, None
        if call.is_wrong:
            state, outcome = QUARANTINED, to_ascii([["secret", {}]])
        rows = {
            item.key: (
                *(source.id, source.company_id.id, item.key, state, now),
                to_ascii(item.payload),
                to_ascii({**headers, **_get_facts(item)}),
                *(call.network or None, outcome, False),
            )
            for item in items
        }
        found = self.env.execute_query(
            SQL(
                """
                WITH new AS (
                    INSERT INTO lead_capture_entry AS old (%(columns)s) %(rows)s
                    ON CONFLICT (source_id, key) DO UPDATE
                    SET state = EXCLUDED.state, date = EXCLUDED.date,
                        payload = EXCLUDED.payload, headers = EXCLUDED.headers,
                        ip = EXCLUDED.ip, outcome = EXCLUDED.outcome
                    WHERE old.state = %(wrong)s AND old.outcome -> 0 ->> 0 = 'secret'
                      AND EXCLUDED.state = %(new)s
                    RETURNING id, key
                )
                SELECT id, key FROM new
                """,
                columns=COLUMNS,
                wrong=QUARANTINED,
                new=STORED,
                rows=sql_rows(TYPES, list(rows.values())),
            )
        )
        ids = {key: id_ for id_, key in found}
        for item in items:
            if item.files and item.key in ids:
                self.browse(ids[item.key])._save_files(item.files)
        missing = [key for key in rows if key not in ids]
        if missing:
            known = self.env.execute_query(
                SQL(
                    "SELECT id, key FROM lead_capture_entry"
                    " WHERE source_id = %s AND key = ANY(%s)",
                    source.id,
                    missing,
                )
            )
            ids.update({key: id_ for id_, key in known})
        return [ids[item.key] for item in items]

    @api.model
    def _store_inside(self, source, item, **values):
        """Keep something of our own within this transaction: it is kept elsewhere, or
        entered by a colleague.

        :return: the entry, its lead known already or not
        """
        # sudo: nobody writes entries by hand
        entries = self.sudo()
        known = entries.search(
            [("source_id", "=", source.id), ("key", "=", item.key)], limit=1
        )
        if known:
            return known
        return entries.create(
            {
                "source_id": source.id,
                "company_id": source.company_id.id,
                "key": item.key,
                "date": fields.Datetime.now(),
                "payload": to_ascii(item.payload),
                "headers": {"is_test": item.is_test, "erases": item.erases},
                **values,
            }
        )

    @api.model
    def _trigger_processing(self, at=None):
        """Let the entries be processed once this is committed.

        In one statement: who posts is waiting for it.

        :param at: not before then
        """
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "lead_management.ir_cron_capture"
        )
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                "INSERT INTO ir_cron_trigger (cron_id, call_at) VALUES (%s, %s)",
                cron_id,
                at or now,
            )
        )
        if not at or at <= now:
            # sudo: nobody is logged in
            cron = self.env["ir.cron"].sudo().browse(cron_id)
            self.env.cr.postcommit.add(cron._notifydb)
