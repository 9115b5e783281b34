"""Where new stages go in a pipeline whose order is kept."""


def place(stages, additions):
    """Return the sequences of new stages, and of those that make room for them.

    A new stage comes after the last one that is no further on; stages of equal sequence
    stay together. Those behind move only as far as there is no gap.

    :param stages: pairs (sequence, rank) in their order; the rank may be None
    :param additions: the ranks of the new stages
    :return: list of the sequences of ``stages``, list of those of ``additions``

    >>> place([(1, 0), (2, 3), (10, 5)], [1, 4])
    ([1, 3, 10], [2, 4])
    >>> place([(1, 0), (1, None), (1, 3), (70, 5)], [1, 6, 7])
    ([1, 1, 1, 70], [2, 71, 72])
    >>> place([(0, 3), (5, 5)], [0])
    ([1, 5], [0])
    >>> place([(5, 3)], [0, 1])
    ([6], [4, 5])
    >>> place([], [0, 5])
    ([], [1, 2])
    """
    order = [(sequence, rank, ("old", n)) for n, (sequence, rank) in enumerate(stages)]
    for number, rank in sorted(enumerate(additions), key=lambda pair: pair[1]):
        _insert(order, rank, ("new", number))
    found = {key: sequence for sequence, __, key in order}
    return (
        [found["old", number] for number in range(len(stages))],
        [found["new", number] for number in range(len(additions))],
    )


def _insert(order, rank, key):
    position = 0
    for number, (__, other, __) in enumerate(order, start=1):
        if other is not None and other <= rank:
            position = number
    while 0 < position < len(order) and order[position][0] == order[position - 1][0]:
        position += 1
    sequence = 1
    if position:
        sequence = order[position - 1][0] + 1
    elif order:
        sequence = max(order[0][0] - 1, 0)
    order[position:] = [(sequence, rank, key), *_make_room(order[position:], sequence)]


def _make_room(order, sequence):
    """Return stages that come behind ``sequence``, moved no further than needed."""
    moved, before, last = [], None, sequence
    for old, rank, key in order:
        if old != before:
            before, last = old, max(old, last + 1)
        moved.append((last, rank, key))
    return moved
