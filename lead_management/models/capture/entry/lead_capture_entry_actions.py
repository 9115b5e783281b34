from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..source.lead_capture_source import MANAGER
from ..source.lead_capture_source_health import get_midnight
from .lead_capture_entry import (
    IGNORED,
    PARKED,
    QUARANTINED,
    REPLAYED,
    STORED,
    WAITING,
)

# So many are counted; beyond, the head of the inbox says that there are more.
MOST_COUNTED = 1000
MOST_DOORS = 6
# So many are forgotten at once.
MOST_FORGOTTEN = 10_000


class LeadCaptureEntry(models.Model):
    """What sales managers do in the inbox."""

    _inherit = "lead.capture.entry"

    def _check_manager(self):
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._(
                    "Only sales managers work in the lead inbox. Ask one of them."
                )
            )
        self.check_access("read")

    def action_replay(self):
        """Process submissions once more that did not become leads."""
        self._check_manager()
        entries = self.filtered(lambda entry: entry.state in REPLAYED)
        if not entries:
            raise UserError(
                self.env._("These submissions are done already: open their leads.")
            )
        entries._replay()
        return entries._run_now()

    def _replay(self, **values):
        # sudo: nobody writes entries by hand; who may is checked above
        entries = self.sudo()
        for entry in entries:
            was_spam = entry.state == QUARANTINED
            entry._move(
                STORED,
                outcome=[],
                tries=0,
                next_try=False,
                is_cleared=was_spam or entry.is_cleared,
                **values,
            )

    def _run_now(self):
        """Process these submissions once the click is committed, and show the list."""
        # sudo: nobody writes entries by hand
        self.sudo()._trigger_processing()
        # sudo: nobody writes entries by hand
        ids, entries = self.ids, self.env[self._name].sudo()
        if len(ids) <= 20:
            self.env.cr.postcommit.add(lambda: entries._run_apart(ids))
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_discard(self):
        """Set submissions aside for good, with who did so."""
        self._check_manager()
        entries = self.filtered(
            lambda entry: entry.state in (PARKED, QUARANTINED, *WAITING)
        )
        # sudo: nobody writes entries by hand; who may is checked above
        entries.sudo()._move(
            IGNORED,
            outcome=[["discarded", {"user": self.env.user.name}]],
            next_try=False,
        )
        return True

    def action_attach(self):
        """Add a submission of a known person to the open lead."""
        self._check_manager()
        # sudo: who may is checked above
        for entry in self.sudo().filtered(lambda one: one.state == PARKED):
            entry = entry.with_company(entry.company_id).with_context(
                lang=entry._get_lang()
            )
            reading = entry._read()
            known = entry._prepare_person(reading)
            lead = entry._find_known(known)
            if not lead:
                raise UserError(
                    self.env._(
                        "The person has no open lead any more. Create a new one."
                    )
                )
            entry._end(**entry._attach(lead, reading))
            # sudo: rows of campaigns are written by the program alone
            self.env["lead.campaign.touch"].sudo().create(
                entry._prepare_touch(lead, reading)
            )
            lead._capture_done(entry, reading, False)
        return True

    def action_new_lead(self):
        """Make a lead of its own of a submission of a known person."""
        self._check_manager()
        entries = self.filtered(lambda entry: entry.state == PARKED)
        entries._replay(is_new_wanted=True)
        return entries._run_now()

    def _map_and_replay(self, name, target):
        """Say what a name means that came in, and process all that waits for it.

        :param name: as it came in
        :param target: what it is, as in ``lead.capture.field``
        """
        self._check_manager()
        self.ensure_one()
        self.source_id._map(name, target)
        waiting = self.search(
            [("source_id", "=", self.source_id.id), ("state", "=", PARKED)], limit=500
        )
        waiting = waiting.filtered(
            lambda entry: any(code == "unmapped" for code, __ in entry.outcome or ())
        )
        waiting._replay()
        return waiting._run_now()

    def action_open_lead(self):
        """Open the lead a submission became."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "views": [(False, "form")],
        }

    @api.model
    def action_inbox_summary(self):
        """Return what the head of the inbox tells: numbers of today, silent sources."""
        self._check_manager()
        today = Domain("date", ">=", get_midnight(self.env))
        counts = dict(self._read_group(today, ["state"], ["__count"]))
        by_source = self._read_group(
            today, ["source_id"], ["__count"], order="__count DESC", limit=MOST_DOORS
        )
        sources = self.env["lead.capture.source"].search(Domain.TRUE)
        return {
            "today": sum(counts.values()),
            "done": counts.get("done", 0),
            "attached": counts.get("attached", 0),
            "doors": [
                {"id": source.id, "name": source.name, "count": count}
                for source, count in by_source
            ],
            "needs": self._count_some(Domain("state", "in", (PARKED, QUARANTINED))),
            "rows": self._count_some(self._get_rows_domain()),
            "most": MOST_COUNTED,
            "alerts": [
                {"name": source.name, "text": source.health_text}
                for source in sources
                if source.health not in ("healthy", "new")
            ],
        }

    @api.model
    def _count_some(self, domain):
        """Return how many there are, as far as anybody counts; along an index."""
        return len(self.search(domain, limit=MOST_COUNTED, order="date desc, id desc"))

    @api.autovacuum
    def _gc_entries(self):
        """Forget what was received before the retention date of its source.

        :return: how many were forgotten, and whether there are more: then Odoo calls
          again
        """
        sources = self.env["lead.capture.source"].with_context(active_test=False)
        expired = self.browse()
        for source in sources.search(Domain.TRUE):
            limit = fields.Datetime.now() - timedelta(days=source.keep_days)
            expired += self.search(
                [("source_id", "=", source.id), ("date", "<", limit)],
                limit=MOST_FORGOTTEN - len(expired),
                order="date",
            )
            if len(expired) == MOST_FORGOTTEN:
                break
        count = len(expired)
        expired.unlink()
        return count, int(count == MOST_FORGOTTEN)
