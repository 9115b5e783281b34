"""Arithmetic of a lasting rotation, without database."""

import heapq


def deal(counts, number):
    """Deal ``number`` leads to the members who had the fewest turns so far.

    Members with equally many turns are served in the given order. Whatever the number
    of leads per call, two members who take part in all calls never differ by more than
    one lead.

    :param counts: dict of member to turns had so far, in the order of the rotation
    :param number: how many leads to deal
    :return: list of members, one per lead

    >>> deal({"ann": 0, "bob": 0, "eve": 0}, 4)
    ['ann', 'bob', 'eve', 'ann']
    >>> deal({"ann": 2, "bob": 1, "eve": 1}, 3)
    ['bob', 'eve', 'ann']
    >>> deal({}, 2)
    []
    """
    queue = [
        (turns, position, member)
        for position, (member, turns) in enumerate(counts.items())
    ]
    heapq.heapify(queue)
    dealt = []
    while queue and len(dealt) < number:
        turns, position, member = queue[0]
        dealt.append(member)
        heapq.heapreplace(queue, (turns + 1, position, member))
    return dealt


def starting_turns(counts):
    """Return the turns a newcomer starts with: those of whoever waits longest.

    Starting at zero would hand a newcomer every lead until the others are caught up.

    >>> starting_turns([7, 5, 6])
    5
    >>> starting_turns([])
    0
    """
    return min(counts, default=0)
