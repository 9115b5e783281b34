import json

from psycopg2 import IntegrityError

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...base.apart import attempt
from ..stage.crm_lead_stage_status import STAGE_STATUS_FIELDS, Turn


class LeadUndo(models.TransientModel):
    """Putting rows back.

    By SQL: nothing is to happen to the leads, it is to have not happened. What Odoo's
    prediction learned is forgotten, and what is worked out of the leads follows.
    """

    _inherit = "lead.undo"

    def _restore(self, leads, now):
        """Put everything back.

        :param leads: all of them, as superuser
        :param now: what the changed rows are now, as of :meth:`_read_now`
        """
        with leads._undo_counting_activities(), leads._learning(self._get_turns(leads)):
            self.env.flush_all()  # what the prediction forgot
            self._remove_added()
            for table in self._get_tables(leads):
                self._put_back(table, now.get(table, {}))
            self.env.invalidate_all(flush=False)
        self._remove_created()
        leads._recompute_dependents()
        leads._derived_mark_by(STAGE_STATUS_FIELDS)

    def _get_turns(self, leads):
        """Return the leads whose status changes back."""
        changes = self.changes["rows"].get(leads._table, {}).get("changed", [])
        before = {
            row["id"]: row["won_status"] for row in changes if "won_status" in row
        }
        return [
            Turn(now, then, None, group.ids)
            for (now, then), group in leads.grouped(
                lambda lead: (lead.won_status, before.get(lead.id, lead.won_status))
            ).items()
            if now != then
        ]

    def _get_tables(self, leads):
        """Return the tables with changes, those that others refer to first."""
        order = [*leads._get_undo_tables()]
        changed = self.changes["rows"]
        return [
            *(table for table in order if table in changed),
            *(table for table in changed if table not in order),
        ]

    def _remove_added(self):
        for table, ids in self.changes["added"].items():
            self._delete(table, ids)

    def _put_back(self, table, now):
        """Put back the rows of a table, but for those that somebody changed since."""
        changes = self.changes["rows"][table]
        changed = {str(row["id"]): row for row in changes["changed"]}
        self._delete(table, [int(key) for key in changes["seals"].keys() - changed])
        self._insert(table, changes["deleted"])
        as_left = [
            row for key, row in changed.items() if self._is_as_left(table, key, now)
        ]
        self._update(table, as_left)

    def _delete(self, table, ids):
        if ids:
            self.env.cr.execute(
                SQL("DELETE FROM %s WHERE id = ANY(%s)", SQL.identifier(table), ids)
            )

    def _insert(self, table, rows):
        """Insert rows again; one that has only gone elsewhere comes back."""
        if not rows:
            return
        names = [SQL.identifier(name) for name in rows[0]]
        action = SQL("DO NOTHING")
        if "id" in rows[0]:
            action = SQL(
                "(id) DO UPDATE SET %s",
                SQL(", ").join(SQL("%s = EXCLUDED.%s", name, name) for name in names),
            )
        self.env.cr.execute(
            SQL(
                "INSERT INTO %(table)s (%(names)s) SELECT %(names)s"
                " FROM jsonb_populate_recordset(NULL::%(table)s, %(rows)s)"
                " ON CONFLICT %(action)s",
                table=SQL.identifier(table),
                names=SQL(", ").join(names),
                rows=json.dumps(rows),
                action=action,
            )
        )

    def _update(self, table, rows):
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s SET %(values)s"
                " FROM jsonb_populate_recordset(NULL::%(table)s, %(rows)s) AS before"
                " WHERE %(table)s.id = before.id",
                table=SQL.identifier(table),
                values=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), SQL.identifier("before", name))
                    for name in rows[0]
                    if name != "id"
                ),
                rows=json.dumps(rows),
            )
        )

    def _remove_created(self):
        """Remove what was created, unless somebody uses it by now."""
        for model, ids in self.changes["created"].items():
            records = self.env[model].browse(ids).exists()
            if not self._try_unlink(records):
                for record in records:
                    self._try_unlink(record)

    def _try_unlink(self, records):
        try:
            with attempt(self.env):
                records.unlink()
        except (IntegrityError, UserError):
            return False
        return True
