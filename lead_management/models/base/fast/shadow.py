from contextlib import contextmanager

from odoo.tools import SQL

from ..apart import rehearsal


@contextmanager
def shadow(env, table, query):
    """Let a query stand before a table in all that is read meanwhile.

    Stands beside no method but beside the search path of PostgreSQL, by which a
    temporary table comes before the real one: nothing is written, and nothing locked.

    :param table: the name of the table
    :param query: SQL of its rows, with the names of its columns
    """
    with rehearsal(env):
        env.cr.execute(
            SQL("CREATE TEMPORARY TABLE %s AS %s", SQL.identifier(table), query)
        )
        yield
