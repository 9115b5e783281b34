"""What the addon does in transactions of its own: within a sample, or really."""

from contextlib import contextmanager
from functools import cache
from unittest.mock import patch

PRODUCT = "odoo.addons.lead_management"


@cache
def _load():
    # found once the configuration says where
    from odoo.addons.lead_management.models.base import apart

    return apart, apart.begin


def within(cr):
    """Do it in the transaction of a sample, so that it is undone with it."""

    @contextmanager
    def begin(registry, isolation=None, patience=None):
        yield cr
        cr.flush()

    return patch.object(_load()[0], "begin", begin)


def really():
    """Do it as in service, where a sample commits what it starts from."""
    apart, begin = _load()
    return patch.object(apart, "begin", begin)


def run_after_commit(cr):
    """Do what the addon leaves for after the commit."""
    for callback in list(cr.postcommit._funcs):
        if getattr(callback, "func", callback).__module__.startswith(PRODUCT):
            callback()
    cr.flush()
