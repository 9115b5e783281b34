from odoo import api, models
from odoo.tools import SQL

from .lead_row_mixin import MOVE, ROW_MIXIN


class CrmLead(models.Model):
    """What belongs to leads that are merged goes with the one that stays."""

    _inherit = "crm.lead"

    @api.model
    def _merge_get_rows(self):
        """Return the models whose rows of merged leads are kept.

        Those of ``lead.row.mixin`` say so themselves; rooms add what is linked to
        leads and does not belong to them.

        :return: dict of model name to a dict of what else is written on these rows
        """
        models_ = map(self.env.get, self.pool.descendants([ROW_MIXIN], "_inherit"))
        return {
            model._name: model._merge_get_values()
            for model in models_
            if model._merge == MOVE and model._auto and not model._abstract
        }

    def _merge_dependences(self, opportunities):
        """Take along what rooms keep of the leads; ask the steps before and after."""
        for merging in self._lead_hooks("merging"):
            merging(opportunities)
        super()._merge_dependences(opportunities)
        self._merge_move_rows(opportunities)
        for merged in self._lead_hooks("merged"):
            merged(opportunities)

    def _merge_move_rows(self, opportunities):
        """Let what rooms keep of merged leads go with this one, in one statement."""
        rows = self._merge_get_rows()
        for model in rows:
            self.env[model].flush_model()
        # whoever may merge leads takes all along, whatever they may read of it
        self.env.cr.execute(
            SQL(
                "WITH %s SELECT",
                SQL(", ").join(
                    self._merge_sql_move(model, values, opportunities)
                    for model, values in rows.items()
                ),
            )
        )
        for model in rows:
            self.env[model].invalidate_model(flush=False)
            for inverse in self.pool.field_inverses[self.env[model]._fields["lead_id"]]:
                self.invalidate_model([inverse.name], flush=False)

    def _merge_sql_move(self, model, values, opportunities):
        table = self.env[model]._table
        return SQL(
            "%s AS (UPDATE %s SET %s WHERE lead_id = ANY(%s))",
            SQL.identifier(f"moved_{table}"),
            SQL.identifier(table),
            SQL(", ").join(
                SQL("%s = %s", SQL.identifier(fname), value)
                for fname, value in {"lead_id": self.id, **values}.items()
            ),
            opportunities.ids,
        )
