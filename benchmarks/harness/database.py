"""The two databases, loaded in this process; samples leave no effects in them."""

import contextlib
import logging
import os
import warnings

import psycopg2

from odoo import SUPERUSER_ID, api, modules, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config

from .transactions import within


def configure():
    """Read the configuration file named by ODOO_RC; keep logs to errors."""
    config.parse_config(["--log-level=error", "--max-cron-threads=0"])
    logging.getLogger("odoo").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")
    # What core commits halfway it does not commit in tests, nor does it send mail.
    modules.module.current_test = True


class Database:
    """One database with its registry.

    :param name: name of the database
    :param addon: whether the addon is expected in it
    """

    def __init__(self, name, addon):
        self.name = name
        self.addon = addon
        self.registry = Registry(name)
        if ("lead.score" in self.registry) != addon:
            raise SystemExit(
                f"{name}: the addon must {'' if addon else 'not '}be installed"
            )
        self._uids = {}

    @contextlib.contextmanager
    def env(self, login=None):
        """Yield an environment that is rolled back at the end, as this user."""
        with contextlib.closing(self.registry.cursor()) as cr, within(cr):
            env = api.Environment(cr, SUPERUSER_ID, {})
            yield env if login is None else env(user=self._uid(env, login))
            cr.rollback()

    def _uid(self, env, login):
        """Return the id of a user and remember it: no statement inside a sample."""
        if login not in self._uids:
            self._uids[login] = env["res.users"].search([("login", "=", login)]).id
        return self._uids[login]

    def vacuum(self, tables):
        """Vacuum those of ``tables`` that this database has."""
        known = {model._table for model in self.registry.values()}
        self.execute_outside(*(f"VACUUM {table}" for table in tables if table in known))

    def execute_outside(self, *statements):
        """Run statements outside of a transaction, as VACUUM asks for."""
        if not statements:
            return
        connection = psycopg2.connect(**sql_db.connection_info_for(self.name)[1])
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cr:
            for statement in statements:
                cr.execute(statement)


def open_databases():
    """Return the databases with and without the addon."""
    configure()
    try:
        names = os.environ["BENCH_DB_WITH"], os.environ["BENCH_DB_WITHOUT"]
    except KeyError as error:
        raise SystemExit(f"{error} is not set: start this with script/bench") from None
    return Database(names[0], addon=True), Database(names[1], addon=False)
