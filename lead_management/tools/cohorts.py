"""What becomes of leads of which many are still open; without database."""

from collections import namedtuple
from itertools import cycle
from math import ceil, sqrt

Step = namedtuple("Step", "day share")


def aalen_johansen(days):
    """Return the share that is won by each day, as if nobody were still open.

    Leads that are open count until the age they have; a loss is no lead that may yet be
    won. So young leads neither lower the share nor raise it.

    :param days: dict of age in days to the leads that were won, lost or are still open
        at that age
    :return: list of :class:`Step`, one a day on which somebody was won

    >>> curve = aalen_johansen({1: (1, 0, 0), 2: (0, 1, 0), 3: (1, 0, 1)})
    >>> [(day, round(share, 3)) for day, share in curve]
    [(1, 0.25), (3, 0.5)]
    >>> aalen_johansen({})
    []
    """
    at_risk = sum(map(sum, days.values()))
    open_share, won, curve = 1.0, 0.0, []
    for day in sorted(days):
        wins, losses, others = days[day]
        if wins:
            won += open_share * wins / at_risk
            curve.append(Step(day, won))
        open_share *= 1 - (wins + losses) / at_risk
        at_risk -= wins + losses + others
    return curve


def get_share(curve, day):
    """Return the share of a curve by a day.

    >>> get_share([Step(1, 0.25), Step(3, 0.5)], 2), get_share([], 9)
    (0.25, 0.0)
    """
    return next((share for at, share in reversed(curve) if at <= day), 0.0)


def pull(k, n, mean, weight=20):
    """Return a rate of few, pulled towards the mean of those alike.

    >>> pull(0, 0, 0.25), pull(10, 20, 0.25)
    (0.25, 0.375)
    """
    return (k + weight * mean) / (n + weight)


def forecast(shares):
    """Return how many are expected, and by how much that may well be wrong.

    :param shares: list of pairs (how many leads, how likely each of them is won)

    >>> expected, off = forecast([(100, 0.1), (20, 0.5)])
    >>> expected, round(off, 2)
    (20.0, 3.74)
    """
    expected = sum(n * p for n, p in shares)
    return expected, sqrt(sum(n * p * (1 - p) for n, p in shares))


def get_mean_error(pairs):
    """Return by how much something said was off from what came, on average.

    :param pairs: list of pairs (said, came)

    >>> get_mean_error([(10, 12), (20, 16)]), get_mean_error([])
    (3.0, None)
    """
    if not pairs:
        return None
    return sum(abs(said - came) for said, came in pairs) / len(pairs)


def get_ticks(largest, number=4):
    """Return round values for the axis of a picture, from 0 to at least the largest.

    >>> get_ticks(18), get_ticks(0), get_ticks(1200)
    ([0, 5, 10, 15, 20], [0, 1], [0, 500, 1000, 1500])
    """
    step, factors = 1, cycle((2, 2.5, 2))
    while step * number < largest:
        step = int(step * next(factors))
    return list(range(0, step * max(1, ceil(largest / step)) + 1, step))
