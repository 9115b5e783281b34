"""Work that takes nothing else along: in a transaction of its own, or undone alone."""

import logging
from contextlib import contextmanager

from psycopg2 import InterfaceError, OperationalError

from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from .actor import NOBODY
from .work import undone_together

_logger = logging.getLogger(__name__)

# A conflict with others, or a database that is gone: no fault of the work. They go up,
# so that the whole request is tried again.
DATABASE_ERRORS = (OperationalError, InterfaceError, ConcurrencyError)

# What is committed by others is seen by each statement that begins afterwards.
READ_COMMITTED = "READ COMMITTED"


@contextmanager
def begin(registry, isolation=None, patience=None):
    """Open a transaction, committed at the end of the block; see :func:`apart`."""
    with registry.cursor() as cr:
        if isolation:
            cr.execute(SQL("SET TRANSACTION ISOLATION LEVEL %s", SQL(isolation)))
        if patience:
            cr.execute("SET LOCAL lock_timeout = %s", [patience])
        yield cr


@contextmanager
def apart(registry, actor=NOBODY, isolation=None, patience=None):
    """Do the work of a block in a transaction of its own, committed at its end.

    :param registry: of the database
    :param actor: on whose behalf, an :class:`Actor`
    :param isolation: ``READ_COMMITTED``, or that of Odoo
    :param patience: how long to wait for what others lock, "2s" say; else for ever
    :return: an environment in which all is allowed
    """
    with begin(registry, isolation, patience) as cr:
        yield actor.env(cr)


@contextmanager
def attempt(env, is_reading=False):
    """Do the work of a block in a savepoint, which is undone when the block fails.

    The savepoint itself runs nothing that waits for the commit, as one of
    ``cr.savepoint()`` would.

    :param env: environment of the records the block works on
    :param is_reading: whether the block writes nothing, so that records in memory keep
        what they hold when it fails
    :raise Exception: whatever the block raises, after its work is undone
    """
    env.flush_all()  # what is flushed within a savepoint is lost with it
    try:
        with undone_together(env.cr), env.cr.savepoint(flush=False):
            yield
            env.flush_all()
    except BaseException:
        if not is_reading:
            env.transaction.clear()
        raise


@contextmanager
def rehearsal(env):
    """Undo the work of a block at its end, which is to leave the ORM as it is.

    :param env: environment whose database the block works on, by statements
    """
    env.flush_all()  # what is flushed within a savepoint is lost with it
    savepoint = env.cr.savepoint(flush=False)
    try:
        yield
    finally:
        savepoint.close(rollback=True)


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


def lock_left_behind(records, state, lock):
    """Return what workers that are gone had in hand, locked; others are left out.

    :param records: the model, with columns ``state`` and ``worker``
    :param state: what is in hand
    :param lock: the class of the advisory lock that each worker holds while it lives
    """
    records.flush_model()
    rows = records.env.execute_query(
        SQL(
            """
            SELECT id FROM %s
            WHERE state = %s AND NOT EXISTS (
                SELECT 1 FROM pg_locks
                WHERE locktype = 'advisory' AND granted AND objsubid = 2
                  AND database = (SELECT oid FROM pg_database
                                  WHERE datname = current_database())
                  AND classid = %s::int8::oid AND objid = worker::int8::oid)
            ORDER BY id FOR UPDATE SKIP LOCKED
            """,
            SQL.identifier(records._table),
            state,
            lock,
        )
    )
    return records.browse([id_ for (id_,) in rows])
