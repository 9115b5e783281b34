"""Rules with points suggested out of won and lost leads, without database.

Each column is cut into *buckets*: a category, a band of numbers, or "not set". A
suggestion gives one bucket a whole number of points; ten points multiply the odds of
winning by about 2.7, as in the usual scorecards (log-odds = base + points / 10).

Three ways lead to the points. *Independent* looks at each bucket alone: cheap, and hard
to upset when times change, but two columns that say the same count twice. *Joint* fits
all points together, so that they share what they have in common, and takes alike
buckets of a column as one. *Pairs* is joint, and has rules of two conditions as well.
"""

import math
from collections import Counter, namedtuple
from operator import itemgetter

from .score_quality import auc
from .scorecard_buckets import (
    BINS,
    CERTAIN,
    buckets_of,
    chi_square,
    significant,
    unset,
)
from .scorecard_fit import fit_jointly, to_points
from .scorecard_groups import may_pair, pairs_of, unions_of

Column = namedtuple("Column", "name kind values")
Suggestion = namedtuple(
    "Suggestion",
    "column kind value low high points support won also",
    defaults=(None,),
)

METHODS = ("pairs", "joint", "independent")

RARE = 1000  # a rule needs at least one lead in so many
PRIOR = 10  # average leads added to each bucket before its win rate is taken

PROVEN = 10  # won leads, and lost leads, needed before a column is accused of leaking
LEAK_HIGH, LEAK_LOW, LEAK_AUC = 0.90, 0.30, 0.90
# where it is not known whether a column was filled before the outcome
DOUBT_GAP, DOUBT_AUC = 0.60, 0.80
# the part by which more of the closed leads have a column filled, and if twice as many
LATER, TWICE = 0.30, 0.10


def suggest(columns, won, limit=20, method="joint", min_support=30):
    """Return rules that tell won leads from lost ones, the strongest first.

    The same input always gives the same rules.

    :param columns: list of ``Column``; ``kind`` is "category" or "number", ``values``
        has one value per lead, None where it is not set
    :param won: list of whether each lead was won
    :param limit: how many rules at most
    :param method: "pairs", "joint" or "independent", see above
    :param min_support: leads needed behind each rule
    :return: list of ``Suggestion``; ``kind`` is "is" a ``value``, "in" several, "band"
        for ``low`` <= number < ``high`` (None: no end) or "unset"; ``also`` is the
        :class:`~scorecard_buckets.Part` that has to hold as well, or None; ``support``
        and ``won`` count the leads behind it
    :raise ValueError: when nothing is won or nothing is lost, when a column does not
        have one value per lead, or when a kind or the method is unknown

    >>> won = [True] * 60 + [False] * 140
    >>> source = ["fair"] * 50 + ["web"] * 110 + ["fair"] * 10 + [None] * 30
    >>> for rule in suggest([Column("source", "category", source)], won, 2):
    ...     print(rule.kind, rule.value, rule.points, rule.support, rule.won)
    is fair 20 60 50
    is web -7 110 10
    """
    _check(columns, won, method)
    support = max(min_support, len(won) // RARE, 2)
    buckets = [buckets_of(column, won, support) for column in columns]
    single = [bucket for own in buckets for bucket in own]
    # the borders of a band are sought where the difference is largest: many tries
    tries = len(single) + BINS * sum(column.kind == "number" for column in columns)
    real = significant(single, tries, won)
    if method == "independent":
        found = fit_separately(real, won, limit)
    else:
        unions = [union for own in buckets for union in unions_of(own, won, support)]
        grouped = significant(unions, tries + len(unions), won)
        pairs = []
        if method == "pairs" and real:
            parts = [b for b in single + unions if may_pair(b, columns)]
            pairs = pairs_of(parts, won, support)
        found = fit_jointly(real + grouped, won, limit, pairs)
    return [_suggestion(bucket, points) for bucket, points in found]


def total_of(suggestions, row):
    """Return the points of one lead, the sum over the rules that hold for it.

    :param row: dict of column name to value; a missing one is not set

    >>> rules = [
    ...     Suggestion("source", "is", "fair", None, None, 27, 60, 50),
    ...     Suggestion("visits", "band", None, 5, None, 4, 80, 40),
    ...     Suggestion("phone", "unset", None, None, None, -9, 90, 10),
    ... ]
    >>> total_of(rules, {"source": "fair", "visits": 7, "phone": "+32 2 290 34 90"})
    31
    >>> total_of(rules, {"source": "web", "visits": 4})
    -9
    """
    return sum(rule.points for rule in suggestions if _holds(rule, row))


def totals_of(suggestions, columns):
    """Return the points of each lead, in a list.

    >>> rule = Suggestion("visits", "band", None, 5, None, 4, 80, 40)
    >>> totals_of([rule], [Column("visits", "number", [4, 5, None])])
    [0, 4, 0]
    """
    read = {rule.column for rule in suggestions}
    read.update(rule.also.column for rule in suggestions if rule.also)
    used = [column for column in columns if column.name in read]
    if not used:
        return [0] * len(columns[0].values) if columns else []
    names = [column.name for column in used]
    rows = zip(*(column.values for column in used), strict=True)
    return [total_of(suggestions, dict(zip(names, row, strict=True))) for row in rows]


def fields_that_leak(columns, won, in_doubt=False):
    """Return the columns that look as if they were filled because of the outcome.

    Such a column predicts the past perfectly and says nothing about a new lead.

    :param columns: as for ``suggest``
    :param won: as for ``suggest``
    :param in_doubt: accuse sooner, as nobody knows when the columns were filled
    :return: dict of column name to "set_by_outcome" (it is set for nearly all won leads
        and few lost ones, or the reverse) or "too_good" (its values alone put the leads
        in an almost perfect order); empty with fewer than 10 won or 10 lost leads
    :raise ValueError: as ``suggest``

    >>> won = [True] * 50 + [False] * 50
    >>> contract = Column("contract", "category", ["yes"] * 50 + [None] * 50)
    >>> source = Column("source", "category", ["web", "fair"] * 50)
    >>> fields_that_leak([contract, source], won)
    {'contract': 'set_by_outcome'}
    """
    _check(columns, won)
    if min(sum(won), len(won) - sum(won)) < PROVEN:
        return {}
    reasons = {}
    area = DOUBT_AUC if in_doubt else LEAK_AUC
    for column in columns:
        if _set_by_outcome(column, won, in_doubt):
            reasons[column.name] = "set_by_outcome"
        elif _order_alone(column, won) >= area:
            reasons[column.name] = "too_good"
    return reasons


def fields_filled_later(closed, still_open):
    """Return the columns that many more closed leads have filled than open ones.

    They were filled on the way: of new leads nothing will be known.

    :param closed: list of ``Column``
    :param still_open: the same columns of open leads
    :return: dict of column name to two shares of leads that have it filled: of the
        closed and of the open ones

    >>> closed = Column("budget", "number", [5] * 40 + [None] * 10)
    >>> fresh = Column("budget", "number", [7] * 4 + [None] * 36)
    >>> fields_filled_later([closed], [fresh])
    {'budget': (0.8, 0.1)}
    """
    later = {}
    for column, other in zip(closed, still_open, strict=True):
        (filled, leads), (fresh, new) = _count_filled(column), _count_filled(other)
        if min(leads, new) < 2 * PROVEN:
            continue
        shares = filled / leads, fresh / new
        chi = chi_square(leads, filled, new, fresh)
        twice = shares[0] >= 2 * shares[1]
        gap = shares[0] - shares[1]
        if gap >= (TWICE if twice else LATER) and chi >= CERTAIN:
            later[column.name] = shares
    return later


def _check(columns, won, method="joint"):
    """Raise ``ValueError`` when nothing can be learnt from what is given."""
    if method not in METHODS:
        raise ValueError(f"unknown method: {method}")
    if not any(won) or all(won):
        raise ValueError("won and lost leads are both needed")
    for column in columns:
        if column.kind not in ("category", "number"):
            raise ValueError(f"unknown kind of {column.name}: {column.kind}")
        if len(column.values) != len(won):
            raise ValueError(f"{column.name} needs one value per lead")


def _suggestion(bucket, points):
    """Return the rule that gives the leads of a bucket some points."""
    counts = points, bucket.support, bucket.won
    return Suggestion(*bucket.part, *counts, bucket.also)


def _holds(rule, row):
    """Return whether a rule holds for a lead, with both its parts if it has two."""
    return _holds_part(rule, row) and (not rule.also or _holds_part(rule.also, row))


def _holds_part(part, row):
    value = row.get(part.column)
    if unset(value):
        return part.kind == "unset"
    if part.kind == "is":
        return value == part.value
    if part.kind == "in":
        return value in part.value
    if part.kind == "unset":
        return False
    return (part.low is None or value >= part.low) and (
        part.high is None or value < part.high
    )


# ------------------------------------------------------------
# INDEPENDENT POINTS
# ------------------------------------------------------------


def fit_separately(buckets, won, limit):
    """Return (bucket, points) of the buckets that inform most, each taken alone."""
    leads, hits = len(won), sum(won)
    ranked = []
    for bucket in buckets:
        weight = _weight_of_evidence(bucket, leads, hits)
        lost = bucket.support - bucket.won
        share = bucket.won / hits - lost / (leads - hits)
        ranked.append((share * weight, bucket, to_points(weight)))
    ranked.sort(key=itemgetter(0), reverse=True)
    chosen = [(bucket, points) for _points_won, bucket, points in ranked if points]
    return chosen[: max(limit, 0)]


def _weight_of_evidence(bucket, leads, hits):
    """Return by how much a bucket moves the log-odds of winning.

    :param leads: number of all leads
    :param hits: number of all won leads
    """
    won = bucket.won + PRIOR * hits / leads
    lost = bucket.support - bucket.won + PRIOR * (leads - hits) / leads
    return math.log(won / lost * (leads - hits) / hits)


# ------------------------------------------------------------
# COLUMNS TOO GOOD TO BE TRUE
# ------------------------------------------------------------


def _count_filled(column):
    """Return how many leads have a column filled, and how many there are.

    A form leaves 0 and "no" where nobody wrote anything.
    """
    filled = sum(bool(value) and not unset(value) for value in column.values)
    return filled, len(column.values)


def _set_by_outcome(column, won, in_doubt=False):
    """Return whether it is set for nearly all of one outcome, few of the other."""
    filled = Counter(
        hit for value, hit in zip(column.values, won, strict=True) if not unset(value)
    )
    hits = sum(won)
    shares = sorted((filled[True] / hits, filled[False] / (len(won) - hits)))
    if in_doubt and shares[1] - shares[0] >= DOUBT_GAP:
        return True
    return shares[0] <= LEAK_LOW and shares[1] >= LEAK_HIGH


def _order_alone(column, won):
    """Return the AUC when the leads are ordered by the win rates of one column.

    Categories too rare to have a win rate count as one.
    """
    buckets = buckets_of(column, won, 2 * PROVEN)
    leads, hits = len(won), sum(won)
    rest = leads - sum(b.support for b in buckets), hits - sum(b.won for b in buckets)
    groups = [(b.support, b.won) for b in buckets] + [rest]
    return auc([(won / n, won, n - won) for n, won in groups if n])
