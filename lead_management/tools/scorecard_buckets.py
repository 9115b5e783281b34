"""Columns of leads cut into buckets, and which of these differ from the other leads.

A part of ``scorecard``, which says what a column and a bucket are.
"""

import math
from bisect import bisect_right
from collections import Counter, namedtuple
from operator import itemgetter
from statistics import NormalDist

BINS, BANDS = 20, 5  # bands of a number: first cut finely, then merged down
ALIKE = 10.0  # chi-square below which two neighbouring bands become one
MOVED = 0.01  # part of the leads a rounded cut may move into the next band

CERTAIN = 6.6  # chi-square that chance alone exceeds once in a hundred
FALSE = 0.1  # part of the buckets taken for real that may be due to chance


# What a lead must be like: ``column`` "is" or is one "in" ``value``, lies in a "band"
# from ``low`` to below ``high`` (None: no end), or is "unset".
Part = namedtuple("Part", "column kind value low high", defaults=(None, None, None))


class Bucket:
    """The leads that share one category, one band of numbers, or "not set".

    ``part`` says what they share, ``also`` what else, if two things have to hold;
    ``pick`` reads their entries out of a list with one entry per lead.
    """

    def __init__(self, part, members, won, also=None):
        self.part, self.also = part, also
        self.members = members
        self.pick = itemgetter(*members) if len(members) > 1 else None
        self.column, self.kind, self.value, self.low, self.high = part
        self.support = len(members)
        self.won = sum(map(won.__getitem__, members))


def buckets_of(column, won, support):
    """Return the buckets of a column with enough leads, unless one holds them all."""
    split = _by_band if column.kind == "number" else _by_category
    buckets = [*split(column, won, support), *_not_set(column, won)]
    return [bucket for bucket in buckets if support <= bucket.support < len(won)]


def unset(value):
    """Return whether there is no value; a number that is none (NaN) is no value.

    >>> unset(None), unset(float("nan")), unset(0), unset("")
    (True, True, False, False)
    """
    return value is None or value != value


def _not_set(column, won):
    """Return the bucket of the leads without a value, in a list."""
    members = [i for i, value in enumerate(column.values) if unset(value)]
    return [Bucket(Part(column.name, "unset"), members, won)]


def _by_category(column, won, support):
    """Return one bucket per category that is not too rare."""
    groups = {}
    for i, value in enumerate(column.values):
        if not unset(value):
            groups.setdefault(value, []).append(i)
    return [
        Bucket(Part(column.name, "is", value), members, won)
        for value, members in groups.items()
        if len(members) >= support
    ]


def _by_band(column, won, support):
    """Return one bucket per band of numbers, none when all numbers are alike."""
    cuts = _cuts(column, won, support)
    if not cuts:
        return []
    groups = [[] for _ in range(len(cuts) + 1)]
    for i, value in enumerate(column.values):
        if not unset(value):
            groups[bisect_right(cuts, value)].append(i)
    return [
        Bucket(Part(column.name, "band", None, low, high), members, won)
        for members, low, high in zip(groups, [None, *cuts], [*cuts, None], strict=True)
    ]


def _cuts(column, won, support):
    """Return the numbers at which the bands of a column start, without the lowest.

    The numbers are cut finely into parts of about equal size, whose neighbours are then
    merged as long as their win rates are alike or too many are left (after R. Kerber,
    "ChiMerge: discretization of numeric attributes", AAAI 1992).
    """
    pairs = sorted(
        (value, hit)
        for value, hit in zip(column.values, won, strict=True)
        if not unset(value)
    )
    numbers = [value for value, _hit in pairs]
    parts = _merge_alike(_fine_parts(pairs), support)
    cuts = [_round_cut(numbers, part[0]) for part in parts[1:]]
    return sorted(set(cuts))


def _fine_parts(pairs):
    """Return [start, leads, won] of about ``BINS`` parts of equal size.

    Equal numbers stay together. Where there are few different ones, or many leads share
    one, a number is a part of its own.

    :param pairs: (number, won) ascending by number
    :return: list ascending; the start is a position in ``pairs``

    >>> _fine_parts([(1, True), (1, False), (2, True)])
    [[0, 2, 1], [2, 1, 1]]
    >>> _fine_parts([(0, True)] * 60 + [(n, False) for n in range(1, 41)])[:3]
    [[0, 60, 60], [60, 5, 0], [65, 5, 0]]
    """
    few = len({number for number, _hit in pairs}) <= BINS
    size = 0 if few else len(pairs) / BINS
    parts, start = [], 0
    leads = Counter(number for number, _hit in pairs)
    won = Counter(number for number, hit in pairs if hit)
    for number, count in leads.items():
        full = parts and (parts[-1][1] >= size or count >= size)
        if full or not parts:
            parts.append([start, 0, 0])
        parts[-1][1] += count
        parts[-1][2] += won[number]
        start += count
    return parts


def _merge_alike(parts, support):
    """Return the parts merged until each has enough leads and differs from the next.

    :param parts: list of [start, leads, won] ascending

    >>> _merge_alike([[0, 50, 10], [50, 50, 11], [100, 50, 40], [150, 5, 0]], 30)
    [[0, 100, 21], [100, 55, 40]]
    """
    parts = [list(part) for part in parts]
    while len(parts) > 1:
        small = [i for i, part in enumerate(parts) if part[1] < support]
        borders = range(len(parts) - 1)
        if small:
            borders = [i for i in borders if i in small or i + 1 in small]
        gaps = {i: chi_square(*parts[i][1:], *parts[i + 1][1:]) for i in borders}
        closest = min(gaps, key=gaps.get)
        if not small and len(parts) <= BANDS and gaps[closest] >= ALIKE:
            break
        _start, leads, won = parts.pop(closest + 1)
        parts[closest][1] += leads
        parts[closest][2] += won
    return parts


def _round_cut(numbers, start):
    """Return a readable number for the border before a position.

    :param numbers: ascending
    :param start: position of the first number of the upper band, at least 1
    :return: a number of at most two digits that keeps the bands as they are; without
        one, the roundest that moves few leads (see ``MOVED``) into the other band

    >>> _round_cut([1, 1, 2, 2], 2), _round_cut([0.5, 4.9, 11.8, 12.1], 2)
    (2, 10)
    >>> _round_cut(list(range(1000)), 503)
    500
    """
    wanted = numbers[start]
    cut = _roundest(numbers[start - 1], wanted, wanted)
    if cut == float(f"{cut:.1e}"):
        return cut
    slack = int(len(numbers) * MOVED)
    below = numbers[max(start - 1 - slack, 0)]
    return _roundest(below, numbers[min(start + slack, len(numbers) - 1)], wanted)


def _roundest(below, highest, wanted):
    """Return the roundest number above ``below`` up to ``highest``, near ``wanted``.

    >>> _roundest(3, 6, 4), _roundest(-2, 7, 3), _roundest(0.81, 0.842, 0.83)
    (5, 0, 0.84)
    >>> _roundest(6, 7, 7), _roundest(1e-9, 2e-9, 2e-9)
    (7, 2e-09)
    """
    largest = max(abs(below), abs(highest))
    if not 1e-200 < largest < 1e200:
        return wanted
    exponent = math.floor(math.log10(largest)) + 1
    for power in range(exponent, exponent - 12, -1):
        for step in (5, 2, 1):
            count = round(wanted / step / 10.0**power)
            for near in (count, count - 1, count + 1):
                number = float(f"{near * step}e{power}")
                if below < number <= highest:
                    return int(number) if number.is_integer() else number
    return wanted


# ------------------------------------------------------------
# SIGNIFICANCE
# ------------------------------------------------------------


def significant(buckets, tries, won):
    """Return the buckets whose win rate differs from that of all other leads.

    Most of what is left is real, however much is tried (Y. Benjamini and Y. Hochberg,
    "Controlling the false discovery rate", 1995).

    :param tries: among how many possible buckets these were found
    """
    leads, hits = len(won), sum(won)
    found = [
        chi_square(b.support, b.won, leads - b.support, hits - b.won) for b in buckets
    ]
    ranked = sorted(found, reverse=True)
    passed = [
        chi for rank, chi in enumerate(ranked, 1) if chi >= min_chi_square(rank, tries)
    ]
    lowest = passed[-1] if passed else math.inf
    return [b for b, chi in zip(buckets, found, strict=True) if chi >= lowest]


def chi_square(leads, won, other_leads, other_won):
    """Return how strongly two groups differ in their win rates.

    :return: chi-square with one degree of freedom; 0 when a group is empty

    >>> round(chi_square(100, 20, 100, 40), 2), chi_square(100, 20, 0, 0)
    (9.52, 0.0)
    """
    rate = (won + other_won) / (leads + other_leads)
    if not leads or not other_leads or rate in (0, 1):
        return 0.0
    gap = won / leads - other_won / other_leads
    return gap * gap / (rate * (1 - rate) * (1 / leads + 1 / other_leads))


def min_chi_square(rank, tries):
    """Return the chi-square the bucket at a rank has to reach among so many tried.

    The more are tried the better the first has to be; each that passes makes it easier
    for the next, down to ``CERTAIN``.

    >>> [round(min_chi_square(rank, 100), 1) for rank in (1, 10, 100)]
    [10.8, 6.6, 6.6]
    """
    chance = min(FALSE * rank / tries, 1.0)
    return max(CERTAIN, NormalDist().inv_cdf(1 - chance / 2) ** 2)
