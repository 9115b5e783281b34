"""Amounts as ranges that tell how large something is, and not which one it is."""

STEPS = (1, 2, 5, 10)


def get_band(amount):
    """Return the range an amount is in: from and to, steps of 1, 2, 5, 10, 20 ...

    >>> get_band(13572), get_band(10000), get_band(0.4), get_band(0), get_band(-7)
    ((10000, 20000), (10000, 20000), (0, 1), (0, 1), (0, 1))
    >>> get_band(9999), get_band(50)
    ((5000, 10000), (50, 100))
    """
    if amount < 1:
        return 0, 1
    power = 10 ** (len(str(int(amount))) - 1)
    for low, high in zip(STEPS, STEPS[1:], strict=False):
        if amount < high * power:
            return low * power, high * power
    return 10 * power, 20 * power
