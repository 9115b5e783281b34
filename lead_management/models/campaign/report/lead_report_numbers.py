from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ....tools.chance import get_spread, get_verdict, p_counts
from ...assignment.sla.lead_sla_clock import KEPT, MISSED

CREATED, QUALIFIED, WON = "created", "qualified", "won"
RESPONSE, TARGETS, HOT = "response", "targets", "hot"
EVENTS = {
    CREATED: "create_date",
    QUALIFIED: "milestone_qualified_date",
    WON: "milestone_won_date",
}
FIRST_TOUCH = "milestone_first_touch_date"
LEAD, CLOCK = "crm.lead", "lead.sla.clock"
# How many like periods before tell how much a number varies.
HISTORY = 12
# Hot leads are waiting after so many days without contact.
WAITING_DAYS = 2
SOURCES_SHOWN = 6
# Of a transaction that sends many: what was asked already in this run of the sender.
ANSWERS = "lead_management.report_answers"


class LeadReportSubscription(models.Model):
    """The numbers of a report, each the count of records of a domain."""

    _inherit = "lead.report.subscription"

    def _get_labels(self):
        """Return what the numbers are called."""
        return {
            CREATED: self.env._("Leads created"),
            QUALIFIED: self.env._("Qualified"),
            WON: self.env._("Won"),
            RESPONSE: self.env._("First response, median"),
            TARGETS: self.env._("Response targets met"),
            HOT: self.env._("Hot leads without contact"),
        }

    def _get_domains(self, period):
        """Return the model and the domain of the records behind each number."""
        scope = self._get_scope_domain()
        # of this minute: those who are mailed in it and see the same share the answer
        now = fields.Datetime.now().replace(second=0, microsecond=0)
        late = now - timedelta(days=WAITING_DAYS)
        domains = {
            name: (LEAD, scope & self._within(fname, period))
            for name, fname in EVENTS.items()
        }
        domains[RESPONSE] = (
            LEAD,
            scope
            & self._within("create_date", period)
            & Domain(FIRST_TOUCH, "<", str(period.until)),
        )
        domains[TARGETS] = (
            CLOCK,
            self._within("date_due", period)
            & Domain("state", "in", (KEPT, MISSED))
            & Domain("lead_id", "any", scope),
        )
        domains[HOT] = (
            LEAD,
            scope
            & Domain("won_status", "=", "pending")
            & Domain("active", "=", True)
            & Domain("score_temperature", "=", "hot")
            & Domain("insight_filter", "=", f"idle:{late:%Y-%m-%dT%H:%M:%S}"),
        )
        return domains

    def _within(self, fname, period):
        return Domain(fname, ">=", str(period.since)) & Domain(
            fname, "<", str(period.until)
        )

    # ------------------------------------------------------------
    # Numbers
    # ------------------------------------------------------------

    def _collect(self, period):
        """Return the numbers of a period and of the one before, as whoever asks.

        :return: dict of key to a dict with ``value``, ``before`` and ``verdict``;
            ``sources`` is a list of dicts with name, created and qualified
        """
        self = self.with_context(active_test=False)
        before = period.before()
        counts, sources = self._count_events(period)
        numbers = {
            name: self._compare(found[HISTORY + 1], found[1 : HISTORY + 1])
            for name, found in counts.items()
        }
        numbers[RESPONSE] = self._measure_response(period, before)
        numbers[TARGETS] = self._count_kept(period, before)
        hot = self._select(*self._get_domains(period)[HOT], "id")
        [(waiting,)] = self._ask(SQL("SELECT COUNT(*) FROM (%s) AS lead", hot))
        numbers[HOT] = {"value": waiting}
        numbers["sources"] = self._name_sources(sources)
        return numbers

    def _ask(self, statement):
        """Return the rows of a statement; in a run of the sender it is asked once.

        Its text holds the rules of who asks. Only recipients of the same rights and
        leads make the same text, and get the same numbers.
        """
        answers = self.env.cr.cache.get(ANSWERS)
        if answers is None:
            return self.env.execute_query(statement)
        key = statement.code, repr(statement.params)
        if key not in answers:
            answers[key] = self.env.execute_query(statement)
        return answers[key]

    def _select(self, model, domain, *columns):
        """Return the query of the records behind a number, as whoever asks.

        :param columns: names of fields
        """
        Model = self.env[model]
        query = Model._search(domain)
        return query.select(
            *(
                SQL(
                    "%s AS %s",
                    Model._field_to_sql(Model._table, column, query),
                    SQL.identifier(column),
                )
                for column in columns
            )
        )

    def _count_events(self, period):
        """Count what happened in the period, and in twelve before it: one statement.

        :return: dict of name to the counts of all periods, dict of source to a dict of
            name to the count of the period
        """
        past = period.history(HISTORY)
        bounds = [*(one.since for one in past), period.since]
        scope = self._get_scope_domain()
        events = SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s::text AS name, %s AS moment, source_id FROM (%s) AS lead",
                name,
                SQL.identifier(fname),
                self._select(
                    LEAD,
                    scope
                    & Domain(fname, ">=", str(bounds[0]))
                    & Domain(fname, "<", str(period.until)),
                    fname,
                    "source_id",
                ),
            )
            for name, fname in EVENTS.items()
        )
        rows = self._ask(
            SQL(
                """
                SELECT name, width_bucket(moment, %s::timestamp[]),
                       CASE WHEN moment >= %s THEN source_id END, COUNT(*)
                  FROM (%s) AS event GROUP BY 1, 2, 3
                """,
                bounds,
                period.since,
                events,
            )
        )
        counts = {name: [0] * (HISTORY + 2) for name in EVENTS}
        sources = {}
        for name, bucket, source_id, count in rows:
            counts[name][bucket] += count
            if bucket == HISTORY + 1 and name != WON:
                found = sources.setdefault(source_id, {CREATED: 0, QUALIFIED: 0})
                found[name] = count
        return counts, sources

    def _compare(self, value, history):
        before = history[-1]
        # empty ones at the beginning: the database was not there yet
        first = next((at for at, count in enumerate(history) if count), len(history))
        p = p_counts(value, before, spread=get_spread(history[first:]))
        return {
            "value": value,
            "before": before,
            "verdict": get_verdict(p, value, before),
        }

    def _measure_response(self, period, before):
        """Return the median seconds from creation to the first touch."""
        domains = [self._get_domains(one)[RESPONSE][1] for one in (period, before)]
        rows = self._ask(
            SQL(
                """
                SELECT create_date >= %s, percentile_cont(0.5) WITHIN GROUP (
                           ORDER BY GREATEST(0, EXTRACT(EPOCH FROM %s - create_date)))
                  FROM (%s) AS lead GROUP BY 1
                """,
                period.since,
                SQL.identifier(FIRST_TOUCH),
                self._select(LEAD, Domain.OR(domains), FIRST_TOUCH, "create_date"),
            )
        )
        medians = {is_now: float(median) for is_now, median in rows}
        return {
            "value": medians.get(True),
            "before": medians.get(False),
            "verdict": None,
        }

    def _count_kept(self, period, before):
        """Return the shares of promises that were kept."""
        domains = [self._get_domains(one)[TARGETS][1] for one in (period, before)]
        rows = self._ask(
            SQL(
                """
                SELECT date_due >= %s, avg((state = %s)::int)
                  FROM (%s) AS clock GROUP BY 1
                """,
                period.since,
                KEPT,
                self._select(CLOCK, Domain.OR(domains), "date_due", "state"),
            )
        )
        shares = {is_now: float(share) for is_now, share in rows}
        return {"value": shares.get(True), "before": shares.get(False), "verdict": None}

    def _name_sources(self, counts):
        """Return leads created and qualified in the period by source, most first."""
        # sudo: the name of the source of leads the recipient sees
        sources = self.env["utm.source"].sudo().browse(filter(None, counts))
        names = {source.id: source.display_name for source in sources}
        rows = [
            {"name": names.get(key) or self.env._("No source"), **found}
            for key, found in counts.items()
        ]
        return sorted(rows, key=lambda row: (-row[CREATED], row["name"]))
