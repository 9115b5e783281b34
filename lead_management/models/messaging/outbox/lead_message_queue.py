import hashlib
import re
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, split_every

from ..channel.channel import get_channel
from ..constants import CHANNELS, OTHER
from .lead_message import QUEUED, SENT, SKIPPED

INSERT_SIZE = 1_000
# More messages at once than a person writes by hand.
BULK = 20
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean_text(text):
    """Return a text without what no mail or text message can carry."""
    return CONTROLS.sub("", text or "")


def clean_line(text):
    """Return a text of one line, as headers must be."""
    return " ".join(clean_text(text).split())


def get_fingerprint(subject, body):
    """Return what two messages of the same text have in common."""
    text = f"{clean_line(subject)}\n{clean_line(body)}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class LeadMessage(models.Model):
    """The way in."""

    _inherit = "lead.message"

    @api.model
    def _queue(self, values_list):
        """Let messages in: through the gate, in a constant number of statements.

        Whoever may write the lead may send to it. A key that is known already is not
        let in again: the message there is comes back in its place.

        :param values_list: dicts of fields; required are ``lead_id``, ``channel`` and
          ``body``, the recipient is by default that of the lead on the channel.
          ``attachment_ids`` is a list of ids. ``override_reason`` overrides what may be
          overridden.
        :return: messages, in the order of ``values_list``: queued, or skipped with
          ``hold_reason``
        """
        return self._insert_queued(values_list, self._prepare_queued)

    @api.model
    def _queue_sent(self, values_list):
        """Let messages in that a person has sent by other means, and says so.

        :return: messages, sent
        """
        return self._insert_queued(values_list, self._prepare_sent)

    @api.model
    def _insert_queued(self, values_list, prepare):
        rows = [self._prepare_row(values) for values in values_list]
        self._check_rights(rows)
        known = self._get_known([row["key"] for row in rows])
        new = {row["key"]: row for row in rows if row["key"] not in known}
        prepare(list(new.values()))
        known |= self._insert(list(new.values()))
        messages = self.browse([known[row["key"]] for row in rows])
        messages._trigger_sending()
        return messages

    def _trigger_sending(self):
        """Wake up whoever sends, once this is committed."""
        # sudo: everybody may wake it up
        self.env.ref("lead_management.ir_cron_messages").sudo()._trigger()

    @api.model
    def _prepare_row(self, values):
        """Return the values of a row before the gate."""
        if values.get("channel") not in dict(CHANNELS):
            raise ValidationError(self.env._("A message needs a channel."))
        # other channels have none
        has_subject = get_channel(values["channel"]).is_html
        subject = clean_line(values.get("subject")) if has_subject else ""
        body = clean_text(values.get("body"))
        return {
            "purpose": OTHER,
            "user_id": self.env.uid,
            **values,
            "key": values.get("key") or uuid4().hex,
            "subject": subject or None,
            "body": body,
            "fingerprint": get_fingerprint(subject, body),
            "attempts": 0,
            "queued_date": fields.Datetime.now(),
        }

    @api.model
    def _check_rights(self, rows):
        leads = self.env["crm.lead"].browse({row["lead_id"] for row in rows})
        leads.check_access("write")
        attachment_ids = {id_ for row in rows for id_ in row.get("attachment_ids", ())}
        self.env["ir.attachment"].browse(attachment_ids).check_access("read")

    @api.model
    def _prepare_queued(self, rows):
        """Complete rows by what the gate decides on them."""
        decisions = self.env["lead.message.gate"]._decide(rows)
        for row, decision in zip(rows, decisions, strict=True):
            row["gate"] = decision.as_json()
            row["is_bulk"] = len(rows) > BULK
            row["state"] = QUEUED
            if decision.outcome == "hold":
                row["state"] = SKIPPED
                row["hold_reason"] = decision.reason
            elif decision.outcome == "later":
                row["send_at"] = decision.at

    @api.model
    def _prepare_sent(self, rows):
        self.env["lead.message.gate"]._complete(rows)
        for row in rows:
            row["state"] = SENT
            row["sent_date"] = row["queued_date"]

    @api.model
    def _get_known(self, keys):
        """Return the ids of the messages with these keys."""
        # sudo: keys are unique over all leads
        known = self.sudo().search_fetch([("key", "in", keys)], ["key"])
        return {message.key: message.id for message in known}

    @api.model
    def _insert(self, rows):
        """Insert rows, but for those whose key has just been let in by somebody else.

        :return: dict of key to the id of the message
        """
        ids = {}
        for batch in split_every(INSERT_SIZE, rows, list):
            ids |= self._insert_batch(batch)
        if missing := [row["key"] for row in rows if row["key"] not in ids]:
            ids |= self._get_known(missing)
        return ids

    @api.model
    def _insert_batch(self, rows):
        names = sorted(
            name
            for name in {name for row in rows for name in row}
            if self._fields[name].store and self._fields[name].column_type
        )
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        values = SQL(", ").join(
            SQL("(%s)", SQL(", ").join(self._to_column(row, name) for name in names))
            for row in rows
        )
        inserted = self.env.execute_query(
            SQL(
                """
                INSERT INTO lead_message (%s) VALUES %s
                ON CONFLICT (key) DO NOTHING RETURNING key, id
                """,
                columns,
                values,
            )
        )
        ids = dict(inserted)
        self._insert_attachments(rows, ids)
        return ids

    @api.model
    def _to_column(self, row, name):
        field = self._fields[name]
        value = field.convert_to_column_insert(row.get(name) or None, self)
        if field.type == "boolean":
            return SQL("%s", bool(value))
        if field.type == "many2one" or field.type == "integer":
            return SQL("%s::int4", value)
        if field.type == "datetime":
            return SQL("%s::timestamp", value)
        if field.type == "json":
            return SQL("%s::jsonb", value)
        return SQL("%s", value)

    @api.model
    def _insert_attachments(self, rows, ids):
        pairs = [
            (ids[row["key"]], attachment_id)
            for row in rows
            if row["key"] in ids
            for attachment_id in row.get("attachment_ids", ())
        ]
        if not pairs:
            return
        field = self._fields["attachment_ids"]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s, %s) SELECT * FROM unnest(%s, %s)",
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                SQL.identifier(field.column2),
                [message_id for message_id, __ in pairs],
                [attachment_id for __, attachment_id in pairs],
            )
        )
