from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.verdicts import DATA, DOUBTFUL, EMAIL, OK, PHONE, UNKNOWN, WRONG
from ..base.rule.conditions import LEAD_ID
from .constants import CHECKED_FIELDS, VERDICTS, WAITING


class LeadVerification(models.Model):
    """What the current checks of a lead say, in one row: to search, sort and score."""

    _name = "lead.verification"
    _inherit = ["lead.derived.mixin"]
    _description = "Verification of a Lead"
    _log_access = False

    state = fields.Selection(VERDICTS, required=True)
    name = fields.Selection(VERDICTS, string="Name Verified")
    email = fields.Selection(VERDICTS, string="Email Verified")
    phone = fields.Selection(VERDICTS, string="Phone Verified")
    address = fields.Selection(VERDICTS, string="Address Verified")
    vat = fields.Selection(VERDICTS, string="VAT Number Verified")
    company = fields.Selection(VERDICTS, string="Company Name Verified")
    # what the marks of the form say, as JSON: read, never searched
    marks = fields.Char(required=True)

    @api.model
    def _source_fields(self):
        return set(CHECKED_FIELDS)

    @api.model
    def _prepare_refresh(self, lead_ids, nowait):
        """Return the one statement that brings rows up to date.

        Rows that stay are not even locked, as a bare upsert would. What has expired
        says nothing any more.
        """
        query = self.env["lead.rule.mixin"]._new_lead_query(lead_ids)
        self._prepare_query(query, lead_ids, nowait)
        names = SQL(", ").join(SQL.identifier(name) for name in ("state", *DATA))
        excluded = SQL(", ").join(
            SQL.identifier("excluded", name) for name in ("state", *DATA, "marks")
        )
        return [
            # checks of new leads, which are written along
            *self.env.cr.precommit.data.pop(WAITING, ()),
            SQL(
                """
                WITH told AS MATERIALIZED (%(told)s),
                worked AS MATERIALIZED (
                    SELECT id, %(state)s AS state, %(data)s, marks FROM told
                )
                INSERT INTO lead_verification (id, lead_id, %(names)s, marks)
                SELECT worked.id, worked.id, %(worked)s
                FROM worked LEFT JOIN lead_verification before ON before.id = worked.id
                WHERE before.id IS NULL OR (%(before)s) IS DISTINCT FROM (%(worked)s)
                ON CONFLICT (id) DO UPDATE SET (%(names)s, marks) = (%(excluded)s)
                """,
                told=self._sql_results(query),
                state=self._sql_state(),
                data=SQL(", ").join(map(SQL.identifier, DATA)),
                names=names,
                worked=self._sql_columns("worked"),
                before=self._sql_columns("before"),
                excluded=excluded,
            ),
        ]

    @api.model
    def _sql_columns(self, table):
        return SQL(", ").join(
            SQL.identifier(table, name) for name in ("state", *DATA, "marks")
        )

    @api.model
    def _sql_results(self, query):
        """Return what the current checks say, a row a lead."""
        now = fields.Datetime.now()
        verdicts = SQL(", ").join(
            SQL(
                "max(CASE WHEN checked.expiry <= %s THEN %s ELSE checked.verdict END)"
                " FILTER (WHERE checked.datum = %s) AS %s",
                now,
                UNKNOWN,
                datum,
                SQL.identifier(datum),
            )
            for datum in DATA
        )
        marks = SQL(
            """COALESCE(json_object_agg(checked.datum, json_build_array(
                checked.verdict, checked.level, checked.reason, checked.offer,
                left(checked.fingerprint, 12), checked.date, checked.expiry,
                checked.source, checked.provider
            ) ORDER BY checked.datum) FILTER (WHERE checked.id IS NOT NULL),
            '{}'::json)::text"""
        )
        return SQL(
            """
            SELECT one.id, %s, %s AS marks
            FROM (%s) AS one
            LEFT JOIN lead_check checked
                ON checked.lead_id = one.id AND checked.is_current
            GROUP BY one.id
            """,
            verdicts,
            marks,
            query.select(SQL("%s AS id", LEAD_ID)),
        )

    @api.model
    def _sql_state(self):
        """Return the verdict on the lead: the worst that matters.

        A lead that cannot be reached is wrong; whatever else is not right makes it
        doubtful; and one way to reach it that is right makes it fine.
        """
        ways = [SQL.identifier(datum) for datum in (EMAIL, PHONE)]
        every = [SQL.identifier(datum) for datum in DATA]
        return SQL(
            "CASE WHEN %s IN (%s) THEN %s WHEN %s IN (%s) OR %s IN (%s) THEN %s"
            " WHEN %s IN (%s) THEN %s ELSE %s END",
            *(WRONG, SQL(", ").join(ways), WRONG),
            *(WRONG, SQL(", ").join(every), DOUBTFUL, SQL(", ").join(every), DOUBTFUL),
            *(OK, SQL(", ").join(ways), OK, UNKNOWN),
        )
