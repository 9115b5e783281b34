"""The points of all rules of a scorecard fitted together.

A part of ``scorecard``; the buckets it fits are those of ``scorecard_buckets``.
"""

import math
from collections import Counter
from heapq import heappop, heappush

from .scorecard_buckets import min_chi_square

LARGEST = 100  # points of one rule, either sign
SCALE = 10  # points per unit of log-odds

ADDS = 1.0  # chi-square a real bucket must add to what the other rules tell
RIDGE = 5.0  # how hard the joint fit pulls the points towards 0
STRIDE = 1.0  # log-odds one move of the fit may change at most, lest it overshoot
SPARE = 2  # pairs are tried beside all rules, one to so many, then the least leave
SWEEPS = 10  # at most so many rounds to settle the fitted points


def to_points(log_odds):
    """Return log-odds as a whole number of points within the limits.

    >>> to_points(0.84), to_points(-0.02), to_points(-30)
    (8, 0, -100)
    """
    return max(-LARGEST, min(LARGEST, round(SCALE * log_odds)))


def fit_jointly(buckets, won, limit, pairs=()):
    """Return (bucket, points) fitted together, one more bucket at a time.

    Each time the bucket is added that explains most of what the others leave open.

    :param pairs: buckets of two conditions; so many are tried that one has to explain
        more than chance does in the best of them
    """
    fit = Fit(won)
    fit.grow(dict.fromkeys(_drop_complements(buckets, len(won)), ADDS), limit)
    fit.settle()
    if pairs:
        bar = min_chi_square(1, len(pairs))
        fit.grow(dict.fromkeys(pairs, bar), limit + max(limit // SPARE, 1))
        fit.settle()
        fit.prune(limit)
    chosen = [(bucket, points) for bucket, points in fit.points.items() if points]
    return sorted(chosen, key=lambda pair: -fit.weight(*pair))


def _drop_complements(buckets, leads):
    """Return the buckets, of two that make up all leads only the smaller.

    Both say the same, and the exception reads better as a rule.
    """
    kept, sizes = [], set()
    for bucket in sorted(buckets, key=lambda bucket: bucket.support):
        if (bucket.column, leads - bucket.support) not in sizes:
            sizes.add((bucket.column, bucket.support))
            kept.append(bucket)
    return kept


class Ranking:
    """What may still be added to a fit, the most telling first.

    What a bucket explains gets less as others are added. So each was measured at some
    time, and only those at the top are measured again: the rest cannot be better.

    :param bar: dict of bucket to the gain it needs to be added
    """

    def __init__(self, bar, fit):
        self.bar, self.fit = bar, fit
        self.heap = []
        for number, bucket in enumerate(bar):
            self._push(number, bucket)

    def pop_best(self):
        """Take out and return the bucket that adds most now, or None."""
        fresh = set()
        while self.heap:
            __, number, bucket = heappop(self.heap)
            if number in fresh:
                return bucket
            fresh.add(number)
            self._push(number, bucket)
        return None

    def _push(self, number, bucket):
        """Measure a bucket, and keep it unless it has nothing to add."""
        gain = self.fit.pull(bucket)[0]
        if gain >= self.bar[bucket]:
            heappush(self.heap, (-gain, number, bucket))


class Fit:
    """A logistic regression with whole points: log-odds = base + points / 10.

    It moves one bucket at a time by a Newton step, and a ridge penalty pulls all points
    towards 0. Points never contradict the bucket's own win rate: who sees a rule with
    more wins than usual expects it to add points.

    ``totals`` has the points of each lead so far, ``chances`` how probably it is won by
    them, and ``spreads`` the variance of that.
    """

    def __init__(self, won):
        self.hits = sum(won)
        self.rate = self.hits / len(won)
        self.base = math.log(self.rate / (1 - self.rate))
        self.points = {}
        self.totals = [0] * len(won)
        self._refresh()

    def pull(self, bucket):
        """Return what moving a bucket gains, and by how many log-odds.

        The base is taken to move along, as a bucket of most leads is all but the base.

        :return: gain as a chi-square with one degree of freedom, and step; (0, 0) for a
            new bucket that would contradict its win rate
        """
        held = RIDGE * self.points.get(bucket, 0) / SCALE
        slope = bucket.won - sum(bucket.pick(self.chances)) - held
        if bucket not in self.points and slope * self._side(bucket) <= 0:
            return 0.0, 0.0
        spread = self._own_spread(bucket) + RIDGE
        step = max(-STRIDE, min(STRIDE, slope / spread))
        return slope * slope / spread, step

    def weight(self, bucket, points):
        """Return how much a rule matters: its points, and how many leads they part."""
        return points * points * self._own_spread(bucket)

    def add(self, bucket):
        """Take a bucket in, and adapt the points of all the others once."""
        self._repeat(lambda: self._move(bucket))
        self._fit_once()

    def grow(self, bar, limit):
        """Add the buckets that tell most, one at a time, up to so many in all.

        :param bar: dict of bucket to the gain it needs to be added
        """
        left = Ranking(bar, self)
        while len(self.points) < limit and (best := left.pop_best()):
            self.add(best)

    def prune(self, limit):
        """Take out the buckets that matter least until so many are left."""
        while len(self.points) > limit:
            least = min(self.points, key=lambda b: self.weight(b, self.points[b]))
            self._give(least, 0)
            del self.points[least]
            self.settle()

    def settle(self):
        """Adapt all points until nothing moves any more."""
        self._repeat(self._fit_once)

    def _repeat(self, move):
        """Call what returns whether it moved until it does not, within reason."""
        for _round in range(SWEEPS):
            if not move():
                break

    def _fit_once(self):
        """Adapt the points of each bucket once; return whether any moved."""
        return any([self._move(bucket) for bucket in list(self.points)])

    def _move(self, bucket):
        """Move a bucket by whole points to where it fits best; return whether any."""
        before = self.points.setdefault(bucket, 0)
        points = to_points(before / SCALE + self.pull(bucket)[1])
        if points * self._side(bucket) < 0:
            points = 0
        if points != before:
            self._give(bucket, points)
        return points != before

    def _give(self, bucket, points):
        """Give the leads of a bucket so many points in place of those it had."""
        more = points - self.points[bucket]
        self.points[bucket] = points
        for i in bucket.members:
            self.totals[i] += more
        self._refresh()

    def _refresh(self):
        """Move the base to where as many wins are expected as there are."""
        levels = Counter(self.totals)
        for _round in range(SWEEPS):
            chances = WinProbability(self.base)
            gap = self.hits - sum(n * chances[total] for total, n in levels.items())
            self.spread = sum(n * chances.spread(total) for total, n in levels.items())
            if abs(gap) < 0.001 * self.hits:
                break
            self.base += max(-STRIDE, min(STRIDE, gap / self.spread))
        spreads = {total: chances.spread(total) for total in levels}
        self.chances = list(map(chances.__getitem__, self.totals))
        self.spreads = list(map(spreads.__getitem__, self.totals))

    def _own_spread(self, bucket):
        """Return the variance of a bucket's wins that the base leaves to it."""
        spread = sum(bucket.pick(self.spreads))
        return spread * max(1 - spread / self.spread, 0.0)

    def _side(self, bucket):
        """Return a number with the sign the points of a bucket may have."""
        return bucket.won / bucket.support - self.rate


class WinProbability(dict):
    """How probably a lead with some total is won, computed once per total.

    >>> WinProbability(base=0.0)[0], round(WinProbability(base=0.0)[10], 2)
    (0.5, 0.73)
    """

    def __init__(self, base):
        self.base = base

    def __missing__(self, total):
        chance = self[total] = 1 / (1 + math.exp(-self.base - total / SCALE))
        return chance

    def spread(self, total):
        """Return the variance of winning with some total.

        >>> WinProbability(base=0.0).spread(0)
        0.25
        """
        return self[total] * (1 - self[total])
