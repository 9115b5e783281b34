from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ..lead_row_mixin import DROP

# From this many leads on PostgreSQL would compile the statement, which costs more than
# it saves.
COMPILED_FROM = 1_000


class LeadDerivedMixin(models.AbstractModel):
    """What is worked out of the leads, in a narrow table of its own, one row a lead.

    A full refresh rewrites rows here, not in the heavily indexed ``crm_lead``: it is
    faster by an order of magnitude and never collides with somebody who edits a lead.
    Only :meth:`_refresh` writes; everybody reads through the fields of ``crm.lead``.
    The id of a row is the id of its lead, so that an upsert consumes no sequence.

    A model that inherits it is named in ``crm.lead._derived_models()``, its columns in
    ``crm.lead._derived_columns()``.
    """

    _name = "lead.derived.mixin"
    _inherit = ["lead.row.mixin"]
    _description = "Computed Lead Data"
    _merge = DROP
    _reports_changes = False
    #: Columns whose highest values are found by an index, that begins with the column
    #: descending. A lead without a row has the least value of such a column.
    _indexed = ()

    lead_id = fields.Many2one(index=False)

    _lead_uniq = models.Constraint(
        "UNIQUE(lead_id)", "A lead can have only one such record."
    )

    @api.model
    def _personal_fields(self):
        # worked out anew of what is left of the lead
        return ()

    @api.model
    def _find_new(self, leads):
        """Return which of these new leads have a row from the beginning."""
        return leads

    @api.model
    def _refresh(self, lead_ids=None, nowait=False):
        """Bring the rows of leads up to date, in a constant number of statements.

        Rows that would not change are not written.

        :param lead_ids: ids of leads, or None for all of them, archived ones included
        :param nowait: whether to give up at once when somebody else writes such a row
        :raise psycopg2.errors.LockNotAvailable, SerializationFailure: when given up
        """
        self._refresh_tables([(self, lead_ids)], nowait)

    @api.model
    def _refresh_tables(self, tables, nowait=False):
        """Bring several tables up to date, one after the other but in one round trip.

        :param tables: list of pairs (model, lead ids or None)
        :param nowait: as of :meth:`_refresh`
        """
        statements = []
        for table, lead_ids in tables:
            statements += table._prepare_refresh(lead_ids, nowait)
            if table._reports_changes:
                table._refreshed(lead_ids, self._execute(statements))
                statements = []
        if statements:
            self._execute(statements)

    @api.model
    def _prepare_refresh(self, lead_ids, nowait):
        """Return the statements of a refresh, as of :meth:`_refresh`."""
        raise NotImplementedError

    @api.model
    def _refreshed(self, lead_ids, rows):
        """Act on what the last statement of a refresh returned.

        Called where ``_reports_changes`` says so.
        """

    @api.model
    def _prepare_query(self, query, lead_ids, nowait):
        """Prepare a query on leads that rows are worked out of."""
        if lead_ids is None or len(lead_ids) > COMPILED_FROM:
            self.env.cr.execute("SET LOCAL jit = off")
        if nowait:
            # no part of it depends on a lead: PostgreSQL takes the locks first
            query.add_where(
                SQL(
                    """
                    (SELECT count(*) FROM (
                        SELECT 1 FROM %s WHERE id = ANY(%s)
                        FOR NO KEY UPDATE NOWAIT
                    ) AS locked) >= 0
                    """,
                    SQL.identifier(self._table),
                    list(lead_ids),
                )
            )

    @api.model
    def _lock(self, lead_ids, wait):
        """Lock the rows of leads, and return the leads nobody else works on.

        :param wait: whether to wait for those of others, instead of leaving them out
        """
        clause = SQL("" if wait else "SKIP LOCKED")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lead.id
                FROM crm_lead lead LEFT JOIN %(table)s AS own ON own.id = lead.id
                WHERE lead.id = ANY(%(ids)s) AND (own.id IS NULL OR own.id IN (
                    SELECT id FROM %(table)s WHERE id = ANY(%(ids)s)
                    ORDER BY id FOR NO KEY UPDATE %(clause)s
                ))
                """,
                table=SQL.identifier(self._table),
                ids=list(lead_ids),
                clause=clause,
            )
        )
        return [lead_id for (lead_id,) in rows]

    @api.model
    def _execute(self, statements):
        """Run statements that may find their rows locked, which is no error to log.

        :return: the rows of the last one
        """
        statement = SQL("; ").join(statements)
        self.env.flush_query(statement)
        self.env.cr.execute(statement, log_exceptions=False)
        return self.env.cr.fetchall() if self.env.cr.description else []

    @api.model
    def _drop_failing(self, lead_ids):
        """Switch off the rules whose SQL fails on some of these leads.

        :param lead_ids: ids of leads, or None for all of them
        :return: whether there were any
        """
        return False

    @api.model
    def _source_fields(self):
        """Return the names of the fields of a lead that the rows are worked out of."""
        return set()

    @api.model
    @ormcache("kept")
    def _trigger_fields(self, kept=frozenset()):
        """Return the names of the fields whose change may change a row.

        These are the source fields and those they are computed from. A source that is
        a column of an earlier table stands for the triggers of that table.

        :param kept: names of fields that do not change, whatever they are computed from
        """
        CrmLead = self.env["crm.lead"]
        columns = CrmLead._derived_columns()
        triggers = set()
        todo = list(self._source_fields())
        while todo:
            fname = todo.pop()
            if fname in triggers or fname in kept or fname not in CrmLead._fields:
                continue
            triggers.add(fname)
            if fname in columns and columns[fname].model != self._name:
                todo.extend(self.env[columns[fname].model]._trigger_fields(kept))
            depends = self.pool.field_depends.get(CrmLead._fields[fname], ())
            todo.extend(path.split(".")[0] for path in depends)
        return frozenset(triggers)
