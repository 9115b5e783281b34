"""Whether one of two texts is better, said honestly; without database.

People look at a test again and again. Whoever stops at the first good looking number
is wrong far more often than one time in twenty. So: a size that is planned first, and
before it is reached only an e-value, which may be looked at as often as one likes.
"""

import hashlib
from math import ceil, exp, lgamma, log, sqrt

# Wrong one time in twenty, at most.
ENOUGH = 20
LEVEL = 0.05
# Normal quantiles: 5 % on both sides, and four in five found.
Z_LEVEL, Z_POWER = 1.959964, 0.841621

BETTER_A, BETTER_B, NONE, WAIT = "a", "b", "none", "wait"


def choose_arm(seed, share=50):
    """Return the arm of somebody, the same each time it is asked.

    :param seed: of whom and in which test
    :param share: percent of people in the first arm

    >>> choose_arm("1:x") == choose_arm("1:x"), choose_arm("1", 100), choose_arm("1", 0)
    (True, 'a', 'b')
    >>> 450 < sum(choose_arm(f"{n}:x") == "a" for n in range(1000)) < 550
    True
    """
    digest = hashlib.sha256(str(seed).encode()).digest()
    return "a" if int.from_bytes(digest[:6]) % 100 < share else "b"


def _lbeta(a, b):
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def e_value(hits_a, hits_b):
    """Return the evidence that the arms differ, of equal arms: 1 is none.

    Without a difference each hit is in either arm as a coin falls.

    >>> round(e_value(0, 0), 2), round(e_value(9, 7), 2), e_value(30, 5) > 20
    (1.0, 0.22, True)
    """
    return exp(
        _lbeta(hits_a + 0.5, hits_b + 0.5)
        - _lbeta(0.5, 0.5)
        + (hits_a + hits_b) * log(2)
    )


def fisher(hits_a, size_a, hits_b, size_b):
    """Return how often chance alone makes such a difference, or a larger one.

    >>> round(fisher(6, 100, 12, 100), 2), fisher(0, 0, 0, 0)
    (0.22, 1)
    """
    hits, size = hits_a + hits_b, size_a + size_b

    def weight(a):
        b = hits - a
        return (
            -lgamma(a + 1)
            - lgamma(size_a - a + 1)
            - lgamma(b + 1)
            - lgamma(size_b - b + 1)
        )

    possible = range(max(0, hits - size_b), min(hits, size_a) + 1)
    weights = {a: weight(a) for a in possible}
    if len(weights) < 2 or not size:
        return 1
    top = max(weights.values())
    total = sum(exp(one - top) for one in weights.values())
    rare = (one for one in weights.values() if one <= weights[hits_a] + 1e-9)
    return min(1, sum(exp(one - top) for one in rare) / total)


def planned_size(rate, better):
    """Return how many people an arm needs to find a difference four times in five.

    >>> planned_size(0.05, 0.10), planned_size(0.10, 0.20)
    (435, 199)
    """
    mean = (rate + better) / 2
    part = Z_LEVEL * sqrt(2 * mean * (1 - mean)) + Z_POWER * sqrt(
        rate * (1 - rate) + better * (1 - better)
    )
    return ceil(round((part / (better - rate)) ** 2, 4)) if better != rate else 0


def verdict(hits_a, size_a, hits_b, size_b, planned):
    """Return what may be said: an arm is better, no difference is seen, or wait.

    :param planned: people an arm was to have before anybody looks
    :return: one of ``BETTER_A``, ``BETTER_B``, ``NONE``, ``WAIT``

    >>> verdict(9, 93, 7, 90, 200), verdict(18, 200, 20, 200, 200)
    ('wait', 'none')
    >>> verdict(5, 90, 30, 92, 200), verdict(40, 200, 20, 200, 200)
    ('b', 'a')
    """
    is_full = min(size_a, size_b) >= planned > 0
    is_sure = is_full and fisher(hits_a, size_a, hits_b, size_b) < LEVEL
    is_early = abs(size_a - size_b) <= 0.2 * max(size_a, size_b, 1)
    if is_sure or (is_early and e_value(hits_a, hits_b) >= ENOUGH):
        return BETTER_A if hits_a * size_b > hits_b * size_a else BETTER_B
    return NONE if is_full else WAIT
