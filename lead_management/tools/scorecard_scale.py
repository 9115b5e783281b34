"""Points as a score from 0 to 100, and where warm and hot begin, without database.

A part of ``scorecard``.
"""

import math
from collections import Counter, namedtuple

# The part of the leads that is to be hot, and warm or hot, and the limits of both.
HOT, HOT_LIMITS = 0.2, (0.05, 0.4)
WARM, WARM_LIMITS = 0.5, (0.1, 0.8)
# The points that span a score of 0 to 100 leave out so many extreme leads at each end.
EXTREME = 0.01
ROOM = 1.25  # by so much more points for 100 there is room above the best leads

Scale = namedtuple("Scale", "base full warm hot warm_share hot_share")


def scale_of(totals):
    """Return how points become a score, so that some leads are hot, and not all.

    :param totals: the points of each lead, at least one
    :return: ``Scale``: ``base``, the points each lead starts with; ``full``, those for
        a score of 100; the scores from which a lead is warm and hot; which part of
        these leads is warm or hot, and hot

    >>> scale_of([*range(100)])
    Scale(base=0, full=98, warm=51, hot=82, warm_share=0.5, hot_share=0.2)

    Where three quarters of the leads score alike, these are not hot:

    >>> scale_of([0] * 20 + [10] * 76 + [20] * 4)
    Scale(base=0, full=20, warm=50, hot=100, warm_share=0.8, hot_share=0.04)
    >>> scale_of([0] * 24 + [10] * 76)
    Scale(base=0, full=13, warm=77, hot=78, warm_share=0.76, hot_share=0.0)
    """
    ordered = sorted(totals)
    last = len(ordered) - 1
    low = max(-1_000, min(1_000, ordered[int(EXTREME * last)]))
    full = max(1, min(10_000, ordered[round((1 - EXTREME) * last)] - low))
    scale = _divide(totals, -low, full)
    if scale.hot_share > HOT_LIMITS[1]:
        # so many score 100 that there is no room above them
        scale = _divide(totals, -low, math.ceil(full * ROOM))
    return scale


def _divide(totals, base, full):
    """Return the ``Scale`` of some points for a score of 100."""
    scores = Counter(score_of(total, base, full) for total in totals)
    hot, hot_share = threshold(scores, HOT, HOT_LIMITS)
    warm, warm_share = threshold(scores, WARM, WARM_LIMITS)
    if warm > hot:
        warm, warm_share = hot, hot_share
    return Scale(base, full, warm, hot, warm_share, hot_share)


def score_of(total, base, full):
    """Return points as a score, rounded half up: as the database does it.

    >>> score_of(-7, 5, 80), score_of(39, 20, 80), score_of(200, 0, 80)
    (0, 74, 100)
    """
    return min(100, (200 * max(0, total + base) + full) // (2 * full))


def threshold(scores, wanted, limits):
    """Return the score from which about a part of the leads is, and that part.

    Leads of one score stay together: the score is one that leads have. When none of
    these keeps within the limits it is the one with the largest part below them, and
    else one that no lead has: rather nobody than everybody.

    :param scores: dict of score to number of leads
    :param wanted: which part of the leads
    :param limits: the smallest and the largest part that will do

    >>> threshold({10: 50, 40: 30, 90: 20}, 0.25, (0.05, 0.4))
    (90, 0.2)
    >>> threshold({10: 24, 100: 76}, 0.2, (0.05, 0.4))
    (100, 0.76)
    >>> threshold({10: 24, 90: 76}, 0.2, (0.05, 0.4))
    (91, 0.0)
    """
    leads = sum(scores.values())
    found, reached = [], 0
    for score in sorted(scores, reverse=True):
        reached += scores[score]
        found.append((reached / leads, max(score, 1)))
    lowest, highest = limits
    fit = [pair for pair in found if lowest <= pair[0] <= highest]
    if fit:
        share, score = min(fit, key=lambda pair: abs(pair[0] - wanted))
        return score, share
    few = [pair for pair in found if pair[0] < lowest]
    if few:
        share, score = max(few)
        return score, share
    share, score = found[0]
    return (score + 1, 0.0) if score < 100 else (score, share)
