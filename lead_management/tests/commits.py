"""Commits and transactions of their own, for tests that never commit."""

from contextlib import contextmanager, nullcontext
from unittest.mock import patch

from odoo.tests.test_cursor import TestCursor

from ..models.base import apart

# Of which package the work is that tests let run after a commit.
PRODUCT = __name__.partition(".tests")[0]


def _is_of_product(callback):
    return getattr(callback, "func", callback).__module__.startswith(PRODUCT)


def _run_after_commit(cr, commit):
    """Do what a commit does, and what the product does after it.

    What Odoo does then, tell browsers or send mails, is left out as in all its tests.
    """
    cr.flush()
    after = [callback for callback in cr.postcommit._funcs if _is_of_product(callback)]
    cr.postcommit.clear()
    commit()
    for callback in after:
        callback()


class CommitCase:
    """What the product does in transactions of its own runs in the one of the test.

    It takes the same road as in service: a cursor, an environment and a commit of its
    own, which are a savepoint here.
    """

    def setUp(self):
        super().setUp()
        self._patch_commits()

    def _patch_commits(self):
        commit = TestCursor.commit
        self.startPatcher(
            patch.object(
                TestCursor,
                "commit",
                lambda cr: _run_after_commit(cr, lambda: commit(cr)),
            )
        )
        self.startPatcher(patch.object(apart, "begin", self._begin))

    @contextmanager
    def _begin(self, registry, isolation=None, patience=None):
        """Open a transaction within that of the test, which may have begun to write."""
        self.env.flush_all()
        is_open = type(self)._registry_patched
        try:
            with nullcontext() if is_open else self.enter_registry_test_mode():
                with registry.cursor() as cr:
                    yield cr
        finally:
            self.env.invalidate_all()

    def commit(self):
        """Do what is done right before a commit, and after it.

        :raise AssertionError: when the server would log that something failed then
        """
        with self.assertNoLogs(f"{PRODUCT}.models", "ERROR"):
            _run_after_commit(self.env.cr, lambda: None)
        self.env.invalidate_all()
