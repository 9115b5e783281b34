"""Durations as people read them: the two largest units."""

MINUTE, HOUR, DAY = 60, 3600, 86400


def split_duration(seconds):
    """Return a duration in its two largest units.

    :param seconds: how long it is; less than nothing counts as nothing
    :return: tuple of (number, unit) pairs, units being ``day``, ``hour``, ``minute``

    >>> split_duration(2 * HOUR + 10 * MINUTE)
    ((2, 'hour'), (10, 'minute'))
    >>> split_duration(3 * DAY + 5 * MINUTE)
    ((3, 'day'),)
    >>> split_duration(30 * DAY)
    ((30, 'day'),)
    >>> split_duration(20)
    ((0, 'minute'),)
    >>> split_duration(-5)
    ((0, 'minute'),)
    """
    minutes = max(int(seconds), 0) // MINUTE
    days, minutes = divmod(minutes, DAY // MINUTE)
    hours, minutes = divmod(minutes, HOUR // MINUTE)
    if days:
        parts = ((days, "day"), (hours, "hour"))
    else:
        parts = ((hours, "hour"), (minutes, "minute"))
    return tuple(part for part in parts if part[0]) or ((0, "minute"),)


def format_duration(env, seconds):
    """Return a duration in words of the user: its two largest units.

    :param seconds: how long it is; nothing where that is not known
    """
    if seconds is None:
        return ""
    words = {"day": env._("%s d"), "hour": env._("%s h"), "minute": env._("%s min")}
    parts = split_duration(float(seconds))
    return " ".join(words[unit] % number for number, unit in parts)
