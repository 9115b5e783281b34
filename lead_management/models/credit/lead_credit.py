from odoo import api, fields, models
from odoo.tools import SQL

from ..base.rule.conditions import LEAD_ID
from .constants import BANDS, DONE, STATES

COLUMNS = ("band", "until", "state", "check_id")


class LeadCredit(models.Model):
    """The credit of a lead in one row: the result that is valid, and the last state."""

    _name = "lead.credit"
    _inherit = ["lead.derived.mixin"]
    _description = "Credit of a Lead"
    _log_access = False

    band = fields.Selection(BANDS)
    until = fields.Date()
    state = fields.Selection(STATES)
    check_id = fields.Many2one("lead.credit.check", ondelete="set null", index=True)

    @api.model
    def _find_new(self, leads):
        return leads.browse()

    @api.model
    def _prepare_refresh(self, lead_ids, nowait):
        """Return the one statement that brings rows up to date."""
        query = self.env["lead.rule.mixin"]._new_lead_query(lead_ids)
        self._prepare_query(query, lead_ids, nowait)
        names = SQL(", ").join(map(SQL.identifier, COLUMNS))
        worked, before, excluded = (
            SQL(", ").join(SQL.identifier(table, name) for name in COLUMNS)
            for table in ("worked", "before", "excluded")
        )
        return [
            SQL(
                """
                WITH worked AS MATERIALIZED (
                    SELECT one.id, valid.band, valid.valid_until AS until, last.state,
                           COALESCE(valid.id, last.id) AS check_id
                    FROM (%(leads)s) AS one
                    LEFT JOIN LATERAL (
                        SELECT id, state FROM lead_credit_check
                        WHERE lead_id = one.id ORDER BY id DESC LIMIT 1
                    ) last ON TRUE
                    LEFT JOIN LATERAL (
                        SELECT id, band, valid_until FROM lead_credit_check
                        WHERE lead_id = one.id AND state = %(done)s
                          AND valid_until >= %(today)s
                        ORDER BY id DESC LIMIT 1
                    ) valid ON TRUE
                )
                INSERT INTO lead_credit (id, lead_id, %(names)s)
                SELECT worked.id, worked.id, %(worked)s
                FROM worked LEFT JOIN lead_credit before ON before.id = worked.id
                WHERE CASE WHEN before.id IS NULL THEN worked.check_id IS NOT NULL
                      ELSE (%(before)s) IS DISTINCT FROM (%(worked)s) END
                ON CONFLICT (id) DO UPDATE SET (%(names)s) = (%(excluded)s)
                """,
                leads=query.select(SQL("%s AS id", LEAD_ID)),
                done=DONE,
                today=fields.Date.context_today(self),
                names=names,
                worked=worked,
                before=before,
                excluded=excluded,
            )
        ]
