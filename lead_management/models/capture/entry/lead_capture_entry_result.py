from psycopg2.errors import LockNotAvailable

from odoo import api, models
from odoo.tools import SQL

from ...base.apart import READ_COMMITTED, apart, attempt
from .lead_capture_entry import ATTACHED, DONE, PARKED, WAITING

PATIENCE = "15s"


class LeadCaptureEntry(models.Model):
    """What programs are told of what they posted."""

    _inherit = "lead.capture.entry"

    @api.model
    def _read_results(self, ids, payloads):
        """Return what became of entries, in order of the ids.

        A row is told the same however often it is posted; another row under its key
        is a duplicate.

        :param ids: of the entries
        :param payloads: what was posted for each
        """
        with apart(
            self.env.registry, isolation=READ_COMMITTED, patience=PATIENCE
        ) as env:
            entries = env[self._name].browse(ids)
            entries._await_others()
            pairs = zip(entries, payloads, strict=True)
            return [
                {"entry": entry.id, **entry._get_result(payload)}
                for entry, payload in pairs
            ]

    def _await_others(self):
        """Wait for whoever is processing them; return whether they came to an end."""
        try:
            with attempt(self.env, is_reading=True):
                self.env.cr.execute(
                    SQL(
                        "SELECT id FROM lead_capture_entry WHERE id = ANY(%s)"
                        " ORDER BY id FOR SHARE",
                        self.ids,
                    )
                )
        except LockNotAvailable:
            return False  # it is told that they wait
        return True

    def _get_result(self, payload):
        if payload != self.payload:
            return {"status": "duplicate", "id": self.id}
        if self.state in (DONE, ATTACHED):
            status = "created" if self.state == DONE else "attached"
            return {"status": status, "id": self.id}
        if self.state in WAITING:
            return {"status": "waiting", "id": self.id}
        if self.state == PARKED:
            reason = self.with_context(lang="en_US").reason
            return {"status": "invalid", "id": self.id, "reason": reason}
        # what is taken for spam waits for a person, and is not told why: it learns
        return {"status": "waiting", "id": self.id}
