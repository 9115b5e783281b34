from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models

from .apart import READ_COMMITTED, apart

CLAIMED = "claimed"
# A claim of which nothing was heard for so long has died with its process.
DIED_AFTER = timedelta(minutes=15)


class LeadClaimMixin(models.AbstractModel):
    """Asks others outside of any transaction: claim, commit, call, record.

    The claim is committed before the call, and what came of it in a transaction after
    it: whatever happens in between, nothing is asked twice unseen. The model has a
    state ``claimed``, and the date ``called``.
    """

    _name = "lead.claim.mixin"
    _description = "Claimed Request"

    @api.model
    def _claim(self):
        """Claim a record that is due and nobody else works on.

        :return: its id, whom to call and what they are told, as plain data; an empty
            tuple when it was settled without a call; None when nothing is due
        """
        raise NotImplementedError

    @api.model
    def _call(self, record_id, client, values):
        """Call, while no transaction is open, and return what came of it."""
        raise NotImplementedError

    def _save_outcome(self, outcome):
        """Record what came of a call; of nothing when the record is gone."""
        raise NotImplementedError

    @api.model
    def _count_due(self):
        """Return how many records wait for a call by now."""
        raise NotImplementedError

    @api.model
    def _call_due(self, limit):
        """Call for what is due, as long as the scheduled job has time.

        :param limit: at most so many calls
        """
        progress = self.env["ir.cron"]._commit_progress
        for __ in range(limit):
            if not self._run_next():
                break
            if not progress(1, remaining=self._count_due()):
                break

    @api.model
    def _run_next(self):
        """Claim one record, call, and keep what came of it.

        :return: whether there was one
        """
        with self._claim_apart() as records:
            claimed = records._claim()
        if claimed is None:
            return False
        if claimed:
            outcome = self._call(*claimed)
            with self._claim_apart() as records:
                records.browse(claimed[0]).exists()._save_outcome(outcome)
        self.env.invalidate_all()
        return True

    @contextmanager
    def _claim_apart(self):
        """Yield the model in a transaction of its own, committed at the end."""
        with apart(self.env.registry, isolation=READ_COMMITTED) as env:
            yield env[self._name]

    @api.model
    def _find_dead(self):
        """Return what was claimed by a process that has died since."""
        return self.search(
            [
                ("state", "=", CLAIMED),
                ("called", "<", fields.Datetime.now() - DIED_AFTER),
            ]
        )
