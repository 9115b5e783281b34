"""Whether a change is one, or the usual variation; without database."""

from math import comb, erfc, sqrt

CLEARLY, PROBABLY, NOT_CLEAR, FEW = "clearly", "probably", "unclear", "few"
# How sure the words are.
LEVELS = ((CLEARLY, 0.01), (PROBABLY, 0.10))
# Below this in both periods only numbers are told.
ENOUGH = 5
# Up to this many the exact test takes no time worth speaking of.
EXACT = 1000


def wilson(k, n, z=1.96):
    """Return the interval of a rate: k of n.

    >>> [round(edge, 2) for edge in wilson(3, 5)], wilson(0, 0)
    ([0.23, 0.88], (0.0, 1.0))
    """
    if not n:
        return 0.0, 1.0
    p, d = k / n, 1 + z * z / n
    middle = p + z * z / 2 / n
    half = z * sqrt(p * (1 - p) / n + z * z / 4 / n / n)
    return max(0.0, (middle - half) / d), min(1.0, (middle + half) / d)


def newcombe(k1, n1, k0, n0, z=1.96):
    """Return the interval of the difference of two rates.

    >>> [round(100 * edge) for edge in newcombe(6, 10, 3, 10)]
    [-12, 60]
    """
    (low1, high1), (low0, high0) = wilson(k1, n1, z), wilson(k0, n0, z)
    p1, p0 = k1 / n1 if n1 else 0, k0 / n0 if n0 else 0
    return (
        p1 - p0 - sqrt((p1 - low1) ** 2 + (high0 - p0) ** 2),
        p1 - p0 + sqrt((high1 - p1) ** 2 + (p0 - low0) ** 2),
    )


def _two_sided(z):
    return erfc(abs(z) / sqrt(2))


def p_rates(k1, n1, k0, n0):
    """Return how often chance alone makes two rates differ so much, or more.

    The smallest doubt at which the interval of the difference leaves zero out, so that
    verdict and interval never contradict one another.

    >>> round(p_rates(6, 10, 3, 10), 2), p_rates(0, 0, 1, 2), p_rates(5, 10, 50, 100)
    (0.17, 1.0, 1.0)
    >>> p_rates(300, 1000, 200, 1000) < 1e-6
    True
    """
    if not n1 or not n0 or k1 * n0 == k0 * n1:
        return 1.0
    low, high = 0.0, 40.0
    for __ in range(60):
        z = (low + high) / 2
        edges = newcombe(k1, n1, k0, n0, z)
        if edges[0] > 0 or edges[1] < 0:
            low = z
        else:
            high = z
    return _two_sided(low)


def p_counts(n1, n0, share=0.5, spread=1.0):
    """Return how often chance alone divides n1 + n0 like this, or more unevenly.

    :param share: the part of the first, by their lengths
    :param spread: how much more the numbers vary than by pure chance, at least 1

    >>> round(p_counts(12, 8), 2), round(p_counts(120, 80), 3), p_counts(0, 0)
    (0.5, 0.006, 1.0)
    >>> p_counts(120, 80, spread=4) > 0.1, p_counts(1200, 800) < 1e-9
    (True, True)
    """
    n = n1 + n0
    if not n or not 0 < share < 1:
        return 1.0
    if spread <= 1 and n <= EXACT and share == 0.5:
        k = max(n1, n0)
        return min(1.0, 2 * sum(comb(n, i) for i in range(k, n + 1)) / 2**n)
    spread = max(spread, 1.0)
    off = max(0.0, abs(n1 - n * share) - 0.5)
    return _two_sided(off / sqrt(n * share * (1 - share) * spread))


def get_spread(counts):
    """Return how much more counts of like periods vary than by pure chance.

    >>> get_spread([10, 10, 10]), round(get_spread([5, 15, 25, 35]), 1), get_spread([])
    (1.0, 8.3, 1.0)
    """
    if len(counts) < 3 or not any(counts):
        return 1.0
    mean = sum(counts) / len(counts)
    variance = sum((count - mean) ** 2 for count in counts) / (len(counts) - 1)
    return max(1.0, variance / mean)


def p_ranks(rank_sum, n1, n0, ties=0):
    """Return how often chance alone ranks one group so differently from another.

    :param rank_sum: sum of the ranks of the n1 values among all
    :param ties: sum of t³ − t over groups of t equal values

    >>> round(p_ranks(15, 5, 5), 3), p_ranks(27.5, 5, 5), p_ranks(0, 0, 3)
    (0.012, 1.0, 1.0)
    """
    n = n1 + n0
    if not n1 or not n0:
        return 1.0
    mean = n1 * (n + 1) / 2
    variance = n1 * n0 / 12 * (n + 1 - (ties / (n * (n - 1)) if n > 1 else 0))
    if variance <= 0:
        return 1.0
    return _two_sided(max(0.0, abs(rank_sum - mean) - 0.5) / sqrt(variance))


def get_verdict(p, *sizes):
    """Return the word for a change that chance makes as often as ``p``.

    >>> get_verdict(0.006, 120, 80), get_verdict(0.05, 30, 10), get_verdict(0.5, 9, 8)
    ('clearly', 'probably', 'unclear')
    >>> get_verdict(0.001, 4, 0)
    'few'
    """
    if sizes and max(sizes) < ENOUGH:
        return FEW
    return next((word for word, level in LEVELS if p < level), NOT_CLEAR)


def choose_significant(ps, level=0.10):
    """Return which of many are no chance, so that few are accused wrongly.

    Benjamini and Hochberg: of those named, at most such a share is named wrongly.

    >>> choose_significant([0.001, 0.04, 0.5, 0.03])
    [True, True, False, True]
    >>> choose_significant([0.09] + [0.5] * 11)[0], choose_significant([])
    (False, [])
    """
    order = sorted(range(len(ps)), key=ps.__getitem__)
    last = 0
    for place, number in enumerate(order, 1):
        if ps[number] <= level * place / len(ps):
            last = place
    named = set(order[:last])
    return [number in named for number in range(len(ps))]
