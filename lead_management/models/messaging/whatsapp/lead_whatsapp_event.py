import json
import logging
from datetime import timedelta

from odoo import api, fields, models

from ....tools.whatsapp_payload import (
    MESSAGE,
    OTHER,
    PREFERENCE,
    STATUS,
    get_timestamp,
)
from ...base.apart import DATABASE_ERRORS, attempt
from ...base.automated import check_automated

_logger = logging.getLogger(__name__)

UNREADABLE = "unreadable"
PENDING, DONE, IGNORED, FAILED = "pending", "done", "ignored", "failed"
TRANSITIONS = {
    PENDING: (PENDING, DONE, IGNORED, FAILED),
    FAILED: (PENDING, IGNORED),
    DONE: (),
    IGNORED: (),
}
BATCH = 200
# Minutes until an event is tried again; then it is left to a person.
DELAYS = (1, 5, 15, 60, 240)
# What is older is a repetition of something long done with: Meta gives up after a week.
MAX_AGE = timedelta(days=30)
# Longer than the above, so that nothing is forgotten that could still be repeated.
KEPT = timedelta(days=45)


class PostponedError(Exception):
    """An event cannot be processed yet, through no fault of its own."""


class LeadWhatsappEvent(models.Model):
    """What Meta told the webhook, as it came: stored first, processed later.

    The key makes an event one of a kind, however often it is delivered. What fails is
    tried again, and in the end left to a person; it is never lost.
    """

    _name = "lead.whatsapp.event"
    _inherit = ["lead.state.mixin"]
    _description = "WhatsApp Event"
    _order = "id desc"
    _log_access = False
    _rec_name = "key"
    _transitions = TRANSITIONS

    account_id = fields.Many2one(
        "lead.whatsapp.account", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(
        [
            (MESSAGE, "Message"),
            (STATUS, "Status"),
            (PREFERENCE, "Preference"),
            (OTHER, "Other"),
            (UNREADABLE, "Unreadable"),
        ],
        string="Type",
        required=True,
        readonly=True,
    )
    key = fields.Char(required=True, readonly=True)
    # ASCII: the database takes neither NUL nor half characters in any other form
    payload = fields.Text(readonly=True, prefetch=False)
    date = fields.Datetime(string="Received", required=True, readonly=True)
    state = fields.Selection(
        [
            (PENDING, "Waiting"),
            (DONE, "Done"),
            (IGNORED, "Ignored"),
            (FAILED, "Failed"),
        ],
        required=True,
        readonly=True,
        default=PENDING,
    )
    attempts = fields.Integer(readonly=True, aggregator=None)
    next_try = fields.Datetime(string="Next Attempt", readonly=True)
    error = fields.Char(readonly=True)
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, ondelete="set null", index="btree_not_null"
    )
    mail_message_id = fields.Many2one(
        "mail.message", readonly=True, ondelete="set null", index="btree_not_null"
    )

    _key_uniq = models.UniqueIndex("(account_id, key)")
    _pending_idx = models.Index("(next_try, id) WHERE state = 'pending'")
    _date_idx = models.Index("(date)")

    @api.model
    def _personal_fields(self):
        return ("payload", "error")

    # ------------------------------------------------------------
    # Processing
    # ------------------------------------------------------------

    @api.model
    def action_cron_process(self):
        """Process what waits; scheduled jobs call it by name."""
        check_automated(self.env)
        self._cron_process()

    @api.model
    def _cron_process(self, limit=BATCH):
        """Work in what waits, in the order it came, each event on its own."""
        progress = self.env["ir.cron"]._commit_progress
        domain = self._get_due_domain()
        events = self.search(domain, order="id", limit=limit)
        progress(remaining=self.search_count(domain))
        for event in events:
            event._process_alone()
            if not progress(1):
                break
        later = self.search([("state", "=", PENDING)], order="next_try", limit=1)
        if later:
            soon = fields.Datetime.now() + timedelta(minutes=1)
            self._trigger_processing(later.next_try or soon)

    def _process_alone(self):
        """Work in one event unless another worker has it.

        Where somebody has just written the same lead or contact, it waits: it keeps its
        place, and the cron is called again.
        """
        try:
            self.try_lock_for_update()._process()
            self.env.flush_all()
        except DATABASE_ERRORS:
            self.env.cr.rollback()

    @api.model
    def _get_due_domain(self):
        now = fields.Datetime.now()
        return [
            ("state", "=", PENDING),
            "|",
            ("next_try", "=", False),
            ("next_try", "<=", now),
        ]

    def _process(self):
        """Work in one event that is locked; it never raises but for the database."""
        if self.state != PENDING:  # somebody was faster, or nothing is locked
            return
        try:
            with attempt(self.env):
                self._move(**self._run())
        except DATABASE_ERRORS:
            raise
        except PostponedError as postponed:
            self._postpone(str(postponed))
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
            self._fail(error)

    def _run(self):
        """Return the values of the event once it is processed."""
        data = json.loads(self.payload)
        company = self.account_id.company_id
        event = self.with_company(company).with_context(
            allowed_company_ids=company.ids, mail_notrack=True
        )
        return {
            "state": DONE,
            "error": False,
            "next_try": False,
            **getattr(event, f"_run_{self.kind}")(data),
        }

    def _postpone(self, reason=False):
        """Try again in a while; what is tried for too long is left to a person."""
        attempts = self.attempts + 1
        if attempts > len(DELAYS):
            self._move(FAILED, attempts=attempts, error=reason)
            return
        minutes = DELAYS[attempts - 1]
        self.write(
            {
                "attempts": attempts,
                "next_try": fields.Datetime.now() + timedelta(minutes=minutes),
                "error": reason,
            }
        )

    def _fail(self, error):
        self.env.invalidate_all(flush=False)
        self._postpone(f"{type(error).__name__}: {error}"[:500])
        if self.state == FAILED:
            # the content is nobody's business; the list of events shows it
            _logger.warning("WhatsApp event %s could not be worked in", self.id)

    @api.model
    def _is_too_old(self, date):
        return date < fields.Datetime.now() - MAX_AGE

    @api.model
    def _get_date(self, data):
        """Return when something happened; the present where that is not known."""
        now = fields.Datetime.now()
        seconds = get_timestamp(data)
        if not seconds:
            return now
        return min(
            fields.Datetime.from_string("1970-01-01 00:00:00")
            + timedelta(seconds=seconds),
            now,
        )

    # ------------------------------------------------------------
    # People
    # ------------------------------------------------------------

    def action_retry(self):
        """Let events that failed be processed again."""
        self.check_access("read")  # of administrators alone
        failed = self.filtered(
            lambda one: one.state in (FAILED, PENDING) and one.kind != UNREADABLE
        )
        # sudo: nobody writes events by hand
        failed.sudo()._move(PENDING, attempts=0, next_try=False)
        self._trigger_processing()
        return True

    @api.autovacuum
    def _gc_events(self):
        """Forget what is done with: it is somebody's post."""
        limit = fields.Datetime.now() - KEPT
        domain = [("date", "<", limit), ("state", "!=", PENDING)]
        self.search(domain, limit=10_000, order="date").unlink()
