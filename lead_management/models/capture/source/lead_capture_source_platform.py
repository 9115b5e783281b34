import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...base.apart import READ_COMMITTED, apart
from ...base.graph import check_address
from ..door.door import Disconnected, NoAnswer
from ..entry.lead_capture_entry import RETRY
from ..entry.lead_capture_entry_store import Call

_logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=15)
# What is read again each time: the keys make it free, and platforms are late.
OVERLAP = timedelta(hours=24)
FIRST = timedelta(days=7)
# What lets us in: a source is connected again when one of them changes.
CREDENTIALS = ("access_token", "secret", "base_url", "api_version", "external_ids")


class LeadCaptureSource(models.Model):
    """Sources on platforms: how they let us in, and what they did not tell."""

    _inherit = "lead.capture.source"

    access_token = fields.Char(
        copy=False,
        groups="base.group_system",
        help="What reads the submissions on the platform.",
    )
    verify_token = fields.Char(
        copy=False,
        groups="base.group_system",
        default=lambda self: self._new_token(),
        help="The platform sends it back when the webhook is set up.",
    )
    base_url = fields.Char(
        string="API Address",
        groups="base.group_system",
        help="Leave empty to use the usual address of the platform.",
    )
    api_version = fields.Char(
        string="API Version",
        groups="base.group_system",
        help="Leave empty to use the version this addon was written for.",
    )
    external_ids = fields.Char(
        string="Form IDs",
        groups="base.group_system",
        help="The forms on the platform, separated by commas: what their webhooks did "
        "not deliver is read from there.",
    )
    is_disconnected = fields.Boolean(readonly=True, copy=False)
    disconnect_reason = fields.Char(readonly=True, copy=False)
    backfill_date = fields.Datetime(
        string="Complete Until",
        readonly=True,
        copy=False,
        help="Everything the platform received until then is in the inbox.",
    )
    backfill_try = fields.Datetime(readonly=True, copy=False)

    @api.constrains("base_url")
    def _check_base_url(self):
        # sudo: an address is compared, and shown to nobody
        for source in self.sudo().filtered("base_url"):
            try:
                check_address(source.base_url)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "The API address starts with https:// and names a server on "
                        "the internet."
                    )
                ) from error

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(CREDENTIALS):
            self._reconnect()
        return result

    def _disconnect(self, reason):
        """Note that the platform lets us in no more, and tell who made the source."""
        if self.is_disconnected:
            return
        self.write({"is_disconnected": True, "disconnect_reason": reason[:200]})
        user = self.create_uid if self.create_uid.active else self.env.user
        self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(self._name),
                "res_id": self.id,
                "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                "summary": self.env._("Reconnect “%s”", self.name),
                "user_id": user.id,
            }
        )

    def action_reconnect(self):
        """Open the source, where an administrator enters what lets us in."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def _reconnect(self):
        """Let what waits for the platform go on."""
        # sudo: who may write a source need not read what came in
        disconnected = self.sudo().filtered("is_disconnected")
        disconnected.write({"is_disconnected": False, "disconnect_reason": False})
        disconnected.activity_ids.action_feedback()
        # sudo: as above, nobody reads entries of platforms
        entries = self.env["lead.capture.entry"].sudo()
        waiting = entries.search([("source_id", "in", self.ids), ("state", "=", RETRY)])
        waiting.write({"next_try": False, "tries": 0})
        if waiting:
            entries._trigger_processing()

    # ------------------------------------------------------------
    # What was not told
    # ------------------------------------------------------------

    @api.model
    def _backfill_due(self):
        """Read from platforms what their webhooks did not deliver.

        The date until which everything is known moves on only when all was read.
        """
        now = fields.Datetime.now()
        due = Domain("backfill_try", "=", False) | Domain(
            "backfill_try", "<=", now - EVERY
        )
        sources = self.search(due & Domain("is_disconnected", "=", False))
        for source in sources:
            door = source._get_door()
            if door.is_fetched and door.can_backfill():
                source._backfill_apart(door, now)

    def _backfill_apart(self, door, now):
        since = (self.backfill_date or now - FIRST) - OVERLAP
        values = {"backfill_try": now}
        lost = None
        try:
            items = door.backfill(since)
            if items:
                self.env["lead.capture.entry"]._store(self, items, Call())
            values["backfill_date"] = now
        except Disconnected as error:
            lost = str(error)
        except NoAnswer as error:
            _logger.info("Capture source %s was not read: %s", self.id, error)
        with apart(self.env.registry, isolation=READ_COMMITTED) as env:
            source = env[self._name].browse(self.id)
            source.write(values)
            if lost:
                source._disconnect(lost)
