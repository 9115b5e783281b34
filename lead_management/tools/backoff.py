"""When something that did not work is tried again."""

from datetime import timedelta

MINUTES = (1, 5, 15, 60)
# An answer may ask for patience, but not for ever.
LONGEST = timedelta(hours=24)


def get_delay(attempts, asked=None):
    """Return how long to wait after so many attempts: the longer, the more there were.

    :param attempts: how often it was tried, at least once
    :param asked: seconds the other side asks for, if it does

    >>> [get_delay(attempts).seconds // 60 for attempts in range(1, 7)]
    [1, 5, 15, 60, 60, 60]
    >>> get_delay(1, 600).seconds, get_delay(1, 2).seconds, get_delay(9, 10**9).days
    (600, 60, 1)
    """
    minutes = MINUTES[min(max(attempts, 1), len(MINUTES)) - 1]
    asked = timedelta(seconds=min(max(asked or 0, 0), LONGEST.total_seconds()))
    return max(timedelta(minutes=minutes), asked)
