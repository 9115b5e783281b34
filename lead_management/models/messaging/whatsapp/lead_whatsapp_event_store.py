import json

from odoo import api, fields, models
from odoo.tools import SQL

from ....tools.whatsapp_payload import OTHER, digest, split_payload
from .lead_whatsapp_event import FAILED, IGNORED, PENDING, UNREADABLE


class LeadWhatsappEvent(models.Model):
    """What is posted to the webhook is stored as it is, once."""

    _inherit = "lead.whatsapp.event"

    @api.model
    def _store(self, account, body):
        """Keep what was posted; what is known already is not kept twice.

        :param account: whose webhook was called
        :param body: the bytes, their signature checked
        :return: how many events are new
        """
        rows = self._read_body(account, body)
        if not rows:
            return 0
        now = fields.Datetime.now()
        values = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s)",
                row["account"].id,
                row["account"].company_id.id,
                row["kind"],
                row["key"],
                row["payload"],
                now,
                row["state"],
            )
            for row in rows
        )
        stored = self.env.execute_query(
            SQL(
                """
                INSERT INTO lead_whatsapp_event
                    (account_id, company_id, kind, key, payload, date, state)
                VALUES %s
                ON CONFLICT (account_id, key) DO NOTHING
                RETURNING id
                """,
                values,
            )
        )
        if stored:
            self._trigger_processing()
        return len(stored)

    @api.model
    def _read_body(self, account, body):
        """Return a row for each event in a body."""
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            text = body.decode("ascii", "backslashreplace").replace("\0", "\\x00")
            key = f"{UNREADABLE}:{digest(text)}"
            return [self._prepare_row(account, UNREADABLE, key, text)]
        accounts, rows = {}, {}
        for item in split_payload(payload):
            number = item.phone_number_id
            if number not in accounts:
                accounts[number] = account._get_receiver(number)
            receiver = accounts[number] or account
            row = self._prepare_row(
                receiver, item.kind, item.key, json.dumps(item.data)
            )
            if not accounts[number]:
                row["state"] = IGNORED
            rows[receiver.id, item.key] = row
        return list(rows.values())

    @api.model
    def _prepare_row(self, account, kind, key, payload):
        states = {OTHER: IGNORED, UNREADABLE: FAILED}
        return {
            "account": account,
            "kind": kind,
            "key": key,
            "payload": payload,
            "state": states.get(kind, PENDING),
        }

    @api.model
    def _trigger_processing(self, at=None):
        """Let the events be processed once this is committed."""
        # sudo: nobody is logged in
        self.env.ref("lead_management.ir_cron_whatsapp").sudo()._trigger(at)
