"""Work that takes nothing else along when it fails."""

import logging
from contextlib import contextmanager

from psycopg2 import InterfaceError, OperationalError

from odoo.exceptions import ConcurrencyError

_logger = logging.getLogger(__name__)

# A conflict with others, or a database that is gone: no fault of the work. They go up,
# so that the whole request is tried again.
DATABASE_ERRORS = (OperationalError, InterfaceError, ConcurrencyError)


@contextmanager
def attempt(env):
    """Do the work of a block in a savepoint, which is undone when the block fails.

    The savepoint itself runs nothing that waits for the commit, as one of
    ``cr.savepoint()`` would.

    :param env: environment of the records the block works on
    :raise Exception: whatever the block raises, after its work is undone
    """
    env.flush_all()  # what is flushed within a savepoint is lost with it
    try:
        with env.cr.savepoint(flush=False):
            yield
            env.flush_all()
    except DATABASE_ERRORS:
        raise
    except Exception:
        env.transaction.clear()
        raise


def run_apart(records, job, what):
    """Run a job on these records together, or else on each for itself.

    A record that fails is logged; it keeps neither the others nor the user from what
    they were doing.

    :param job: called with records
    :param what: name of the job, for the log
    :return: the records it did not fail for
    :raise DATABASE_ERRORS: the whole request is to be tried again
    """
    if not records:
        return records
    try:
        with attempt(records.env):
            job(records)
    except DATABASE_ERRORS:
        raise
    except Exception:
        if len(records) > 1:
            passing = [run_apart(record, job, what) for record in records]
            return records.browse().concat(*passing)
        _logger.exception("%s failed for %s", what, records)
        return records.browse()
    return records
