import hashlib
import json

from odoo.tools import SQL


class Recording:
    """What leads, and what belongs to them, are like before and after a change.

    As plain rows of the database, read in a constant number of statements: what a
    change wrote and what followed from it are told by comparing them.
    """

    def __init__(self, leads):
        self.env = leads.env
        self.lead_ids = leads.ids
        self.tables = leads._get_undo_tables()
        self.before = read_rows(self.env, self.tables)
        self.appended = leads._get_undo_appended()
        self.marks = self._read_marks()
        self.watched = {}  # other records that may change: ids by table
        self.created = {}  # and that were created: ids by model
        self.changes = {}

    def watch(self, records):
        """Keep what other records are like that are about to be changed."""
        table = records._table
        known = self.watched.setdefault(table, [])
        new = [id_ for id_ in records.ids if id_ not in known]
        if not new or table in self.tables:
            return
        condition = SQL("id = ANY(%s)", new)
        rows = read_rows(self.env, {table: condition})[table]
        self.before.setdefault(table, {}).update(rows)
        known += new

    def finish(self):
        """Work out what has changed since the start."""
        watched = {
            table: SQL("id = ANY(%s)", ids)
            for table, ids in self.watched.items()
            if ids
        }
        after = read_rows(self.env, self.tables | watched)
        changes = {table: compare(self.before[table], after[table]) for table in after}
        self.changes = {
            "leads": self.lead_ids,
            "rows": {table: found for table, found in changes.items() if found},
            "added": self._read_added(),
            "created": self.created,
        }

    def _read_marks(self):
        """Return the last id of each table to which rows are only added."""
        rows = self.env.execute_query(
            SQL(" UNION ALL ").join(
                SQL("SELECT %s, max(id) FROM %s", table, SQL.identifier(table))
                for table in self.appended
            )
        )
        return {table: mark or 0 for table, mark in rows}

    def _read_added(self):
        """Return the ids of rows that were added, by table."""
        rows = self.env.execute_query(
            SQL(" UNION ALL ").join(
                SQL(
                    "SELECT %s, array_agg(id) FROM %s AS found WHERE id > %s AND %s",
                    table,
                    SQL.identifier(table),
                    self.marks[table],
                    condition,
                )
                for table, condition in self.appended.items()
            )
        )
        return {table: ids for table, ids in rows if ids}


def read_rows(env, tables):
    """Return the rows of tables, in one statement.

    :param tables: dict of table to a condition on ``found``
    :return: dict of table to a dict of key to row
    """
    env.flush_all()
    rows = env.execute_query(
        SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s, to_jsonb(found) FROM %s AS found WHERE %s",
                table,
                SQL.identifier(table),
                condition,
            )
            for table, condition in tables.items()
        )
    )
    found = {table: {} for table in tables}
    for table, row in rows:
        found[table][get_key(row)] = row
    return found


def get_key(row):
    """Return what tells a row from others of its table, a text.

    >>> get_key({"id": 3, "name": "x"}), get_key({"activity": 1, "attachment": 2})
    ('3', '1,2')
    """
    return str(row["id"]) if "id" in row else ",".join(map(str, row.values()))


def get_seal(row):
    """Return a short text that differs as soon as the row does."""
    text = json.dumps(row, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def compare(before, after):
    """Return what makes the rows after those before; empty where nothing does.

    >>> changes = compare(
    ...     {"1": {"id": 1, "a": 1, "b": 2}, "2": {"id": 2, "a": 0, "b": 0}},
    ...     {"1": {"id": 1, "a": 5, "b": 2}, "3": {"id": 3, "a": 0, "b": 0}},
    ... )
    >>> changes["deleted"], changes["changed"], list(changes["seals"])
    ([{'id': 2, 'a': 0, 'b': 0}], [{'id': 1, 'a': 1}], ['1', '3'])
    >>> compare({"1": {"id": 1}}, {"1": {"id": 1}})
    {}
    """
    changed = {key for key in before if key in after and before[key] != after[key]}
    columns = {
        column
        for key in changed
        for column, value in before[key].items()
        if value != after[key][column]
    }
    touched = changed | (after.keys() - before.keys())
    deleted = [row for key, row in before.items() if key not in after]
    if not touched and not deleted:
        return {}
    return {
        "deleted": deleted,
        "changed": [
            {
                column: value
                for column, value in before[key].items()
                if column == "id" or column in columns
            }
            for key in before
            if key in changed
        ],
        "seals": {key: get_seal(row) for key, row in after.items() if key in touched},
    }
