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
        late = fields.Datetime.now() - timedelta(days=WAITING_DAYS)
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
        numbers = self._count_events(period)
        numbers[RESPONSE] = self._measure_response(period, before)
        numbers[TARGETS] = self._count_kept(period, before)
        model, domain = self._get_domains(period)[HOT]
        numbers[HOT] = {"value": self.env[model].search_count(domain)}
        numbers["sources"] = self._count_sources(period)
        return numbers

    def _select(self, domain, fname):
        """Return the query of one column of leads, as whoever asks."""
        Lead = self.env[LEAD]
        query = Lead._search(domain, order="id")
        return query.select(
            SQL("%s AS moment", Lead._field_to_sql(Lead._table, fname, query)),
            SQL("%s AS create_date", SQL.identifier(Lead._table, "create_date")),
        )

    def _count_events(self, period):
        """Count what happened in the period, and in twelve before it: one statement."""
        past = period.history(HISTORY)
        bounds = [*(one.since for one in past), period.since]
        scope = self._get_scope_domain()
        events = SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s::text AS name, moment FROM (%s) AS lead",
                name,
                self._select(
                    scope
                    & Domain(fname, ">=", str(bounds[0]))
                    & Domain(fname, "<", str(period.until)),
                    fname,
                ),
            )
            for name, fname in EVENTS.items()
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT name, width_bucket(moment, %s::timestamp[]), COUNT(*)"
                " FROM (%s) AS event GROUP BY 1, 2",
                bounds,
                events,
            )
        )
        counts = {name: [0] * (HISTORY + 2) for name in EVENTS}
        for name, bucket, count in rows:
            counts[name][bucket] += count
        return {
            name: self._compare(found[HISTORY + 1], found[1 : HISTORY + 1])
            for name, found in counts.items()
        }

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
        values = []
        for one in (period, before):
            _model, domain = self._get_domains(one)[RESPONSE]
            [(median, count)] = self.env.execute_query(
                SQL(
                    """
                    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY GREATEST(
                               0, EXTRACT(EPOCH FROM moment - create_date))),
                           COUNT(*)
                      FROM (%s) AS lead
                    """,
                    self._select(domain, FIRST_TOUCH),
                )
            )
            values.append(float(median) if count else None)
        return {"value": values[0], "before": values[1], "verdict": None}

    def _count_kept(self, period, before):
        """Return the shares of promises that were kept."""
        shares = []
        for one in (period, before):
            model, domain = self._get_domains(one)[TARGETS]
            counts = dict(self.env[model]._read_group(domain, ["state"], ["__count"]))
            total = sum(counts.values())
            shares.append(counts.get(KEPT, 0) / total if total else None)
        return {"value": shares[0], "before": shares[1], "verdict": None}

    def _count_sources(self, period):
        """Return leads created and qualified in the period by source, most first."""
        domains = self._get_domains(period)
        found = {}
        for name in (CREATED, QUALIFIED):
            model, domain = domains[name]
            for source, count in self.env[model]._read_group(
                domain, ["source_id"], ["__count"]
            ):
                found.setdefault(source, {CREATED: 0, QUALIFIED: 0})[name] = count
        rows = [
            {"name": source.display_name or self.env._("No source"), **counts}
            for source, counts in found.items()
        ]
        return sorted(rows, key=lambda row: (-row[CREATED], row["name"]))
