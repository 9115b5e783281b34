"""What chance may do to the arithmetic of the report; without database."""

import random
from functools import cache
from math import exp

import pytest

from odoo.addons.lead_management.tools.causes import (
    Group,
    decompose_count,
    decompose_product,
    decompose_rate,
    get_excess,
)
from odoo.addons.lead_management.tools.chance import (
    choose_significant,
    newcombe,
    p_counts,
    p_rates,
)
from odoo.addons.lead_management.tools.cohorts import aalen_johansen, get_share


def _draw_groups(draw):
    groups = {}
    for number in range(draw.randint(1, 12)):
        n0 = draw.choice([0, 0, draw.randint(0, 5), draw.randint(0, 2000)])
        n1 = draw.choice([0, draw.randint(0, 5), draw.randint(0, 2000)])
        groups[number] = Group(n0, draw.randint(0, n0), n1, draw.randint(0, n1))
    return groups


def test_parts_add_up_whatever_the_groups():
    draw = random.Random(1)
    for __ in range(3000):
        groups = _draw_groups(draw)
        n0, k0, n1, k1 = (sum(values) for values in zip(*groups.values(), strict=True))
        parts = decompose_count(groups)
        assert parts.volume + parts.mix + parts.rate == pytest.approx(k1 - k0, abs=1e-9)
        by_group = sum(part.mix + part.rate for part in parts.groups.values())
        assert by_group == pytest.approx(parts.mix + parts.rate, abs=1e-9)
        if n0 and n1:
            rates = decompose_rate(groups).values()
            change = sum(part.mix + part.rate for part in rates)
            assert change == pytest.approx(k1 / n1 - k0 / n0, abs=1e-9)
        excess = get_excess({key: (g.n0, g.n1) for key, g in groups.items()})
        assert sum(excess.values()) == pytest.approx(0, abs=1e-6)


def test_factors_add_up():
    draw = random.Random(2)
    for __ in range(500):
        before, now = ([draw.uniform(0.01, 90) for __ in range(4)] for __ in range(2))
        change = now[0] * now[1] * now[2] * now[3]
        change -= before[0] * before[1] * before[2] * before[3]
        assert sum(decompose_product(before, now)) == pytest.approx(change, rel=1e-9)


@pytest.mark.parametrize(("size", "rate"), [(20, 0.2), (60, 0.2), (40, 0.05)])
def test_where_nothing_happened_nobody_is_accused(size, rate):
    """At most every tenth report names a group whose rate only chance moved."""
    draw, judge, number = random.Random(7), cache(p_rates), 2000

    def count():
        return sum(draw.random() < rate for __ in range(size))

    accused = sum(
        any(
            choose_significant(
                [judge(count(), size, count(), size) for __ in range(12)]
            )
        )
        for __ in range(number)
    )
    assert accused <= 0.10 * number


@pytest.mark.parametrize("mean", [5, 20, 60])
def test_where_nothing_happened_no_number_is_accused(mean):
    """The same for how many leads came of each of twelve sources."""
    draw, number, accused = random.Random(8), 1000, 0
    for __ in range(number):
        pairs = [
            (_draw_poisson(draw, mean), _draw_poisson(draw, mean)) for __ in range(12)
        ]
        before, now = (sum(counts) for counts in zip(*pairs, strict=True))
        share = now / (before + now)
        accused += any(
            choose_significant([p_counts(n1, n0, share) for n0, n1 in pairs])
        )
    assert accused <= 0.10 * number


def _draw_poisson(draw, mean):
    limit, number, product = exp(-mean), 0, draw.random()
    while product >= limit:
        number += 1
        product *= draw.random()
    return number


def test_the_interval_of_a_difference_covers_it():
    draw = random.Random(4)
    hit = 0
    for __ in range(2000):
        sizes = draw.randint(10, 40), draw.randint(10, 40)
        rates = draw.random() * 0.6, draw.random() * 0.6
        k1, k0 = (
            sum(draw.random() < rate for __ in range(size))
            for rate, size in zip(rates, sizes, strict=True)
        )
        low, high = newcombe(k1, sizes[0], k0, sizes[1])
        hit += low <= rates[0] - rates[1] <= high
    assert hit > 0.93 * 2000


def test_counts_are_symmetric():
    for a, b in ((12, 8), (120, 80), (0, 5)):
        assert p_counts(a, b) == pytest.approx(p_counts(b, a))


def test_young_cohorts_are_neither_too_good_nor_too_bad():
    """30 % are won in the end, 23.3 % by day 90; losses are faster than wins."""
    draw = random.Random(5)
    days = {}
    for __ in range(20_000):
        age, fate = 90 * draw.random(), draw.random()
        outcome, at = 2, age
        if fate < 0.3:
            outcome, at = 0, draw.expovariate(1 / 60)
        elif fate < 0.9:
            outcome, at = 1, draw.expovariate(1 / 20)
        if at > age:
            outcome, at = 2, age
        days.setdefault(round(at), [0, 0, 0])[outcome] += 1
    assert get_share(aalen_johansen(days), 90) == pytest.approx(0.233, abs=0.012)
