"""Why a number changed: parts that add up to the change exactly; without database."""

from collections import namedtuple
from math import log, prod

# Of each group: leads before and now, and how many of them did it.
Group = namedtuple("Group", "n0 k0 n1 k1")
Parts = namedtuple("Parts", "volume mix rate groups")
Part = namedtuple("Part", "mix rate")


def decompose_rate(groups):
    """Return what moved a rate: other shares of groups (mix), other rates in them.

    A group that is empty in one period has the rate of the other: all of it is mix.

    :param groups: dict of key to :class:`Group`
    :return: dict of key to :class:`Part`, which add up to the change of the rate

    Both sources got better, and the whole got worse:

    >>> groups = {"Referral": Group(800, 400, 300, 156), "Ads": Group(200, 20, 700, 77)}
    >>> parts = decompose_rate(groups)
    >>> round(100 * sum(part.mix for part in parts.values()), 2)
    -20.25
    >>> round(100 * sum(part.rate for part in parts.values()), 2)
    1.55
    """
    n0, n1 = (sum(getattr(g, name) for g in groups.values()) for name in ("n0", "n1"))
    k0, k1 = (sum(getattr(g, name) for g in groups.values()) for name in ("k0", "k1"))
    if not n0 or not n1:
        return {key: Part(0.0, 0.0) for key in groups}
    mean = (k0 / n0 + k1 / n1) / 2
    parts = {}
    for key, group in groups.items():
        r0 = group.k0 / group.n0 if group.n0 else None
        r1 = group.k1 / group.n1 if group.n1 else r0
        r0 = r1 if r0 is None else r0
        if r0 is None:
            parts[key] = Part(0.0, 0.0)
            continue
        w0, w1 = group.n0 / n0, group.n1 / n1
        parts[key] = Part((w1 - w0) * ((r0 + r1) / 2 - mean), (w0 + w1) / 2 * (r1 - r0))
    return parts


def decompose_count(groups):
    """Return what moved a count of successes: more leads, other leads, better ones.

    :return: :class:`Parts`, of which volume, mix and rate add up to the change

    >>> parts = decompose_count(
    ...     {"Referral": Group(800, 400, 300, 156), "Ads": Group(200, 20, 700, 77)})
    >>> round(parts.volume, 6), round(parts.mix, 1), round(parts.rate, 1)
    (0.0, -202.5, 15.5)
    >>> parts = decompose_count({"Web": Group(0, 0, 10, 4)})
    >>> parts.volume, parts.mix, parts.rate
    (4.0, 0.0, 0.0)
    """
    n0, n1 = (sum(getattr(g, name) for g in groups.values()) for name in ("n0", "n1"))
    k0, k1 = (sum(getattr(g, name) for g in groups.values()) for name in ("k0", "k1"))
    if not n0 or not n1:
        # nothing to compare with: what came, came with the leads
        return Parts(float(k1 - k0), 0.0, 0.0, {key: Part(0.0, 0.0) for key in groups})
    mean = (k0 / n0 + k1 / n1) / 2
    size = (n0 + n1) / 2
    parts = {
        key: Part(part.mix * size, part.rate * size)
        for key, part in decompose_rate(groups).items()
    }
    return Parts(
        (n1 - n0) * mean,
        sum(part.mix for part in parts.values()),
        sum(part.rate for part in parts.values()),
        parts,
    )


def get_excess(counts):
    """Return by how much each group differs from "all moved alike".

    A large group always changes much: only this names one. The sum is 0.

    :param counts: dict of key to pair (before, now)

    >>> get_excess({"Web": (100, 50), "Ads": (100, 150)})
    {'Web': -50.0, 'Ads': 50.0}
    >>> get_excess({"Web": (0, 5)})
    {'Web': 0.0}
    """
    before = sum(n0 for n0, __ in counts.values())
    now = sum(n1 for __, n1 in counts.values())
    if not before:
        return {key: 0.0 for key in counts}
    return {key: n1 - n0 * now / before for key, (n0, n1) in counts.items()}


def decompose_product(before, now):
    """Return what each factor of a product did to its change (LMDI).

    :param before: the factors, all of them above 0
    :return: list of parts that add up to the change of the product; None where a
        factor is not above 0

    >>> parts = decompose_product((1000, 0.4, 0.25, 12000), (900, 0.45, 0.24, 12500))
    >>> [round(part) for part in parts]
    [-127221, 142221, -49292, 49292]
    >>> round(sum(parts)), round(900 * 0.45 * 0.24 * 12500 - 1000 * 0.4 * 0.25 * 12000)
    (15000, 15000)
    >>> decompose_product((0, 1), (1, 1)), decompose_product((2, 3), (2, 3))
    (None, [0.0, 0.0])
    """
    if min(*before, *now) <= 0:
        return None
    v0, v1 = prod(before), prod(now)
    mean = v0 if v0 == v1 else (v1 - v0) / log(v1 / v0)
    return [mean * log(x1 / x0) for x0, x1 in zip(before, now, strict=True)]
