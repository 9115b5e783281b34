from math import ceil

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...base.rule.conditions import LEAD_ID
from ..lead_score_event import DONE_CODES
from .lead_score_data import VERIFIED
from .lead_score_rule import ACTIVITY, BANDED, BANDS, QUALIFIER, VERIFICATION, VETO

SECONDS_A_DAY = 86_400
NO_EVENTS = SQL("SELECT 0, ''::text, now()::timestamp, 0 WHERE FALSE")


class LeadScoreModel(models.Model):
    """What each kind of rule gives, in SQL."""

    _inherit = "lead.score.model"

    @api.model
    def _compile_rule(self, rule, query):
        """Return the SQL expression of the points of a rule, a whole number."""
        if rule.kind in BANDED:
            points = self._compile_bands(rule, query)
        elif rule.kind == ACTIVITY:
            points = self._compile_activity(rule)
        else:
            domain = self._get_engine_domain(rule.conditions, rule.company_id)
            return SQL(
                "CASE WHEN %s THEN %s ELSE 0 END",
                self._compile_domain(domain, query),
                1 if rule.kind == VETO else rule.points,
            )
        if rule.company_id:
            scope = self._get_company_domain(rule.company_id)
            points = SQL(
                "CASE WHEN %s THEN %s ELSE 0 END",
                self._compile_domain(scope, query),
                points,
            )
        return points

    @api.model
    def _compile_bands(self, rule, query):
        if rule.kind == QUALIFIER:
            return self._compile_answer_bands(rule)
        whens = []
        ranges = [band for band in rule.bands if not band.is_unset]
        if rule.kind == VERIFICATION:
            share = self._sql_verified(query)
            compare = lambda low: SQL("%s >= %s", share, low)  # noqa: E731
        else:
            compare = lambda low: self._compile_domain(  # noqa: E731
                Domain(rule.field_path, ">=", self._to_border(rule, low)), query
            )
            unset = self._get_unset_domain(rule.field_path)
            whens = [
                (self._compile_domain(unset, query), band)
                for band in rule.bands
                if band.is_unset
            ]
        # the highest first, so that each range ends where the next one begins
        whens += [
            (compare(band.low), band) for band in sorted(ranges, key=lambda b: -b.low)
        ]
        lowest = min(ranges, key=lambda band: band.low, default=None)
        if lowest and lowest.and_less and rule.kind == BANDS:
            return self._compile_open_bands(rule, whens, lowest, query)
        return self._sql_case([(when, band.points) for when, band in whens])

    @api.model
    def _compile_open_bands(self, rule, whens, lowest, query):
        """Return the points of ranges of which the first has no lower end.

        They hold all numbers, 0 as well: only what is no number at all is not set.
        """
        never = self._compile_domain(self._get_null_domain(rule.field_path), query)
        unset = sum(band.points for band in rule.bands if band.is_unset)
        above = [(when, band.points) for when, band in whens if not band.is_unset]
        return self._sql_case(
            [(never, unset), *above, (SQL("TRUE"), lowest.points)],
        )

    @api.model
    def _get_null_domain(self, path):
        """Return the leads of which a number was never written: 0 is one."""
        *parents, name = path.split(".")
        domain = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IS NULL", model._field_to_sql(alias, name, query)
            )
        )
        for parent in reversed(parents):
            domain = Domain(parent, "any!", domain) | Domain(parent, "=", False)
        return domain

    @api.model
    def _get_unset_domain(self, path):
        """Return the leads without a number, or without the record that has it."""
        fnames = path.split(".")
        return Domain.OR(
            Domain(".".join(fnames[: end + 1]), "=", False)
            for end in range(len(fnames))
        )

    @api.model
    def _to_border(self, rule, low):
        """Return a border as a whole number for fields that Odoo would cut it for."""
        field = self.env["lead.score.rule"]._find_number(rule.field_path)
        return ceil(low) if field and field.type == "integer" else low

    @api.model
    def _sql_case(self, whens):
        if not whens:
            return SQL("0")
        branches = SQL(" ").join(
            SQL("WHEN %s THEN %s", condition, points) for condition, points in whens
        )
        return SQL("CASE %s ELSE 0 END", branches)

    @api.model
    def _sql_verified(self, query):
        """Return how much of what can be verified is, from 0 to 100."""
        verified = [
            SQL(
                "CASE WHEN %s THEN 1 ELSE 0 END",
                self._compile_domain(Domain(list(conditions)), query),
            )
            for conditions in VERIFIED
        ]
        return SQL("(100 * (%s) / %s)", SQL(" + ").join(verified), len(verified))

    # ------------------------------------------------------------
    # Events
    # ------------------------------------------------------------

    @api.model
    def _join_events(self, query, rules, lead_ids, events=None):
        """Join the points that events give, with what to tell of them, by rule."""
        if not rules:
            return
        codes = {code for rule in rules for code in rule.codes}
        Event = self.env["lead.score.event"]
        found = events or Event._sql_events(codes, lead_ids) or NO_EVENTS
        columns = [column for rule in rules for column in self._sql_event_columns(rule)]
        now = fields.Datetime.now()
        points = SQL(
            """(
            SELECT event.lead_id, %(columns)s
            FROM (
                SELECT found.lead_id, found.code, found.date, found.type_id,
                       floor(extract(epoch FROM %(now)s - found.date)
                             / %(day)s)::int4 AS age
                FROM (%(found)s) AS found (lead_id, code, date, type_id)
                WHERE found.date <= %(now)s AND found.date > %(since)s
            ) AS event
            GROUP BY event.lead_id
            )""",
            columns=SQL(", ").join(columns),
            found=found,
            now=SQL("%s::timestamp", now),
            since=SQL(
                "%s::timestamp",
                fields.Datetime.subtract(now, days=max(r.days for r in rules)),
            ),
            day=SECONDS_A_DAY,
        )
        query.add_join(
            "LEFT JOIN", "events", points, SQL("events.lead_id = %s", LEAD_ID)
        )

    @api.model
    def _sql_event_columns(self, rule):
        """Return the points of a rule, how often and when last: three columns.

        An event gives its points times ``0.5 ** (age / half-life)``, rounded to
        hundredths so that their sum does not depend on the order it is made in.
        """
        points = SQL("%s::numeric", rule.points)
        if rule.half_life:
            points = SQL(
                "round((%s * power(0.5::float8, event.age / %s::float8))::numeric, 2)",
                rule.points,
                rule.half_life,
            )
        counts = SQL(
            "event.code = ANY(%s) AND event.age < %s", list(rule.codes), rule.days
        )
        if rule.type_ids:
            counts = SQL(
                "%s AND (event.code != ALL(%s) OR event.type_id = ANY(%s))",
                counts,
                list(DONE_CODES),
                list(rule.type_ids),
            )
        name = f"term_{rule.id}"
        return [
            SQL(
                "sum(%s) FILTER (WHERE %s) AS %s",
                points,
                counts,
                self._sql_term(rule.id),
            ),
            SQL(
                "count(*) FILTER (WHERE %s) AS %s",
                counts,
                SQL.identifier(f"{name}_count"),
            ),
            SQL(
                "max(event.date) FILTER (WHERE %s) AS %s",
                counts,
                SQL.identifier(f"{name}_last"),
            ),
        ]

    @api.model
    def _compile_activity(self, rule):
        return SQL(
            "round(GREATEST(%s, LEAST(%s, %s)))::int4",
            -rule.max_points,
            rule.max_points,
            self._sql_joined("events", rule.id),
        )
