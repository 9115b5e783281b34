import hashlib
import secrets

from odoo import fields, models

from ....tools.capture_values import digest
from ...base.client_actions import notice
from .door import DOORS, GENUINE, WRONG_SECRET, Door, Item, is_same

MOST_ROWS = 100
PREFIX = "lead_"
# How long the same row without a key is the same row.
BUCKET = 600


@DOORS.add
class ApiDoor(Door):
    """A program that posts leads as JSON, with a key of its own."""

    name = "api"
    is_form = True
    route = "api"
    is_limited = True
    secrets = ("key_hash",)

    def verify(self, body, headers, payload):
        given = (headers.get("Authorization") or "").removeprefix("Bearer ").strip()
        is_ours = is_same(hash_key(given), self.source.key_hash)
        return GENUINE if is_ours else WRONG_SECRET

    def split(self, payload, body, idempotency_key=None):
        rows = payload.get("leads") if isinstance(payload, dict) else payload
        if isinstance(payload, dict) and rows is None:
            rows = [payload]
        if not isinstance(rows, list) or not rows or len(rows) > MOST_ROWS:
            raise ValueError("no list of leads")
        return [
            self._get_item(row, number, idempotency_key)
            for number, row in enumerate(rows)
        ]

    def _get_item(self, row, number, idempotency_key):
        row = row if isinstance(row, dict) else {"": row}
        if idempotency_key:
            key = digest("key", idempotency_key, number)
        elif row.get("id"):
            key = digest("id", str(row["id"])[:200])
        else:
            key = digest("row", row, _get_bucket())
        return Item(key, row)

    def get_steps(self):
        return [
            (
                self.env._("Click “New API Key”, and keep the key: it is shown once."),
                bool(self.source.key_hash),
            ),
            (
                self.env._(
                    "Open the webhook URL in a browser: it documents the fields, "
                    "with a command to copy."
                ),
                None,
            ),
            (
                self.env._("Send a lead: it is answered with its result."),
                self.get_arrived(),
            ),
        ]

    def read_texts(self, payload, detail=None):
        texts = super().read_texts(payload)
        texts.pop("id", None)
        return texts


def _get_bucket():
    return int(fields.Datetime.now().timestamp()) // BUCKET


def hash_key(key):
    """Return what is kept of a key: it is long, and nobody guesses it."""
    return hashlib.sha256(key.encode()).hexdigest()


class LeadCaptureSource(models.Model):
    _inherit = "lead.capture.source"

    kind = fields.Selection(selection_add=[("api", "API")], ondelete={"api": "cascade"})
    key_hash = fields.Char(copy=False, groups="base.group_system")
    key_hint = fields.Char(
        string="API Key",
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="The last characters of the key. The key itself is not stored.",
    )

    def action_new_key(self):
        """Make another key, show it once, and keep what it is compared with."""
        self.ensure_one()
        self.check_access("write")
        self._check_field_access(self._fields["secret"], "write")
        key = f"{PREFIX}{secrets.token_urlsafe(32)}"
        self.write({"key_hash": hash_key(key), "key_hint": f"…{key[-4:]}"})
        return notice(
            key,
            "warning",
            title=self.env._("Copy this key now: it is shown only once."),
            sticky=True,
            next={"type": "ir.actions.client", "tag": "soft_reload"},
        )
