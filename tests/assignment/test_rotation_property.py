"""The rotation against the exact shares, for any weights, absences and batches."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.lead_management.tools.rotation import Rotation

NOTHING = 1e-6  # sums of floats

weights = st.lists(
    st.integers(1, 10) | st.sampled_from((1, 1, 1, 20, 50, 100, 997, 1000)),
    min_size=1,
    max_size=10,
).map(lambda numbers: dict(enumerate(numbers, 1)))
few_weights = st.lists(st.integers(1, 20), min_size=2, max_size=6).map(
    lambda numbers: dict(enumerate(numbers, 1))
)
seeds = st.integers(0, 2**32)
examples = settings(deadline=None, max_examples=40, derandomize=True, database=None)


def new_rotation(of_weights):
    return Rotation(dict.fromkeys(of_weights, 0), of_weights)


def reload(rotation, of_weights=None):
    """What another transaction reads of a ledger: fifteen digits, no first place."""
    return Rotation(
        {member: float(f"{owed:.15g}") for member, owed in rotation.owed.items()},
        of_weights or rotation.weights,
        {member: place for member, place in rotation.last.items() if place},
    )


def stretches(members, seed, number=20, longest=40):
    """Yield who is there, lead by lead: each is away for arbitrary stretches."""
    draw = random.Random(seed)
    for __ in range(number):
        there = [member for member in members if draw.random() < 0.6]
        there = there or [draw.choice(members)]
        for __ in range(draw.randint(1, longest)):
            yield there


def deal_with_absences(of_weights, seed):
    """Return a rotation after a time of absences, and what each is owed exactly."""
    rotation = new_rotation(of_weights)
    exact = dict.fromkeys(of_weights, 0)
    for there in stretches(list(of_weights), seed):
        for member, share in rotation.shares(there).items():
            exact[member] += share
        exact[rotation.deal(there)] -= 1
    return rotation, exact


@examples
@given(weights, st.integers(1, 2000))
def test_nobody_is_ever_a_whole_lead_from_the_exact_share(weights, leads):
    rotation = new_rotation(weights)
    total, had = sum(weights.values()), dict.fromkeys(weights, 0)
    for number in range(1, leads + 1):
        had[rotation.deal(list(weights))] += 1
        for member, weight in weights.items():
            assert abs(had[member] * total - number * weight) < total


@examples
@given(weights, seeds)
def test_what_is_owed_is_the_share_less_the_leads_had(weights, seed):
    rotation, exact = deal_with_absences(weights, seed)
    assert abs(sum(rotation.owed.values())) < NOTHING
    for member, owed in rotation.owed.items():
        assert abs(owed - exact[member]) < NOTHING


@examples
@given(few_weights, seeds, st.integers(1, 500))
def test_who_is_away_is_neither_owed_nor_charged(weights, seed, leads):
    rotation, __ = deal_with_absences(weights, seed)
    away, *there = weights
    owed = rotation.owed[away]
    for __ in range(leads):
        assert rotation.deal(there) != away
    assert rotation.owed[away] == owed


@examples
@given(few_weights, seeds)
def test_no_absence_makes_big_debts(weights, seed):
    rotation = new_rotation(weights)
    for there in stretches(list(weights), seed):
        rotation.deal(there)
        assert max(map(abs, rotation.owed.values())) < len(weights)


@examples
@given(few_weights, seeds)
def test_nobody_is_flooded_when_all_are_back(weights, seed):
    """Beyond the share there is what was owed before, and less than one lead."""
    rotation, __ = deal_with_absences(weights, seed)
    owed, shares = dict(rotation.owed), rotation.shares(list(weights))
    had = dict.fromkeys(weights, 0)
    for number in range(1, 201):
        had[rotation.deal(list(weights))] += 1
        for member, share in shares.items():
            more = had[member] - number * share
            assert more < max(owed[member], 0) + 1


@examples
@given(few_weights, seeds)
def test_all_are_even_soon_after_all_are_back(weights, seed):
    rotation, __ = deal_with_absences(weights, seed)
    for __ in range(2 * sum(weights.values())):
        rotation.deal(list(weights))
    for __ in range(100):
        rotation.deal(list(weights))
        assert max(map(abs, rotation.owed.values())) < 1


@examples
@given(few_weights, st.integers(0, 500), st.integers(1, 20))
def test_newcomer_starts_even(weights, leads, weight):
    rotation = new_rotation(weights)
    for __ in range(leads):
        rotation.deal(list(weights))
    rotation = reload(rotation, {**weights, 99: weight})
    share, had = rotation.shares(list(rotation.weights))[99], 0
    for number in range(1, 301):
        had += rotation.deal(list(rotation.weights)) == 99
        assert abs(had - number * share) < 1 + NOTHING


@examples
@given(few_weights, seeds)
def test_lead_given_back_is_as_if_it_had_not_been_dealt(weights, seed):
    rotation, __ = deal_with_absences(weights, seed)
    there = random.Random(seed).sample(list(weights), len(weights) - 1)
    owed = dict(rotation.owed)
    chosen = rotation.deal(there)
    rotation.give_back(chosen, rotation.shares(there))
    for member in weights:
        assert abs(rotation.owed[member] - owed[member]) < NOTHING
    assert rotation.deal(there) == chosen


@examples
@given(few_weights, st.integers(1, 60))
def test_leads_given_back_while_somebody_was_away_are_not_his(weights, leads):
    away, *there = weights
    rotation = new_rotation(weights)
    shares = rotation.shares(there)
    for member in [rotation.deal(there) for __ in range(leads)]:
        rotation.give_back(member, shares)
    assert abs(rotation.owed[away]) < NOTHING
    assert max(map(abs, rotation.owed.values())) < NOTHING


def test_who_gave_back_is_next_among_equals():
    rotation = new_rotation({"ann": 1, "bob": 1, "cid": 1})
    members = ["ann", "bob", "cid"]
    dealt = [rotation.deal(members) for __ in range(3)]
    rotation.give_back(dealt[1], rotation.shares(members))
    assert rotation.deal(members) == dealt[1]


@examples
@given(few_weights, seeds)
def test_the_same_past_leads_to_the_same_future(weights, seed):
    """Whatever the order in which members are kept, and read from the database."""
    backwards = dict(reversed(list(weights.items())))
    one, other = new_rotation(weights), new_rotation(backwards)
    for there in stretches(sorted(weights), seed):
        assert one.deal(there) == other.deal(there)
        other = reload(other)


def test_longest_waiting_serves_everybody_in_turn():
    rotation = new_rotation({"ann": 1, "bob": 1, "cid": 1})
    served = [rotation.longest_waiting(["ann", "bob", "cid"]) for __ in range(6)]
    assert served == ["ann", "bob", "cid"] * 2
    assert rotation.longest_waiting(["bob", "cid"]) == "bob"


def test_ten_thousand_leads_in_batches_are_shared_to_the_lead():
    """Each batch is a transaction: it reads the ledger and writes it."""
    draw = random.Random(20)
    weights = {member: draw.choice((1, 1, 2, 3, 10)) for member in range(1, 13)}
    rotation, had = new_rotation(weights), dict.fromkeys(weights, 0)
    total, dealt = sum(weights.values()), 0
    while dealt < 10_000:
        size = min(10_000 - dealt, draw.choice((1, 1, 1, 2, 7, 50, 500)))
        for __ in range(size):
            had[rotation.deal(list(weights))] += 1
        rotation = reload(rotation)
        dealt += size
        assert all(abs(had[m] * total - dealt * weights[m]) < total for m in weights)
    assert sum(had.values()) == 10_000


def test_two_rules_in_turn_do_not_disturb_each_other():
    """Ten thousand leads, each for one of two ledgers at random, loaded anew."""
    draw = random.Random(21)
    ledgers = {
        "north": new_rotation({1: 3, 2: 2, 3: 1}),
        "south": new_rotation({1: 1, 4: 1}),
    }
    had = {name: dict.fromkeys(ledger.weights, 0) for name, ledger in ledgers.items()}
    for __ in range(10_000):
        name = draw.choice(("north", "north", "south"))
        ledger = ledgers[name] = reload(ledgers[name])
        had[name][ledger.deal(list(ledger.weights))] += 1
    for name, ledger in ledgers.items():
        shares, leads = ledger.shares(list(ledger.weights)), sum(had[name].values())
        for member, share in shares.items():
            assert abs(had[name][member] - leads * share) < 1
