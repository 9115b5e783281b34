"""An amount over days: equal parts, in whole units, that add up to the amount."""


def spread(units, days):
    """Return how many units each day gets; the first ones get what is left over.

    :param units: the amount in the smallest units of its currency, any whole number
    :param days: how many days it is for, at least one

    >>> spread(1000, 7)
    [143, 143, 143, 143, 143, 143, 142]
    >>> spread(2, 3), spread(-2, 3), spread(0, 2)
    ([1, 1, 0], [-1, -1, 0], [0, 0])
    """
    return [
        until(units, days, day + 1) - until(units, days, day) for day in range(days)
    ]


def until(units, days, day):
    """Return what the first days get together, without listing them.

    >>> until(1000, 7, 6), until(1000, 7, 7)
    (858, 1000)
    """
    sign = -1 if units < 0 else 1
    share, rest = divmod(abs(units), days)
    return sign * (share * day + min(rest, day))
