"""What all numbers of a report have in common: whose, of when, compared with what."""

from collections import namedtuple
from datetime import timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ....tools.periods import BEFORE, KINDS, LAST_YEAR, MONTH, Period, get_start, shift
from ...base.rpc_arguments import an_id
from .formats import Formats
from .recent import (
    CREATE_DATE,
    HISTORY,
    MONTHS,
    WEEKS,
    Recent,
)
from .stock import Stock

MINE, TEAM, ALL = "mine", "team", "all"
# By what leads are divided, in the order in which it is offered.
DIMENSIONS = (
    "source_id",
    "campaign_id",
    "medium_id",
    "segment_id",
    "team_id",
    "user_id",
    "country_id",
    "score_temperature",
)
CREATED, QUALIFIED, WON, WIN_RATE = "created", "qualified", "won", "win_rate"
METRICS = (CREATED, QUALIFIED, WON, WIN_RATE)
# After how many days leads of a cohort are looked at; 0: at the end of the period.
HORIZONS = (0, 30, 60, 90)

LOST = "lost"
OPEN = [("won_status", "=", "pending"), ("active", "=", True)]

CONTACTED_DATE = "milestone_contacted_date"
NEGOTIATION_DATE = "milestone_negotiation_date"
FIRST_TOUCH = "milestone_first_touch_date"
FIRST_REACHED = "milestone_first_reached_date"

Options = namedtuple("Options", "kind day compare scope team_id metric dimension days")
DEFAULTS = Options(MONTH, None, BEFORE, None, None, QUALIFIED, None, 0)


def read_options(env, options):
    """Return what is asked for; what no screen asks for is refused.

    :raise UserError: when an option is none
    """
    given = dict(options or {})
    fits = {
        "kind": KINDS.__contains__,
        "day": _is_day,
        "compare": (BEFORE, LAST_YEAR).__contains__,
        "scope": (MINE, TEAM, ALL).__contains__,
        "team_id": an_id,
        "metric": METRICS.__contains__,
        "dimension": DIMENSIONS.__contains__,
        "days": lambda value: type(value) is int and value in HORIZONS,
    }
    for name, value in list(given.items()):
        if value in (None, False) and name != "days":
            del given[name]
        elif name not in fits or not (
            isinstance(value, (str, int)) and fits[name](value)
        ):
            raise UserError(env._("The report cannot be shown by “%s”.", name))
    return DEFAULTS._replace(**given)


def _is_day(value):
    try:
        day = fields.Date.to_date(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return bool(day) and 1990 <= day.year <= 2200


class Frame(Formats):
    """Leads, periods and formats of one report, as one user may see it.

    ``period`` is looked at, ``before`` is what it is compared with. Both are calendar
    periods in the time zone of the company, whoever asks.
    """

    def __init__(self, env, options):
        env = env(context={**env.context, "active_test": False})
        self.env, self.options = env, options
        self.Lead = env["crm.lead"]
        self.company = env.company
        self.currency = self.company.currency_id
        # sudo: the time zone of the company is no secret
        self.zone = ZoneInfo(self.company.sudo()._get_message_zone())
        # whatever happens in this second is in
        self.now = fields.Datetime.now().replace(microsecond=0) + timedelta(seconds=1)
        day = fields.Date.to_date(options.day) if options.day else self.today
        self.period = Period.of(options.kind, day, self.zone, self.now)
        self.before = self.period.before(options.compare)
        self.scope = self._get_scope()

    @cached_property
    def stock(self):
        """Return the open leads, read once for all sections."""
        return Stock(self, OPEN)

    @cached_property
    def recent(self):
        """Return what happened lately, read once for all sections."""
        return Recent(self, self.period.history(HISTORY), self.months)

    @cached_property
    def months(self):
        """Return the last months up to the end of the period, the oldest first."""
        first = get_start(MONTH, self.period.last)
        return [
            Period(MONTH, shift(MONTH, first, -back), self.zone, self.period.until)
            for back in range(MONTHS - 1, -1, -1)
        ]

    @property
    def weeks_since(self):
        """Return since when it is looked at what hour leads come."""
        return self.period.until - timedelta(weeks=WEEKS)

    def read_shares(self):
        """Return dict of company, days, type of stage and weeks to the share won."""
        rows = self.run(
            """SELECT company_id, horizon, stage_type, weeks, share
               FROM lead_insight_rate"""
        )
        return {tuple(place): share for *place, share in rows}

    @cached_property
    def stage_types(self):
        """Return dict of stage id to its type, stages without a type left out."""
        rows = self.run("SELECT id, stage_type FROM crm_stage WHERE stage_type <> ''")
        return dict(rows)

    @property
    def today(self):
        """Return the day it is at the company."""
        return fields.Datetime.context_timestamp(
            self.Lead.with_context(tz=str(self.zone)), self.now
        ).date()

    # ------------------------------------------------------------
    # Whose leads
    # ------------------------------------------------------------

    def get_scopes(self):
        """Return whose leads the reader may look at: pairs of kind and team."""
        user = self.env.user
        none = self.env["crm.team"]
        active = [("active", "=", True)]
        if user.has_group("sales_team.group_sale_manager"):
            teams = none.search(active)
            return [(ALL, none), *((TEAM, team) for team in teams), (MINE, none)]
        if user.has_group("sales_team.group_sale_salesman_all_leads"):
            led = none.search([*active, ("user_id", "=", user.id)])
            return [*((TEAM, team) for team in led), (ALL, none), (MINE, none)]
        return [(MINE, none)]

    def _get_scope(self):
        """Return the domain of the leads that are counted.

        Who sees own leads only is shown own numbers, whatever is asked for.
        """
        scopes = self.get_scopes()
        wanted = (self.options.scope, self.options.team_id)
        kind, team = next(
            (
                (kind, team)
                for kind, team in scopes
                if wanted == (kind, team.id or None)
            ),
            scopes[0],
        )
        self.scope_kind, self.team = kind, team
        if kind == MINE:
            return Domain("user_id", "=", self.env.uid)
        if kind == TEAM:
            return Domain("team_id", "=", team.id)
        return Domain.TRUE

    def get_scope_label(self, kind, team):
        """Return what the leads of a scope are called."""
        if kind == TEAM:
            return team.name
        return self.env._("My leads") if kind == MINE else self.env._("All leads")

    # ------------------------------------------------------------
    # Which leads
    # ------------------------------------------------------------

    def within(self, fname, period):
        """Return the domain of what happened in a period."""
        return Domain(fname, ">=", str(period.since)) & Domain(
            fname, "<", str(period.until)
        )

    def until(self, fname, period):
        """Return the domain of what had happened by the end of a period."""
        return Domain(fname, "<", str(period.until))

    def not_until(self, fname, period):
        """Return the domain of what had not happened by then."""
        return Domain(fname, "=", False) | Domain(fname, ">=", str(period.until))

    def select(self, domain, fnames=(), **expressions):
        """Return the query of the leads of the scope that meet a domain.

        As the user: archived leads are in it, what record rules hide is not.

        :param fnames: names of fields that become columns, beside ``id``
        :param expressions: further columns; a function gets the query
        """
        query = self.Lead._search(Domain(domain) & self.scope)
        columns = [
            SQL(
                "%s AS %s",
                self.Lead._field_to_sql(self.Lead._table, fname, query),
                SQL.identifier(fname),
            )
            for fname in fnames
        ]
        columns += [
            SQL("%s AS %s", expression(query), SQL.identifier(name))
            for name, expression in expressions.items()
        ]
        return query.select(SQL.identifier(self.Lead._table, "id"), *columns)

    def run(self, statement, *args, **kwargs):
        """Run a statement, after all that is not written yet has been."""
        return self.env.execute_query(SQL(statement, *args, **kwargs))

    def sql_amount(self, query):
        """Return the amount of a lead in the currency of the company.

        Amounts of companies with another currency are converted at the rate of the
        last day of the period.
        """
        table = self.Lead._table
        amount = self.Lead._field_to_sql(table, "expected_revenue", query)
        return SQL("%s * %s", amount, self.sql_rate(query)) if self.rates else amount

    def sql_rate(self, query):
        """Return what an amount of a lead is multiplied by for that currency."""
        if not self.rates:
            return SQL("1")
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", company_id, rate) for company_id, rate in self.rates
        )
        company = SQL.identifier(self.Lead._table, "company_id")
        return SQL("CASE %s %s ELSE 1 END", company, cases)

    def sql_entered(self, query):
        """Return since when a lead is in its stage."""
        lead = self.Lead
        return SQL(
            "COALESCE(%s, %s)",
            lead._field_to_sql(lead._table, "date_last_stage_update", query),
            lead._field_to_sql(lead._table, CREATE_DATE, query),
        )

    @cached_property
    def rates(self):
        """Return pairs of company id and rate, of those with another currency."""
        # sudo: rates of the companies whose leads are shown
        companies = self.env.companies.sudo()
        return [
            (
                company.id,
                company.currency_id._convert(
                    1, self.currency, self.company, self.period.last, round=False
                ),
            )
            for company in companies
            if company.currency_id != self.currency
        ]

    # ------------------------------------------------------------
    # Numbers
    # ------------------------------------------------------------

    def number(self, value, domain, title, count=None, text=None, model="crm.lead"):
        """Return a number that opens exactly its records.

        :param domain: of the records; for leads the scope is added
        :param count: how many these are, where the number is not their count
        """
        domain = Domain(domain)
        if model == "crm.lead":
            domain &= self.scope
        return {
            "value": value,
            "text": self.format_count(value) if text is None else text,
            "count": value if count is None else count,
            "model": model,
            "domain": list(domain),
            "title": title,
        }

    def of_leads(self, domain):
        """Return the domain of rows that belong to leads of the scope."""
        if self.scope.is_true():
            return Domain(domain)
        return Domain(domain) & Domain("lead_id", "any", list(self.scope))
