"""Who is at work when, by lists of intervals, without database."""

from bisect import bisect_right

LEAVE, HOURS = "leave", "hours"


class Presence:
    """The working time of somebody, and the time off within it.

    :param work: sorted list of pairs (start, end), without overlaps: attendance, the
        time off not yet taken out
    :param leaves: sorted list of pairs (start, end), without overlaps

    >>> presence = Presence([(8, 12), (13, 17), (32, 41)], [(30, 50)])
    >>> presence.absence(9, True), presence.absence(12, True)
    ((None, None), ('hours', 13))
    >>> presence.absence(12, False)
    (None, None)
    >>> presence.absence(20, False)  # off when work starts again
    ('leave', None)
    """

    def __init__(self, work, leaves=()):
        self.work = work
        self.leaves = leaves
        self.starts = [start for start, __ in work]
        self.leave_starts = [start for start, __ in leaves]
        self.free = subtract(work, leaves)
        self.free_starts = [start for start, __ in self.free]

    def absence(self, moment, working_hours):
        """Return why somebody is away at ``moment`` and until when.

        Outside working hours, what counts is the moment when work starts again: who
        will be off then would leave a lead alone for days.

        :param working_hours: whether it is an absence to be outside of them
        :return: (None, None) when there, or a pair of ``leave`` or ``hours`` and the
            next moment at work, None when that is not within what is known
        """
        start = self._next(self.work, self.starts, moment)
        due = moment if start is None else max(start, moment)
        if self._covers(moment) or self._covers(due):
            return LEAVE, self.next_free(moment)
        if working_hours and (start is None or start > moment):
            return HOURS, self.next_free(moment)
        return None, None

    def _covers(self, moment):
        position = bisect_right(self.leave_starts, moment) - 1
        return position >= 0 and moment < self.leaves[position][1]

    @staticmethod
    def _next(intervals, starts, moment):
        """Return the start of the interval that holds ``moment`` or comes next."""
        position = max(bisect_right(starts, moment) - 1, 0)
        for start, end in intervals[position:]:
            if end > moment:
                return start
        return None

    def next_free(self, moment):
        """Return the next moment at work from ``moment`` on, or None."""
        start = self._next(self.free, self.free_starts, moment)
        return None if start is None else max(start, moment)

    def add(self, moment, duration):
        """Return when so much working time has passed since ``moment``, or None.

        >>> Presence([(8, 12), (13, 17)]).add(11, 2)
        14
        >>> Presence([(8, 12), (13, 17)]).add(3, 0)
        8
        """
        position = max(bisect_right(self.free_starts, moment) - 1, 0)
        for start, end in self.free[position:]:
            start = max(start, moment)
            if end <= start:
                continue
            if duration <= end - start:
                return start + duration
            duration -= end - start
        return None

    def between(self, start, end, zero=0):
        """Return the working time between two moments.

        >>> Presence([(8, 12), (13, 17)], [(9, 10)]).between(8, 14)
        4
        """
        return sum(
            (
                min(end, stop) - max(start, begin)
                for begin, stop in self.free
                if min(end, stop) > max(start, begin)
            ),
            zero,
        )


def subtract(intervals, holes):
    """Return sorted intervals without the time of sorted holes.

    >>> subtract([(0, 10), (20, 30)], [(5, 6), (8, 22), (29, 40)])
    [(0, 5), (6, 8), (22, 29)]
    """
    result = []
    for start, end in intervals:
        for hole_start, hole_end in holes:
            if hole_end <= start or hole_start >= end:
                continue
            if hole_start > start:
                result.append((start, hole_start))
            start = max(start, hole_end)
        if start < end:
            result.append((start, end))
    return result
