"""Why a number changed: more leads, other leads, or better ones."""

from odoo.tools import SQL

from .....tools.causes import Group, decompose_count, decompose_rate, get_excess
from .....tools.chance import (
    CLEARLY,
    FEW,
    NOT_CLEAR,
    PROBABLY,
    choose_significant,
    get_verdict,
    p_counts,
    p_rates,
)
from ..frame import CREATED, DIMENSIONS, QUALIFIED, WIN_RATE, WON
from ..recent import CREATE_DATE, LOST_DATE, QUALIFIED_DATE, WON_DATE, sql_in, sql_until
from ..section import SECTIONS, Section
from .why_explained import Explanation
from .why_table import OTHERS, WhyTable

# Groups that are shown by name; the smaller ones are one.
SHOWN = 25


@SECTIONS.add
class Why(WhyTable, Section):
    """What the change of a number consists of, by one dimension at a time."""

    key = "why"

    def get_title(self):
        metric = self.frame.options.metric
        return {
            CREATED: self.env._("Why Leads Created Changed"),
            QUALIFIED: self.env._("Why Qualified Changed"),
            WON: self.env._("Why Won Changed"),
            WIN_RATE: self.env._("Why the Win Rate Changed"),
        }[metric]

    def get_help(self):
        metric = self.frame.options.metric
        if metric == CREATED:
            return self.env._(
                "Leads created in each period. “Own” is by how much a group changed "
                "beyond what all groups did alike; these add up to 0."
            )
        what = {
            QUALIFIED: self.env._(
                "Of the leads created in a period, those that were qualified by its "
                "end."
            ),
            WON: self.env._(
                "Of the leads created in a period, those that were won by its end."
            ),
            WIN_RATE: self.env._(
                "Of the leads closed in a period, those that were won."
            ),
        }[metric]
        return self.env._(
            "%s Volume: more or fewer leads at the same rate. Mix: a larger share of "
            "groups with another rate. Rate: other rates within the groups. They add "
            "up to the change exactly. Segment, salesperson and temperature are those "
            "of today.",
            what,
        )

    def build(self):
        metric = self.frame.options.metric
        by_dimension = self._count()
        judged = {
            fname: self._find_changes(groups) for fname, groups in by_dimension.items()
        }
        fname = self.frame.options.dimension or self._choose(judged)
        groups, verdicts = by_dimension[fname], judged[fname]
        groups, verdicts = self._gather(groups, verdicts)
        labels = self.frame.get_labels(fname, [key for key in groups if key != OTHERS])
        labels[OTHERS] = self.env._("Others")
        parts = self._decompose(groups)
        explanation = Explanation(self.frame, fname, groups, labels, parts, verdicts)
        result = {
            "metric": metric,
            "dimension": fname,
            "dimensions": [
                {
                    "key": key,
                    "label": self.frame.get_dimension_label(key),
                    "is_significant": self._weigh(judged[key]) > 0,
                }
                for key in DIMENSIONS
            ],
            "sentences": explanation.get_sentences(),
            "bars": explanation.get_bars(),
            "table": self._make_table(fname, groups, labels, parts, verdicts),
            "note": self._describe_events(groups),
        }
        result["groups"] = [
            {"key": key, "label": labels[key], **group._asdict()}
            for key, group in groups.items()
        ]
        return result

    def _describe_events(self, groups):
        """Say how the number above, which counts events, goes with these leads."""
        frame = self.frame
        fname = {QUALIFIED: QUALIFIED_DATE, WON: WON_DATE}.get(frame.options.metric)
        if not fname:
            return ""
        [(events,)] = frame.run(
            "SELECT count(*) FROM (%s) AS lead",
            frame.select(frame.within(fname, frame.period)),
        )
        mine = sum(group.k1 for group in groups.values())
        if events == mine:
            return ""
        values = {
            "events": frame.format_count(events),
            "mine": frame.format_count(mine),
            "others": frame.format_count(max(events - mine, 0)),
        }
        if frame.options.metric == WON:
            return self.env._(
                "Won in the period: %(events)s. Here are the %(mine)s of them that "
                "were created in it, too: only of these there is a rate. The other "
                "%(others)s came earlier.",
                **values,
            )
        return self.env._(
            "Qualified in the period: %(events)s. Here are the %(mine)s of them that "
            "were created in it, too: only of these there is a rate. The other "
            "%(others)s came earlier.",
            **values,
        )

    # ------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------

    def get_domains(self, period):
        """Return the domains of the leads and of those that did it."""
        frame = self.frame
        created = frame.within(CREATE_DATE, period)
        if frame.options.metric == CREATED:
            return created, created
        if frame.options.metric == WIN_RATE:
            won = frame.within(WON_DATE, period)
            return won | frame.within(LOST_DATE, period), won
        fname = QUALIFIED_DATE if frame.options.metric == QUALIFIED else WON_DATE
        return created, created & frame.until(fname, period)

    def _sql_conditions(self, period):
        """Return the same as conditions on columns."""
        if self.frame.options.metric == WIN_RATE:
            won = sql_in(SQL.identifier(WON_DATE), period)
            lost = sql_in(SQL.identifier(LOST_DATE), period)
            return SQL("(%s IS TRUE OR %s IS TRUE)", won, lost), won
        created = sql_in(SQL.identifier(CREATE_DATE), period)
        if self.frame.options.metric == CREATED:
            return created, created
        is_qualified = self.frame.options.metric == QUALIFIED
        fname = QUALIFIED_DATE if is_qualified else WON_DATE
        return created, SQL(
            "%s AND %s", created, sql_until(SQL.identifier(fname), period)
        )

    def _count(self):
        """Count all groups of all dimensions, in one statement.

        :return: dict of dimension to dict of key to :class:`Group`
        """
        frame = self.frame
        domain = self.get_domains(frame.period)[0] | self.get_domains(frame.before)[0]
        leads = frame.select(
            domain, [CREATE_DATE, QUALIFIED_DATE, WON_DATE, LOST_DATE, *DIMENSIONS]
        )
        n1, k1 = self._sql_conditions(frame.period)
        n0, k0 = self._sql_conditions(frame.before)
        columns = [SQL.identifier(fname) for fname in DIMENSIONS]
        rows = frame.run(
            """
            SELECT GROUPING(%(columns)s), %(columns)s,
                   count(*) FILTER (WHERE %(n0)s), count(*) FILTER (WHERE %(k0)s),
                   count(*) FILTER (WHERE %(n1)s), count(*) FILTER (WHERE %(k1)s)
            FROM (%(leads)s) AS lead GROUP BY GROUPING SETS (%(sets)s)
            """,
            columns=SQL(", ").join(columns),
            sets=SQL(", ").join(SQL("(%s)", column) for column in columns),
            leads=leads,
            n0=n0,
            k0=k0,
            n1=n1,
            k1=k1,
        )
        found = {fname: {} for fname in DIMENSIONS}
        every = 2 ** len(DIMENSIONS) - 1
        for bits, *values in rows:
            # the bit that is not set names the dimension, the first one is the highest
            place = len(DIMENSIONS) - (every - bits).bit_length()
            key = values[place]
            found[DIMENSIONS[place]][key] = Group(*values[len(DIMENSIONS) :])
        return found

    def _gather(self, groups, verdicts):
        """Make one group of the smallest ones, where there are too many."""
        order = sorted(groups, key=lambda key: -(groups[key].n0 + groups[key].n1))
        shown = {key: groups[key] for key in order[:SHOWN]}
        if rest := order[SHOWN:]:
            shown[OTHERS] = Group(
                *(
                    sum(values)
                    for values in zip(*(groups[key] for key in rest), strict=True)
                )
            )
            verdicts = {**verdicts, OTHERS: (NOT_CLEAR, 0.0)}
        return shown, verdicts

    # ------------------------------------------------------------
    # Judging
    # ------------------------------------------------------------

    def _find_changes(self, groups):
        """Say of each group whether it changed by itself, or as chance has it.

        Of many groups one always looks bad: what is named passes a limit for all of
        them (Benjamini and Hochberg).

        :return: dict of key to pair (verdict, its excess)
        """
        if self.frame.options.metric == CREATED:
            n0 = sum(group.n0 for group in groups.values())
            n1 = sum(group.n1 for group in groups.values())
            share = n1 / (n0 + n1) if n0 + n1 else 0.5
            ps = [p_counts(g.n1, g.n0, share) for g in groups.values()]
            excess = get_excess({key: (g.n0, g.n1) for key, g in groups.items()})
        else:
            ps = [p_rates(g.k1, g.n1, g.k0, g.n0) for g in groups.values()]
            excess = {key: part.rate for key, part in decompose_rate(groups).items()}
        probably = choose_significant(ps, 0.10)
        clearly = choose_significant(ps, 0.01)
        verdicts = {}
        for (key, group), p, is_likely, is_clear in zip(
            groups.items(), ps, probably, clearly, strict=True
        ):
            verdict = CLEARLY if is_clear else PROBABLY if is_likely else NOT_CLEAR
            if get_verdict(p, group.n0, group.n1) == FEW:
                verdict = FEW
            verdicts[key] = verdict, excess[key]
        return verdicts

    def _weigh(self, verdicts):
        """Return how much of the change the groups carry that changed by themselves."""
        return sum(
            abs(excess)
            for key, (verdict, excess) in verdicts.items()
            # who has none of it is no culprit
            if key and verdict in (CLEARLY, PROBABLY)
        )

    def _choose(self, judged):
        """Return the dimension to tell: whose groups carry most; else the first."""
        # the temperature of today knows what came of the lead: it explains nothing
        known = [fname for fname in DIMENSIONS if fname != "score_temperature"]
        return max(known, key=lambda fname: self._weigh(judged[fname]))

    def _decompose(self, groups):
        if self.frame.options.metric == WIN_RATE:
            return decompose_rate(groups)
        return decompose_count(groups).groups
