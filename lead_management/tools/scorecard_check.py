"""What suggested rules are worth on leads they did not learn from, without database.

A part of ``scorecard``. Rules look best on the leads they were made of. So parts of the
history are left out in turn, rules are made of the rest and tried on the part
(*crossed*), and rules made of the older leads are tried on the newest (*newest*): times
change, and the next leads are like the last ones.
"""

import math
from collections import namedtuple

from . import scorecard
from .score_quality import CONFIDENCE, auc, auc_error
from .scorecard_buckets import chi_square

PARTS = 4  # how many parts of the history are left out in turn
NEWEST = 0.3  # the part of the history that is the newest
SAMPLE = 20_000  # as many leads as are learnt from again and again
FEWEST, CELLS = 3_000, 300_000  # fewer of many columns: this has to take seconds only
SIMPLE = 0.001  # what a method of harder rules must gain, in AUC
# From the plainest to what most history is needed for.
PLAINEST = ("independent", "joint", "pairs")

SLICES = 20  # a change of times is sought at the borders of so many parts
CHANGED, FACTOR = 30.0, 1.5  # chi-square, and ratio of win rates, of such a change
ENOUGH, PROVEN = 400, 40  # leads since then, and won and lost ones, to learn from alone

Check = namedtuple("Check", "method crossed error low high newest newest_error drifts")
Change = namedtuple("Change", "since rate_before rate_after")


def check(columns, won, limit=20, methods=PLAINEST):
    """Return which method sorts leads best that it did not learn from, and how well.

    :param columns: as for ``scorecard.suggest``, the oldest lead first
    :param won: as for ``scorecard.suggest``
    :param methods: among which to choose
    :return: ``Check``: the AUC ``crossed``, its standard ``error``, and between which
        AUCs that of as many new leads as the newest part has will lie, if all stays as
        it is; ``newest`` and its error, or None; whether this one ``drifts``: is worse
        than chance explains. None when there are too few won or lost leads
    """
    columns, won = sample(columns, won)
    if min(sum(won), len(won) - sum(won)) < 2 * PARTS:
        return None
    crossed, recent = {}, {}
    for method in methods:
        crossed[method], recent[method] = _cross(columns, won, limit, method)
    newest = {method: _newest(columns, won, limit, method) for method in methods}
    error = _error(0.5, _newest_of(won))
    method = choose(crossed, newest, recent, error)
    return _conclude(method, crossed[method], newest[method], won)


def choose(crossed, newest, recent, error):
    """Return the method that is best on leads it did not learn from.

    A plainer one wins unless another is better by more than a trifle. Where times
    change, it counts how the newest leads are sorted by rules made of all others; there
    a plainer one wins unless another is better by more than chance may explain.

    :param crossed: dict of method to AUC
    :param newest: dict of method to AUC on the newest leads, of rules made of the
        older ones, or to None
    :param recent: dict of method to AUC on the newest leads, of rules made of all
        others
    :param error: standard error of the AUC on the newest leads

    >>> crossed = {"independent": 0.74, "joint": 0.76}
    >>> recent = {"independent": 0.74, "joint": 0.75}
    >>> choose(crossed, {"joint": 0.74}, recent, 0.02)
    'joint'
    >>> choose(crossed, {"joint": 0.65}, recent, 0.02)
    'independent'
    >>> choose(crossed, {"joint": 0.65}, recent, 0.005)
    'joint'
    >>> choose({"independent": 0.74, "joint": 0.7405}, {}, recent, 0.02)
    'independent'
    """
    best = _plainest_best(crossed)
    found = newest.get(best)
    if found is not None and found < crossed[best] - CONFIDENCE * error:
        return _plainest_best(recent, error)
    return best


def find_change(won):
    """Return since when leads are won much more or less often than before, or None.

    :param won: whether each lead was won, the oldest first
    :return: ``Change``: position of the first lead since then, and the two win rates

    >>> steady = [True, False, False, False] * 500
    >>> find_change(steady) is None
    True
    >>> find_change(steady + [True, False] * 1000)
    Change(since=2000, rate_before=0.25, rate_after=0.5)
    """
    leads, hits = len(won), sum(won)
    best, change, before = CHANGED, None, 0
    borders = sorted({leads * i // SLICES for i in range(1, SLICES)})
    last = 0
    for border in borders:
        before += sum(won[last:border])
        last = border
        after = hits - before
        rates = before / max(border, 1), after / (leads - border)
        if min(rates) * FACTOR > max(rates):
            continue
        chi = chi_square(border, before, leads - border, after)
        if chi > best:
            best, change = chi, Change(border, *rates)
    return change


def compare_since(columns, won, limit, method, change):
    """Return how well all history, and that since a change, sort the leads since then.

    :return: two AUCs on leads since the change that were not learnt from, and their
        standard error; None when these leads are too few
    """
    since = won[change.since :]
    if len(since) < ENOUGH or min(sum(since), len(since) - sum(since)) < PROVEN:
        return None
    before = range(0, change.since, _stride(change.since, columns))
    after = range(change.since, len(won), _stride(len(since), columns))
    every, alone = (
        _cross(columns, won, limit, method, tried=after, learnt=learnt)[0]
        for learnt in ([*before, *after], after)
    )
    return every, alone, _error(every, (sum(since), len(since) - sum(since)))


def sample(columns, won):
    """Return as many leads as there is time for, evenly over the history."""
    return pick(columns, won, range(0, len(won), _stride(len(won), columns)))


def pick(columns, won, positions):
    """Return the leads at some positions: their columns, and which are won."""
    picked = [
        column._replace(values=[column.values[i] for i in positions])
        for column in columns
    ]
    return picked, [won[i] for i in positions]


def area_of(rules, columns, won):
    """Return the AUC of rules on some leads, or None."""
    totals = scorecard.totals_of(rules, columns) or [0] * len(won)
    rows = [
        (total, int(hit), int(not hit)) for total, hit in zip(totals, won, strict=True)
    ]
    return auc(rows)


def interval(area, won, lost):
    """Return half the width of where the AUC of new leads lies, 19 times in 20.

    They are taken to be as many as the newest part; fewer leads, a wider interval.

    >>> round(interval(0.7, 40, 160), 2), round(interval(0.7, 400, 1600), 2)
    (0.2, 0.06)
    """
    known = _error(area, (won, lost))
    new = _error(area, (won * NEWEST, lost * NEWEST))
    return CONFIDENCE * math.hypot(known, new)


def _stride(leads, columns):
    """Return that every so many-th lead is to be taken."""
    wanted = min(SAMPLE, max(FEWEST, CELLS // max(len(columns), 1)))
    return max(1, math.ceil(leads / wanted))


def _conclude(method, crossed, newest, won):
    """Return the ``Check`` of the chosen method."""
    counts = sum(won), len(won) - sum(won)
    wide = interval(crossed, *counts)
    low, high = crossed - wide, min(crossed + wide, 1.0)
    error = _error(newest, _newest_of(won)) if newest is not None else None
    drifts = newest is not None and newest < crossed - CONFIDENCE * error
    if drifts:
        low = min(low, newest - CONFIDENCE * error)
    return Check(
        method,
        crossed,
        _error(crossed, counts),
        max(low, 0),
        high,
        newest,
        error,
        drifts,
    )


def _plainest_best(areas, trifle=SIMPLE):
    """Return the method with the largest AUC, a plainer one if that is as good.

    >>> _plainest_best({"joint": 0.7005, "independent": 0.7, "pairs": 0.72})
    'pairs'
    """
    order = sorted(areas, key=PLAINEST.index)
    best = order[0]
    for method in order[1:]:
        if areas[method] > areas[best] + trifle:
            best = method
    return best


def _cross(columns, won, limit, method, tried=None, learnt=None):
    """Return the mean AUC of parts of the leads, each of rules made of the others.

    :param tried: positions of the leads to try rules on; all by default
    :param learnt: positions of the leads to learn from; all by default
    :return: the AUC on all leads that are tried, and on the newest of them
    """
    tried = range(len(won)) if tried is None else tried
    learnt = range(len(won)) if learnt is None else learnt
    start = tried[round(len(tried) * (1 - NEWEST))]
    areas, recent = [], []
    for number in range(PARTS):
        # every so many-th lead: each part is spread over the whole history
        part = tried[number::PARTS]
        left_out = set(part)
        rest = [position for position in learnt if position not in left_out]
        rules = _learn(columns, won, limit, method, rest)
        areas.append(area_of(rules, *pick(columns, won, part)))
        newest = [position for position in part if position >= start]
        recent.append(area_of(rules, *pick(columns, won, newest)))
    return _mean(areas), _mean(recent)


def _mean(areas):
    """Return the mean of the areas that are known; that of a coin for none."""
    known = [area for area in areas if area is not None]
    return sum(known) / len(known) if known else 0.5


def _learn(columns, won, limit, method, positions):
    """Return rules made of some leads; none where only one outcome is known."""
    from_columns, from_won = pick(columns, won, positions)
    if not any(from_won) or all(from_won):
        return []
    return scorecard.suggest(from_columns, from_won, limit, method)


def _newest(columns, won, limit, method):
    """Return the AUC on the newest leads of rules made of the older ones, or None."""
    start = round(len(won) * (1 - NEWEST))
    rules = _learn(columns, won, limit, method, range(start))
    return area_of(rules, *pick(columns, won, range(start, len(won))))


def _newest_of(won):
    """Return the numbers of won and lost among the newest leads."""
    newest = won[round(len(won) * (1 - NEWEST)) :]
    return sum(newest), len(newest) - sum(newest)


def _error(area, counts):
    """Return the standard error of an AUC, large where next to nothing is known."""
    return auc_error(area, *(max(count, 1) for count in counts))
