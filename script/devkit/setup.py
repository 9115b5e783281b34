"""Everything a command needs before Odoo can run, ready for use."""

from contextlib import contextmanager
from dataclasses import dataclass

from . import cache, odoo_source, postgres, python_env
from .database import Databases
from .odoo import Runner


@dataclass(frozen=True)
class Workshop:
    """The tools of a command: Odoo, its database server, its databases."""

    runner: Runner
    databases: Databases


@contextmanager
def workshop(tests=False):
    """Obtain Odoo, its Python packages and PostgreSQL; give them back after."""
    with cache.preparing():
        python = python_env.odoo(tests)
        odoo = odoo_source.obtain(python_env.icon_fonts(python))
        postgres.prepare()
    with postgres.running() as server:
        runner = Runner(odoo, python, server)
        yield Workshop(runner, Databases(runner))
