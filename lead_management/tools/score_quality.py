"""How well a score tells won leads from lost ones, without database.

Every function takes ``rows``: (score, won, lost) with the numbers of won and of lost
leads at that score, in any order; a score may occur more than once.
"""

import math
from collections import namedtuple

Band = namedtuple("Band", "low high leads won rate")

CONFIDENCE = 1.96  # standard errors on either side that hold 95 % of the cases


def auc(rows):
    """Return how probably a won lead scores above a lost one, a tie counting half.

    This is the area under the ROC curve, which equals the Mann-Whitney U statistic
    divided by the number of pairs (J. A. Hanley and B. J. McNeil, "The meaning and use
    of the area under a receiver operating characteristic (ROC) curve", Radiology 143,
    1982). 0.5 is what a coin reaches, 1 a perfect order.

    :return: a number from 0 to 1, or None when nothing is won or nothing is lost

    >>> auc([(10, 0, 3), (50, 1, 0), (90, 1, 0)])
    1.0
    >>> auc([(10, 2, 2)]), auc([(0, 1, 0), (10, 0, 1)])
    (0.5, 0.0)
    >>> auc([(10, 2, 0)]) is None
    True
    """
    lost_below, won_all, pairs = 0, 0, 0
    for _score, won, lost in _by_score(rows):
        pairs += won * (lost_below + lost / 2)
        won_all += won
        lost_below += lost
    if not won_all or not lost_below:
        return None
    return pairs / (won_all * lost_below)


def auc_error(area, won, lost):
    """Return the standard error of an AUC, after Hanley and McNeil (1982, see above).

    :param area: the AUC
    :param won: number of won leads behind it, at least 1
    :param lost: number of lost leads behind it, at least 1
    :return: standard error, in the unit of the AUC

    >>> round(auc_error(0.7, 50, 100), 3), auc_error(1.0, 50, 100)
    (0.047, 0.0)
    """
    # chance that two won leads both beat one lost, and that one won beats two lost
    two_won = area / (2 - area)
    two_lost = 2 * area * area / (1 + area)
    variance = area * (1 - area)
    variance += (won - 1) * (two_won - area * area)
    variance += (lost - 1) * (two_lost - area * area)
    return math.sqrt(max(variance, 0.0) / (won * lost))


def lift(rows, share):
    """Return the win rate among the best leads, divided by that among all.

    Of the leads tied at the border the fraction that still fits counts.

    :param share: which part of the leads is "the best", above 0 up to 1
    :return: 1 when the score is of no use, more when it helps; None without won leads
    :raise ValueError: when the share is out of range

    >>> lift([(90, 8, 2), (10, 2, 8)], 0.5), lift([(90, 8, 2), (10, 2, 8)], 1)
    (1.6, 1.0)
    >>> lift([(50, 5, 5)], 0.1), lift([(50, 0, 5)], 0.1)
    (1.0, None)
    """
    if not 0 < share <= 1:
        raise ValueError(share)
    rows = _by_score(rows)
    leads = sum(won + lost for _score, won, lost in rows)
    won_all = sum(won for _score, won, _lost in rows)
    if not won_all:
        return None
    room = leads * share
    found = 0
    for _score, won, lost in reversed(rows):
        if won + lost >= room:
            found += won * room / (won + lost)
            break
        found += won
        room -= won + lost
    return found / (leads * share) / (won_all / leads)


def bands(rows, edges=(0, 20, 40, 60, 80), top=100):
    """Return the win rate of each band of scores.

    A band holds the scores from its low edge to below its high one; the last holds
    ``top`` too. Scores outside all bands are left out.

    :param edges: the low edges, ascending
    :return: list of ``Band``, the lowest first; the rate, 0 to 1, is None without leads

    >>> for band in bands([(10, 1, 3), (55, 2, 2), (100, 3, 0)], (0, 50, 80)):
    ...     print(tuple(band))
    (0, 50, 4, 1, 0.25)
    (50, 80, 4, 2, 0.5)
    (80, 100, 3, 3, 1.0)
    >>> bands([], (0,))
    [Band(low=0, high=100, leads=0, won=0, rate=None)]
    """
    rows = _by_score(rows)
    result = []
    for low, high in zip(edges, (*edges[1:], top), strict=True):
        last = len(result) == len(edges) - 1
        inside = [
            row for row in rows if low <= row[0] < high or (last and row[0] == top)
        ]
        won = sum(row[1] for row in inside)
        leads = won + sum(row[2] for row in inside)
        result.append(Band(low, high, leads, won, won / leads if leads else None))
    return result


def separates(rows):
    """Return whether the score beats a coin by more than chance explains.

    That is, whether the AUC is above 0.5 by more than 1.96 standard errors.

    >>> separates([(10, 20, 80), (60, 80, 20)]), separates([(10, 2, 8), (60, 3, 7)])
    (True, False)
    >>> separates([(10, 5, 0)])
    False
    """
    rows = list(rows)
    area = auc(rows)
    if area is None:
        return False
    won = sum(row[1] for row in rows)
    lost = sum(row[2] for row in rows)
    return area - 0.5 > CONFIDENCE * auc_error(area, won, lost)


def _by_score(rows):
    """Return the rows ascending by score, each score once.

    >>> _by_score([(5, 1, 0), (2, 0, 1), (5, 2, 1)])
    [(2, 0, 1), (5, 3, 1)]
    """
    merged = {}
    for score, won, lost in rows:
        before = merged.get(score, (0, 0))
        merged[score] = before[0] + won, before[1] + lost
    return [(score, *merged[score]) for score in sorted(merged)]
