"""Buckets put together: several that are alike as one, or two that hold at once.

A part of ``scorecard``. A *union* is one rule where single buckets would take several
("month is March, September or October", "visits from 5"); a *pair* says what neither of
its two parts says alone ("decision maker and budget").
"""

from itertools import combinations

from .scorecard_buckets import Bucket, Part, chi_square, unset

MANY = 8  # categories in one union at most: a rule has to be read
POOL = 40  # how many of the strongest buckets and unions may become part of a pair
ALMOST = 0.95  # a pair with this part of the leads of one of its buckets is no news
PRIOR = 10  # average leads added to a category before it is put in order


def unions_of(buckets, won, support):
    """Return neighbouring bands, and the best and the worst categories, as one each.

    :param buckets: those of one column
    :param support: leads needed behind a union
    """
    bands = [bucket for bucket in buckets if bucket.kind == "band"]
    categories = _by_rate([b for b in buckets if b.kind == "is"], won)
    spans = [*_neighbours(bands), *_ends(categories)]
    unions = [_union(span, won) for span in spans]
    return [union for union in unions if support <= union.support < len(won)]


def pairs_of(buckets, won, support):
    """Return the pairs of the strongest buckets, of two columns each.

    :param buckets: of all columns; unions may be among them
    :param support: leads needed behind a pair
    """
    pool = sorted(buckets, key=lambda b: strength(b, won), reverse=True)[:POOL]
    members = {bucket: set(bucket.members) for bucket in pool}
    pairs = []
    for one, other in combinations(pool, 2):
        if one.column == other.column:
            continue
        both = members[one] & members[other]
        if support <= len(both) <= ALMOST * min(one.support, other.support):
            pairs.append(Bucket(one.part, sorted(both), won, also=other.part))
    return pairs


def may_pair(bucket, columns):
    """Return whether a condition can be written that holds for this bucket alone.

    Conditions on numbers take one that is not set for 0. So where some are not set, a
    band with 0 in it cannot be told from them, nor they from a real 0.
    """
    column = next(column for column in columns if column.name == bucket.column)
    if column.kind != "number":
        return True
    if bucket.kind == "unset":
        return 0 not in column.values
    low, high = bucket.low, bucket.high
    has_zero = (low is None or low <= 0) and (high is None or high > 0)
    return not (has_zero and any(map(unset, column.values)))


def strength(bucket, won):
    """Return how strongly a bucket differs from all other leads, as a chi-square."""
    leads, hits = len(won), sum(won)
    return chi_square(
        bucket.support, bucket.won, leads - bucket.support, hits - bucket.won
    )


def _by_rate(categories, won):
    """Return categories ascending by win rate; that of a rare one is drawn to all's."""
    usual = PRIOR * sum(won) / len(won)
    return sorted(categories, key=lambda b: (b.won + usual) / (b.support + PRIOR))


def _neighbours(bands):
    """Return all runs of two or more bands, but not of all.

    >>> ["".join(run) for run in _neighbours("abcd")]
    ['ab', 'abc', 'bc', 'bcd', 'cd']
    """
    starts = range(len(bands))
    return [
        bands[start:end]
        for start in starts
        for end in range(start + 2, len(bands) + 1)
        if end - start < len(bands)
    ]


def _ends(categories):
    """Return the first and the last of a list, two or more, as long as can be read.

    >>> ["".join(run) for run in _ends("abcd")]
    ['ab', 'cd', 'abc', 'bcd']
    """
    longest = min(MANY, len(categories) - 1)
    return [
        run
        for count in range(2, longest + 1)
        for run in (categories[:count], categories[-count:])
    ]


def _union(buckets, won):
    """Return one bucket of the leads of several that exclude each other."""
    members = sorted(i for bucket in buckets for i in bucket.members)
    first, last = buckets[0].part, buckets[-1].part
    if first.kind == "band":
        part = first._replace(high=last.high)
    else:
        values = tuple(bucket.part.value for bucket in buckets)
        part = Part(first.column, "in", values)
    return Bucket(part, members, won)
