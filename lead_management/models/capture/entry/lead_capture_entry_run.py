import json
import logging
import random
import time
from datetime import timedelta

from psycopg2 import DatabaseError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ....tools.backoff import get_delay
from ...base.apart import DATABASE_ERRORS, READ_COMMITTED, apart
from ...base.automated import check_automated
from ..door.door import NoAnswer
from .lead_capture_entry import ERASED, PARKED, RETRY, WAITING

_logger = logging.getLogger(__name__)

# So many entries are one transaction: together their leads cost half as much. Of many
# the first are soon there, and the rest costs less still.
BATCH, LARGE_BATCH = 20, 50
# What fails by itself is left to a person after so many tries; a platform that does
# not answer may take two days.
MOST_TRIES, MOST_WAITS = 5, 60
# How long to wait for what others lock.
PATIENCE = "5s"
# How often one is tried at once that clashed with others, and the pause between.
MOST_CLASHES, PAUSE = 3, 0.2
# How often others may be faster before a worker leaves the rest to them.
MOST_MISSED = 20


class LeadCaptureEntry(models.Model):
    """Worked off: each entry to its end, or to a reason that a person can read."""

    _inherit = "lead.capture.entry"

    @api.model
    def action_cron_process(self):
        """Work off what is due; scheduled jobs call it by name."""
        check_automated(self.env)
        self._cron_process()

    @api.model
    def _cron_process(self):
        """Work off what is there, then read what platforms did not tell.

        In this order: a platform that does not answer keeps nobody waiting.
        """
        if self._process_all_due():
            self.env["lead.capture.source"]._backfill_due()
            self._process_all_due()
        self.env["lead.capture.source"]._note_days()
        later = self.search(
            [("state", "in", WAITING), ("next_try", "!=", False)],
            order="next_try",
            limit=1,
        )
        if later:
            self._trigger_processing(max(later.next_try, fields.Datetime.now()))

    @api.model
    def _process_all_due(self):
        """Work off what is due; return whether there is time for more."""
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self._count_due())
        size = BATCH
        while ids := self._get_due(size):
            size = LARGE_BATCH
            self._run_apart(ids)
            if not progress(len(ids), remaining=self._count_due()):
                return False
        return True

    @api.model
    def _run_due(self, limit=None):
        """Work off what is due, batch by batch, each committed by itself.

        :param limit: at most so many entries
        :return: how many entries were taken up
        """
        count, missed = 0, 0
        while (limit is None or count < limit) and missed < MOST_MISSED:
            size = LARGE_BATCH if count else BATCH
            ids = self._get_due(size if limit is None else min(size, limit - count))
            if not ids:
                break
            taken = self._run_apart(ids)
            count += taken
            # another worker was faster with these: there may be more
            missed = 0 if taken else missed + 1
            if missed:
                time.sleep(random.uniform(0, PAUSE))
        return count

    @api.model
    def _count_due(self):
        now = fields.Datetime.now()
        due = Domain("next_try", "=", False) | Domain("next_try", "<=", now)
        return self.search_count(Domain("state", "in", WAITING) & due, limit=1000)

    @api.model
    def _get_due(self, limit):
        """Return ids of entries that are due and nobody is working on."""
        with apart(self.env.registry, isolation=READ_COMMITTED) as env:
            rows = env.execute_query(
                SQL(
                    """
                    SELECT id FROM lead_capture_entry
                    WHERE state IN ('stored', 'retry')
                      AND (next_try IS NULL OR next_try <= %s)
                    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
                    """,
                    fields.Datetime.now(),
                    limit,
                )
            )
        return [id_ for (id_,) in rows]

    @api.model
    def _run_apart(self, ids):
        """Work off entries, together if that goes well, or else each by itself.

        What a platform has to be asked about waits until the others are done.

        :return: how many were worked off here; others have the rest
        """
        asked = self._get_missing(ids)
        ready = [id_ for id_ in ids if id_ not in asked]
        count = self._run_together(self._prepare_apart(ready))
        fetched = self._fetch_apart(asked)
        return count + self._run_together(self._prepare_apart(fetched))

    @api.model
    def _run_together(self, ids):
        """Work off entries of which all is known, together or else each by itself."""
        if not ids:
            return 0
        for left in reversed(range(MOST_CLASHES if len(ids) == 1 else 1)):
            try:
                return self._run_once(ids)
            except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
                failure = error
                if not _is_of_database(error):
                    break
                # two wrote the same at once: another time it goes well, mostly
                if left:
                    time.sleep(random.uniform(0, PAUSE))
        if len(ids) > 1:
            return sum(self._run_together([id_]) for id_ in ids)
        self._fail_apart(ids[0], failure)
        return 1

    @api.model
    def _run_once(self, ids):
        with apart(
            self.env.registry, isolation=READ_COMMITTED, patience=PATIENCE
        ) as env:
            entries = env[self._name]._lock(ids)
            if len(entries) == 1:
                entries._process()
            else:
                entries._process_batch()
            env.flush_all()
        return len(entries)

    @api.model
    def _lock(self, ids):
        """Return those of the entries that wait, locked, as nobody else has them."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM lead_capture_entry
                WHERE id = ANY(%s) AND state IN ('stored', 'retry')
                ORDER BY id FOR UPDATE SKIP LOCKED
                """,
                list(ids),
            )
        )
        return self.browse([id_ for (id_,) in rows])

    @api.model
    def _fail_apart(self, id_, error):
        """Note why an entry could not be processed, and when it is tried again."""
        with apart(self.env.registry, isolation=READ_COMMITTED) as env:
            if entry := env[self._name]._lock([id_]):
                entry._fail(error)

    def _fail(self, error):
        if isinstance(error, NoAnswer):
            self._postpone("retried", str(error), MOST_WAITS, error.retry_after)
            return
        if _is_of_database(error):
            text = self.env._("The database was busy.")
            self._postpone("retried", text, MOST_WAITS)
            return
        if isinstance(error, UserError):
            text = str(error.args[0] if error.args else error)[:500]
        else:
            # the content is nobody's business; the inbox shows the entry
            _logger.warning(
                "Submission %s could not be processed: %s",
                self.id,
                type(error).__name__,
                exc_info=error,
            )
            text = type(error).__name__
        self._postpone("error", text, MOST_TRIES)

    def _postpone(self, code, text, most, retry_after=None):
        """Try again in a while; what was tried for too long is left to a person."""
        tries = self.tries + 1
        values = {"text": text, "tries": tries}
        if tries >= most:
            self._end(PARKED, [["error", values]], tries=tries, next_try=False)
            return
        delay = get_delay(tries, retry_after)
        self._end(
            RETRY,
            [["retried" if code == "error" else code, values]],
            tries=tries,
            next_try=fields.Datetime.now() + delay,
        )
        self._trigger_processing(self.next_try + timedelta(seconds=1))

    def _end(self, state, outcome, **values):
        """Write what became of the entry."""
        if state == self.state:
            self.write({"outcome": outcome, **values})
        else:
            self._move(state, outcome=outcome, **values)

    # ------------------------------------------------------------
    # One entry
    # ------------------------------------------------------------

    def _get_facts(self, name):
        """Return what is known of an entry besides its content."""
        return (self.headers or {}).get(name)

    def _process(self):
        """Bring an entry that is locked to its end."""
        self = self._for_company()
        if self._get_facts("erases"):
            self._process_erasure()
        elif self._get_facts("is_test"):
            self._process_test()
        else:
            self._end(**self._run())

    def _for_company(self):
        """Return the entry as the program works on it, for its company alone."""
        company = self.company_id
        return self.with_company(company).with_context(
            allowed_company_ids=company.ids,
            mail_notrack=True,
            mail_create_nosubscribe=True,
            lang=self._get_lang(),
        )

    def _get_lang(self):
        """Return in which language the program writes about the entry."""
        return self.company_id.partner_id.lang or "en_US"

    def _process_erasure(self):
        """A platform has somebody forgotten: so is what came from it."""
        door = self.source_id._get_door()
        key = door.get_erased_key(json.loads(self.payload or "{}"))
        others = self.search([("source_id", "=", self.source_id.id), ("key", "=", key)])
        (others - self)._erase("withdrawn")
        self._end(ERASED, [["withdrawn", {}]], payload=None, next_try=False)

    def _erase(self, code="erased"):
        """Empty entries for good; that there was something stays, and its key."""
        # sudo: who may erase a person need not read what came in
        entries = self.sudo()
        kept = entries.filtered(lambda entry: entry.state != ERASED)
        kept._forget_examples()
        values = {**dict.fromkeys(self._personal_fields(), False), "state": ERASED}
        kept.write({**values, "outcome": [[code, {}]]})
        return kept

    def _forget_examples(self):
        """Forget what is shown of these entries as an example of a name."""
        for entry in self:
            for line in entry.source_id.field_ids.filtered("example"):
                if line.example in (entry.payload_shown or ""):
                    line.example = False


def _is_of_database(error):
    """Return whether an error is one of the moment: a clash, or a lost connection."""
    is_lost = isinstance(error, DatabaseError) and error.pgcode is None
    return is_lost or isinstance(error, DATABASE_ERRORS)
