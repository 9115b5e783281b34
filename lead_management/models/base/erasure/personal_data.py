from odoo import api, models
from odoo.tools import SQL


class Base(models.AbstractModel):
    """Which columns of a model hold what is known of a person, or what people wrote."""

    _inherit = "base"

    @api.model
    def _personal_fields(self):
        """Return the names of the columns that are emptied when a person is erased.

        Rooms declare those of their models here. Keys, dates, stages and amounts are
        none: numbers stay true.
        """
        return ()

    @api.model
    def _sql_erase(self, where, **values):
        """Return a statement that empties the personal columns of some rows.

        :param where: an ``SQL`` condition on the table
        :param values: what is written into single columns instead
        """
        columns = {
            name: "" if self._fields[name].required else None
            for name in self._personal_fields()
            if name in self._fields and self._fields[name].column_type
            if self._fields[name].store
        }
        return SQL(
            "UPDATE %s SET %s WHERE %s",
            SQL.identifier(self._table),
            SQL(", ").join(
                SQL("%s = %s", SQL.identifier(name), value)
                for name, value in {**columns, **values}.items()
            ),
            where,
        )
