"""How far people, teams and the company are with what they are to reach."""

from datetime import timedelta

from odoo.fields import Domain
from odoo.tools import SQL

from .....tools.periods import MONTH, Period, get_start
from ...forecast.lead_insight_rate import HORIZONS, OLDEST
from ...forecast.lead_insight_target import CREATED, QUALIFIED, WON, WON_AMOUNT
from ..frame import MINE, OPEN, TEAM
from ..picture import bars
from ..recent import CREATE_DATE, QUALIFIED_DATE, WON_DATE
from ..section import SECTIONS, Section, table

DATES = {
    WON: WON_DATE,
    WON_AMOUNT: WON_DATE,
    QUALIFIED: QUALIFIED_DATE,
    CREATED: CREATE_DATE,
}


@SECTIONS.add
class Targets(Section):
    """Reached so far of what is to be reached in the months of the period."""

    key = "targets"

    def get_title(self):
        return self.env._("Targets")

    def get_help(self):
        return self.env._(
            "Targets of the months the period is in, whole months, and what was "
            "reached of them up to the end of the period: leads of the salesperson, "
            "the team or the company, by the date of the event. Still expected: what "
            "the forecast says of today's open leads until the end of the months; "
            "leads that are yet to come are not in it."
        )

    def is_shown(self):
        return bool(self._get_targets())

    def build(self):
        months = self._get_months()
        reached = self._count(months)
        outlook = self._look_ahead(months)
        entries, lines = [], []
        for key, wanted in self._group().items():
            entry, line = self._make_row(key, wanted, reached, months, outlook)
            entries.append(entry)
            lines.append(line)
        titles = [
            self.env._("Whose"),
            self.env._("Target"),
            self.env._("To reach"),
            self.env._("Reached so far"),
            self.env._("Share"),
            self.env._("Still expected"),
            self.env._("Together"),
        ]
        elapsed = self._get_elapsed(months)
        return {
            "picture": bars(entries),
            "table": table(titles, lines),
            "note": self._get_note(elapsed, outlook),
        }

    def _get_note(self, elapsed, outlook):
        texts = [self.env._("Gone of the time: %s", self.frame.format_percent(elapsed))]
        if outlook:
            texts.append(
                self.env._(
                    "Expected: what was reached, and what open leads may well bring"
                )
            )
        return " · ".join(texts)

    def _get_targets(self):
        frame = self.frame
        domain = Domain("month", ">=", get_start(MONTH, frame.period.start)) & Domain(
            "month", "<=", frame.period.last
        )
        if frame.scope_kind == MINE:
            domain &= Domain("user_id", "=", self.env.uid)
        elif frame.scope_kind == TEAM:
            team = frame.team
            # sudo: who is in the team one looks at
            members = team.sudo().member_ids
            domain &= Domain("team_id", "=", team.id) | (
                Domain("team_id", "=", False) & Domain("user_id", "in", members.ids)
            )
        return self.env["lead.insight.target"].search(domain)

    def _group(self):
        """Return the targets of all months together, by whose they are and of what."""
        wanted = {}
        for target in self._get_targets():
            key = (target.company_id, target.team_id, target.user_id, target.metric)
            wanted[key] = wanted.get(key, 0) + target.value
        return wanted

    def _get_months(self):
        """Return the months as one period: from the first day to the end."""
        frame = self.frame
        first = Period(MONTH, get_start(MONTH, frame.period.start), frame.zone)
        last_day = frame.period.end - timedelta(days=1)
        last = Period(MONTH, get_start(MONTH, last_day), frame.zone)
        return first.since, frame.period.until, last.whole

    def _get_elapsed(self, months):
        since, until, whole = months
        return (until - since) / (whole - since)

    def _get_reached(self, metric, months):
        since, until, __ = months
        return Domain(DATES[metric], ">=", str(since)) & Domain(
            DATES[metric], "<", str(until)
        )

    def _count(self, months):
        """Count events of the months by company, team and salesperson."""
        frame = self.frame
        events = SQL(" UNION ALL ").join(
            SQL(
                """SELECT %s AS metric, company_id, team_id, user_id, amount
                   FROM (%s) AS lead""",
                metric,
                frame.select(
                    self._get_reached(metric, months),
                    ["company_id", "team_id", "user_id"],
                    amount=frame.sql_amount,
                ),
            )
            for metric in (WON, QUALIFIED, CREATED)
        )
        return frame.run(
            """
            SELECT metric, company_id, team_id, user_id, count(*), sum(amount)
            FROM (%s) AS event GROUP BY 1, 2, 3, 4
            """,
            events,
        )

    # ------------------------------------------------------------
    # What is still to come
    # ------------------------------------------------------------

    def _look_ahead(self, months):
        """Return what open leads are likely to bring until the end of the months.

        :return: rows of company, team and salesperson ids, wins and amount; nothing
            where the months are over, too long, or nothing was learned yet
        """
        frame = self.frame
        days = (months[2] - frame.now).total_seconds() / 86400
        if not frame.period.is_running or not 0 < days <= HORIZONS[-1]:
            return []
        shares = frame.read_shares()
        rows = shares and frame.run(
            """
            SELECT company_id, team_id, user_id, stage_id,
                   LEAST(GREATEST(floor(EXTRACT(EPOCH FROM %s - entered) / 604800), 0),
                         %s)::int, count(*), sum(amount)
            FROM (%s) AS lead GROUP BY 1, 2, 3, 4, 5
            """,
            frame.now,
            OLDEST,
            frame.select(
                OPEN,
                ["company_id", "team_id", "user_id", "stage_id"],
                amount=frame.sql_amount,
                entered=frame.sql_entered,
            ),
        )
        found = []
        for company_id, team_id, user_id, stage_id, weeks, count, amount in rows:
            share = self._get_share(shares, company_id, stage_id, weeks, days)
            found.append(
                (company_id, team_id, user_id, share * count, share * (amount or 0))
            )
        return found

    def _get_share(self, shares, company_id, stage_id, weeks, days):
        """Return how likely a lead is won within days, between those that are known."""
        kind = self.frame.stage_types.get(stage_id)
        low, low_share = 0, 0.0
        for horizon in HORIZONS:
            place = horizon, kind, weeks
            share = shares.get(
                (company_id, *place), shares.get((None, *place), low_share)
            )
            if days <= horizon:
                return low_share + (share - low_share) * (days - low) / (horizon - low)
            low, low_share = horizon, share
        return low_share

    def _make_row(self, key, wanted, rows, months, outlook):
        frame = self.frame
        company, team, user, metric = key
        is_amount = metric == WON_AMOUNT
        name = WON if is_amount else metric
        mine = Domain.TRUE
        for fname, record in (("team_id", team), ("user_id", user)):
            if record:
                mine &= Domain(fname, "=", record.id)
        if not team and not user:
            mine = Domain("company_id", "=", company.id)
        found = [row for row in rows if row[0] == name and self._fits(key, *row[1:4])]
        count = sum(row[4] for row in found)
        reached = sum(row[5] or 0 for row in found) if is_amount else count
        labels = dict(
            self.env["lead.insight.target"]
            ._fields["metric"]
            ._description_selection(self.env)
        )
        whose = user.name or team.name or company.name
        show = frame.format_amount if is_amount else frame.format_count
        number = frame.number(
            reached,
            self._get_reached(metric, months) & mine,
            f"{whose} · {labels[metric]}",
            count=count,
            text=show(reached),
        )
        share = frame.format_percent(reached / wanted)
        note = self.env._("%(share)s of %(target)s", share=share, target=show(wanted))
        more = together = ""
        if outlook and name == WON:
            coming = sum(
                row[4 if is_amount else 3] for row in outlook if self._fits(key, *row)
            )
            more = show(round(coming, 1))
            together = frame.format_percent((reached + coming) / wanted)
            note = self.env._(
                "%(share)s of %(target)s, expected: %(together)s",
                share=share,
                target=show(wanted),
                together=together,
            )
        line = [whose, labels[metric], show(wanted), number, share, more, together]
        return (
            f"{whose} · {labels[metric]}",
            number,
            min(reached / wanted, 1.5),
            note,
            1,
        ), line

    def _fits(self, key, company_id, team_id, user_id, *__):
        """Return whether leads of these count for a target."""
        company, team, user, __ = key
        if team or user:
            return (not team or team_id == team.id) and (not user or user_id == user.id)
        return company_id == company.id
