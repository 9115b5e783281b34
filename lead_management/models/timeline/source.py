"""Where the story of a lead is read from: one class for each kind of record.

A room that keeps something of a lead adds a :class:`Source`; nothing is copied. What a
source does not say has a default, so that most are a table, a date and a kind.
"""

from odoo.tools import SQL

from ..base.plugins import Registry

# Which source a row is from: ids of the story are ``id of the record * SOURCES_MAX +
# number``. A number belongs to a source for good.
SOURCES_MAX = 64
IN, OUT, UP, DOWN = "in", "out", "up", "down"

SOURCES = Registry("number")

# What each row says, as the statement of every source has it, by its type.
COLUMNS = {
    "lead_id": "integer",
    "date": "timestamp",
    "recorded_date": "timestamp",
    "kind": "text",
    "direction": "text",
    "user_id": "integer",
    "author_id": "integer",
}
# The colleague whose contact wrote something.
COLLEAGUE = SQL(
    "(SELECT min(colleague.id) FROM res_users colleague"
    " WHERE colleague.partner_id = message.author_id"
    " AND colleague.share IS NOT TRUE)"
)


class Source:
    """Records of one model that belong to the story of a lead."""

    #: Below ``SOURCES_MAX``; never given to another source.
    number = None
    #: The model of the records, which may be that of an app that is not installed.
    model = None
    #: How the table of the model is called in the statement.
    alias = "source"

    @classmethod
    def get_columns(cls, env):
        """Return the SQL of the columns, by name; those left out are empty."""
        raise NotImplementedError

    @classmethod
    def get_from(cls, env):
        """Return what the records are read from."""
        return SQL(
            "%s AS %s",
            SQL.identifier(env[cls.model]._table),
            SQL.identifier(cls.alias),
        )

    @classmethod
    def get_where(cls, env):
        """Return which records belong to the story of their lead."""
        return SQL("TRUE")

    @classmethod
    def describe(cls, records, reader):
        """Return what is told of records, in the language of the reader.

        :param records: records of the model in the environment of the reader, but with
            all rights: whoever may read a lead may read its rows. What a reader may not
            see of one, the source leaves out
        :param reader: an environment with the rights of the reader
        :return: dict of record id to a dict with ``text``, and maybe ``quote`` (what
            somebody wrote), ``note`` (said beside), ``before`` and ``after`` (of a
            move), ``who`` (the name of who is no user), ``url``, ``hidden`` (what
            the reader may not see, in words)
        """
        return {record.id: {"text": record.display_name} for record in records}

    @classmethod
    def get_messages(cls, records):
        """Return the messages of the chatter that telling of records takes."""
        return records.env["mail.message"]

    @classmethod
    def get_labels(cls, records, fname):
        """Return the labels of a selection by value, in the language of the records."""
        return dict(records._fields[fname]._description_selection(records.env))

    @classmethod
    def select(cls, env, ids=None):
        """Return the statement of this source.

        :param ids: only these records, or None for all
        """
        own = SQL.identifier(cls.alias, "id")
        columns = cls.get_columns(env)
        columns.setdefault("recorded_date", columns["date"])
        where = cls.get_where(env)
        if ids is not None:
            where = SQL("(%s) AND %s = ANY(%s)", where, own, list(ids))
        return SQL(
            "SELECT %s::bigint * %s + %s AS id, %s AS res_id, %s FROM %s WHERE %s",
            own,
            SOURCES_MAX,
            cls.number,
            own,
            SQL(", ").join(
                SQL(
                    "(%s)::%s AS %s",
                    columns.get(name, SQL("NULL")),
                    SQL(type_),
                    SQL.identifier(name),
                )
                for name, type_ in COLUMNS.items()
            ),
            cls.get_from(env),
            where,
        )


def select_all(env, timeline_ids=None):
    """Return the statement of the whole story, of all sources that are installed.

    :param timeline_ids: ids of the story to read, or None for all. A computed id has no
        index, so each source is asked for its own records, or not at all
    """
    branches = [
        SQL(
            "SELECT 0::bigint AS id, 0 AS res_id, %s WHERE FALSE",
            SQL(", ").join(
                SQL("NULL::%s AS %s", SQL(type_), SQL.identifier(name))
                for name, type_ in COLUMNS.items()
            ),
        )
    ]
    for source in SOURCES:
        if source.model not in env:
            continue
        ids = None
        if timeline_ids is not None:
            ids = [
                number // SOURCES_MAX
                for number in timeline_ids
                if number % SOURCES_MAX == source.number
            ]
            if not ids:
                continue
        branches.append(source.select(env, ids))
    return SQL(" UNION ALL ").join(branches)


def get_source(timeline_id):
    """Return the source that a row of the story is from, or None."""
    return SOURCES.get(timeline_id % SOURCES_MAX)
