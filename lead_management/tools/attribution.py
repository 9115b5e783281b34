"""How a result is shared among the campaigns that touched a lead before it."""

FIRST, LAST, LINEAR, POSITION, DECAY = "first", "last", "linear", "position", "decay"
MODELS = (FIRST, LAST, LINEAR, POSITION, DECAY)
# After so many days a touch counts half.
HALF_LIFE = 7
# What the first and the last touch get, of three or more.
ENDS = 0.4


def get_weights(model, ages):
    """Return the share of each touch; together they are 1.

    :param model: one of :data:`MODELS`
    :param ages: how many days each touch was before the result, the first touch first

    >>> get_weights("first", [30, 2]), get_weights("last", [30, 2])
    ([1.0, 0.0], [0.0, 1.0])
    >>> get_weights("linear", [30, 9, 5, 2])
    [0.25, 0.25, 0.25, 0.25]
    >>> get_weights("position", [30]), get_weights("position", [30, 2])
    ([1.0], [0.5, 0.5])
    >>> [round(weight, 9) for weight in get_weights("position", [30, 9, 5, 2])]
    [0.4, 0.1, 0.1, 0.4]
    >>> [round(weight, 3) for weight in get_weights("decay", [7, 0])]
    [0.333, 0.667]
    >>> get_weights("linear", [])
    []
    """
    number = len(ages)
    if not number:
        return []
    if model == FIRST:
        parts = [1] + [0] * (number - 1)
    elif model == LAST:
        parts = [0] * (number - 1) + [1]
    elif model == POSITION and number > 2:
        middle = (1 - 2 * ENDS) / (number - 2)
        parts = [ENDS] + [middle] * (number - 2) + [ENDS]
    elif model == DECAY:
        # from the last touch on: what is long ago would be 0 together
        latest = min(ages)
        parts = [2 ** (-(age - latest) / HALF_LIFE) for age in ages]
    else:
        parts = [1] * number
    total = sum(parts)
    return [part / total for part in parts]
