"""How far the leads of the period have come, and where the others stay."""

from datetime import timedelta

from odoo.fields import Domain
from odoo.tools import SQL

from ..frame import CONTACTED_DATE, NEGOTIATION_DATE
from ..recent import CREATE_DATE, LOST_DATE, QUALIFIED_DATE, WON_DATE, sql_in
from ..section import SECTIONS, Section, table

# The level a lead reaches, the date that says so, and its name in filters.
STEPS = (
    (1, CREATE_DATE, None),
    (2, CONTACTED_DATE, "contacted"),
    (3, QUALIFIED_DATE, "qualified"),
    (4, NEGOTIATION_DATE, "negotiation"),
    (5, WON_DATE, "won"),
)
LAST, LOST = len(STEPS), 0
DATES = {LOST: LOST_DATE, **{level: fname for level, fname, __ in STEPS}}
NAMES = {LOST: "lost", **{level: name for level, __, name in STEPS}}


@SECTIONS.add
class Funnel(Section):
    """Leads created in a period by the furthest they reached; the one before beside."""

    key = "funnel"

    def get_title(self):
        return self.env._("Funnel")

    def get_help(self):
        days = self.frame.options.days
        if days:
            return self.env._(
                "Leads created in the period that are at least %(days)s days old: "
                "those that reached a step or a later one within %(days)s days. The "
                "medians are of the leads that took the step after the one before.",
                days=days,
            )
        return self.env._(
            "Leads created in the period: those that reached a step or a later one by "
            "the end of the period. The outline is the period before, measured at its "
            "end. The medians are of the leads that took the step after the one before."
        )

    def build(self):
        frame = self.frame
        now, before = self._count()
        labels = self._get_labels()
        largest = max(now[0][1], before[0][1], 1)
        steps = []
        for level, __, __ in STEPS:
            count, of_before = now[0][level], before[0][level]
            previous = now[0].get(level - 1)
            steps.append(
                {
                    "label": labels[level],
                    "number": frame.number(
                        count, self._get_reached(level, frame.period), labels[level]
                    ),
                    "before": frame.number(
                        of_before, self._get_reached(level, frame.before), labels[level]
                    ),
                    "width": count / largest,
                    "outline": of_before / largest,
                    "share": frame.format_rate(count, previous or 0),
                    "median": frame.format_duration(now[1].get(level)),
                    "left": self._make_left(level, now[2].get(level)),
                }
            )
        return {
            "steps": steps,
            "note": self._get_note(now[0][1]),
            "table": self._make_table(steps),
        }

    def _get_labels(self):
        return {
            1: self.env._("Created"),
            2: self.env._("Contacted"),
            3: self.env._("Qualified"),
            4: self.env._("Negotiation"),
            5: self.env._("Customer"),
        }

    def _get_note(self, count):
        if not self.frame.options.days:
            return ""
        return self.env._(
            "%(count)s leads are at least %(days)s days old.",
            count=self.frame.format_count(count),
            days=self.frame.options.days,
        )

    # ------------------------------------------------------------
    # Which leads
    # ------------------------------------------------------------

    def _get_cohort(self, period):
        """Return the leads that are looked at; with a horizon the ripe ones only."""
        domain = self.frame.within(CREATE_DATE, period)
        if days := self.frame.options.days:
            ripe = self.frame.now - timedelta(days=days)
            domain &= Domain(CREATE_DATE, "<", str(ripe))
        return domain

    def _get_domain(self, period, done=(), not_done=()):
        """Return the leads of the cohort that reached something, and nothing else.

        :param done: levels they reached in time; ``LOST`` is one, too
        :param not_done: levels they did not
        """
        domain = self._get_cohort(period)
        if not self.frame.options.days:
            for level in done:
                domain &= self.frame.until(DATES[level], period)
            for level in not_done:
                domain &= self.frame.not_until(DATES[level], period)
            return domain
        days = self.frame.options.days
        names = [f"within:{NAMES[level]}:{days}" for level in done]
        names += [f"!within:{NAMES[level]}:{days}" for level in not_done]
        return domain & Domain("insight_filter", "=", "+".join(names))

    def _get_reached(self, level, period):
        return (
            self._get_domain(period, [level]) if level > 1 else self._get_cohort(period)
        )

    def _get_lost(self, level):
        """Return the leads that were lost where this is the furthest they came."""
        done = [LOST] if level == 1 else [level, LOST]
        return self._get_domain(self.frame.period, done, [level + 1])

    def _get_waiting(self, level):
        """Return the leads that wait where this is the furthest they came."""
        done = [] if level == 1 else [level]
        return self._get_domain(self.frame.period, done, [level + 1, LOST])

    # ------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------

    def _count(self):
        """Count both periods in one statement.

        :return: for each (leads by level reached, medians by level, leads that stayed)
        """
        frame, days = self.frame, self.frame.options.days
        names = [fname for __, fname, __ in STEPS]
        is_now = sql_in(SQL.identifier(CREATE_DATE), frame.period)
        until = SQL(
            "CASE WHEN %s THEN %s ELSE %s END::timestamp",
            is_now,
            frame.period.until,
            frame.before.until,
        )
        if days:
            until = SQL("create_date + %s * interval '1 day'", days)
        dates = SQL(", ").join(
            SQL(
                "CASE WHEN %(date)s < %(until)s THEN %(date)s END AS %(name)s",
                date=SQL.identifier(fname),
                until=until,
                name=SQL.identifier(f"d{level}"),
            )
            for level, fname, __ in STEPS[1:]
        )
        took = SQL(", ").join(
            SQL(
                """
                percentile_cont(0.5) WITHIN GROUP (ORDER BY
                    EXTRACT(EPOCH FROM %(date)s - %(before)s))
                    FILTER (WHERE %(date)s > %(before)s)
                """,
                date=SQL.identifier(f"d{level}"),
                before=SQL.identifier(f"d{level - 1}"),
            )
            for level, __, __ in STEPS[1:]
        )
        rows = frame.run(
            """
            SELECT is_now, level, count(*), count(lost),
                   min(entered) FILTER (WHERE lost IS NULL),
                   mode() WITHIN GROUP (ORDER BY lost_reason_id)
                       FILTER (WHERE lost IS NOT NULL),
                   %(took)s
            FROM (
                SELECT *, CASE WHEN d5 IS NOT NULL THEN 5 WHEN d4 IS NOT NULL THEN 4
                               WHEN d3 IS NOT NULL THEN 3 WHEN d2 IS NOT NULL THEN 2
                               ELSE 1 END AS level,
                       COALESCE(d5, d4, d3, d2, d1) AS entered
                FROM (
                    SELECT %(is_now)s AS is_now, create_date AS d1, lost_reason_id,
                           CASE WHEN %(lost)s < %(until)s THEN %(lost)s END AS lost,
                           %(dates)s
                    FROM (%(leads)s) AS lead
                ) AS dated
            ) AS placed GROUP BY GROUPING SETS ((is_now, level), (is_now))
            """,
            took=took,
            is_now=is_now,
            lost=SQL.identifier(LOST_DATE),
            until=until,
            dates=dates,
            leads=frame.select(
                self._get_cohort(frame.period) | self._get_cohort(frame.before),
                [*names, LOST_DATE, "lost_reason_id"],
            ),
        )
        return [self._read(rows, is_now) for is_now in (True, False)]

    def _read(self, rows, is_now):
        stayed, medians = {}, {}
        for of_now, level, count, lost, oldest, reason, *took in rows:
            if of_now is not is_now:
                continue
            if level is None:
                medians = dict(enumerate(took, 2))
            else:
                stayed[level] = (count, lost, oldest, reason)
        reached, total = {}, 0
        for level in range(LAST, 0, -1):
            total += stayed.get(level, (0,))[0]
            reached[level] = total
        return reached, medians, stayed

    # ------------------------------------------------------------
    # Where the others stay
    # ------------------------------------------------------------

    def _make_left(self, level, stayed):
        """Return who was lost at a step and who waits there: up to two notes."""
        if not stayed or level == LAST:
            return []
        frame, (count, lost, oldest, reason) = self.frame, stayed
        notes = []
        if waiting := count - lost:
            age = frame.format_duration((frame.now - oldest).total_seconds())
            number = frame.number(
                waiting, self._get_waiting(level), self.env._("Waiting")
            )
            notes.append(
                {
                    "number": number,
                    "label": self.env._("waiting: %s", number["text"]),
                    "text": self.env._("oldest %s", age),
                }
            )
        if lost:
            number = frame.number(lost, self._get_lost(level), self.env._("Lost"))
            # sudo: the reason why a lead one sees was lost
            reason = self.env["crm.lost.reason"].sudo().browse(reason or [])
            notes.append(
                {
                    "number": number,
                    "label": self.env._("lost: %s", number["text"]),
                    "text": reason.name or "",
                }
            )
        return notes

    def _make_table(self, steps):
        rows = []
        for step in steps:
            left = [note["number"] for note in step["left"]]
            texts = ", ".join(note["text"] for note in step["left"] if note["text"])
            waiting = next((n for n in left if n["title"] == self.env._("Waiting")), "")
            lost = next((n for n in left if n["title"] == self.env._("Lost")), "")
            rows.append(
                [
                    step["label"],
                    step["before"],
                    step["number"],
                    step["share"],
                    step["median"],
                    waiting,
                    lost,
                    texts,
                ]
            )
        columns = [
            self.env._("Funnel step"),
            self.env._("Before"),
            self.env._("Now"),
            self.env._("Of the step before"),
            self.env._("Median"),
            self.env._("Waiting"),
            self.env._("Lost"),
            self.env._("Detail"),
        ]
        return table(columns, rows)
