"""One run of the engine: batches, each in a transaction of its own.

They are ``READ COMMITTED``: what was changed since a transaction began is neither
claimed by an old picture of it, nor missed when it is asked what people did. A claim,
its messages, the ledger and where somebody goes on are committed together; nobody
outside is called. So whoever dies leaves nothing behind, and what was not committed is
simply done again.
"""

import logging
import time

from ...base.apart import DATABASE_ERRORS, READ_COMMITTED, apart

_logger = logging.getLogger(__name__)

BATCH_SIZE = 250
# What is done in a run, in this order: batches of `lead.enrollment`.
JOBS = ("_wake_batch", "_settle_batch", "_settle_tasks_batch", "_walk_batch")


class Runner:
    """One run.

    :param registry: of the database
    :param batch_size: how many enrollments a transaction takes
    """

    def __init__(self, registry, batch_size=BATCH_SIZE):
        self.registry = registry
        self.batch_size = batch_size
        self.processed = 0

    def run(self, seconds):
        """Do what is due.

        :param seconds: no batch is begun after so many
        :return: whether there may be more
        """
        deadline = time.monotonic() + seconds
        try:
            return any([self._run_job(job, deadline) for job in JOBS])
        except DATABASE_ERRORS:
            _logger.info("Sequences stopped: the database is not there", exc_info=True)
            return True

    def _run_job(self, job, deadline):
        while time.monotonic() < deadline:
            with apart(self.registry, isolation=READ_COMMITTED) as env:
                count = getattr(env["lead.enrollment"], job)(self.batch_size)
            self.processed += count
            if count < self.batch_size:
                return False
        return True
