class LeadChange:
    """What one call of ``create`` or ``write`` does to leads.

    While it is prepared, steps change ``groups``: what is to be written. Once it is
    done, steps ask what has become of it. ``is_new`` tells whether the leads are new.
    What a step keeps in between is in ``own``, under its name.
    """

    def __init__(self, leads, groups, before=None):
        """
        :param leads: the leads; none as long as they are not created
        :param groups: list of pairs (leads, values), written one after the other; of
            new leads, each has its own
        :param before: dict of each watched field to a dict of lead id to its value
            before, or to None where it cannot change; None for new leads
        """
        self.leads = leads
        self.groups = groups
        self.own = {}
        self.is_new = before is None
        self._before = before
        self._names = None

    # ------------------------------------------------------------
    # What is to be written
    # ------------------------------------------------------------

    def map(self, function):
        """Let a function return other values in place of those that are written."""
        self._names = None
        self.groups = [(leads, function(values)) for leads, values in self.groups]

    def split(self, function):
        """Let a function return other groups, a list, in place of leads and values."""
        self._names = None
        self.groups = [
            group for leads, values in self.groups for group in function(leads, values)
        ]

    # ------------------------------------------------------------
    # What has been written
    # ------------------------------------------------------------

    def get_written(self):
        """Return pairs of leads that were there before, and the fields written."""
        return [] if self.is_new else self.groups

    @property
    def names(self):
        """The names of the fields that are written, on whatever lead."""
        if self._names is None:
            self._names = set().union(*(values for __, values in self.groups))
        return self._names

    def wrote(self, *names):
        """Return whether one of the fields was written, on whatever lead."""
        return not self.names.isdisjoint(names)

    def get(self, name):
        """Return the value that was written to a field; None where it was not."""
        return next(
            (values[name] for __, values in self.groups if name in values), None
        )

    def of(self, name):
        """Return the leads of which a watched field is not what it was before.

        :raise KeyError: when the field is not watched
        """
        if self.is_new:
            return self.leads
        before = self._before[name]
        if before is None:
            return self.leads.browse()
        return self.leads.filtered(lambda lead: lead[name] != before[lead.id])

    def was(self, lead):
        """Return a lead as it was, to ask for the values of watched fields."""
        return LeadBefore(lead, self._before)


class LeadBefore:
    """The watched fields of a lead as they were; what could not change is as it is."""

    def __init__(self, lead, before):
        self._lead = lead
        self._before = before

    def __getattr__(self, name):
        if name not in self._before:
            raise AttributeError(f"“{name}” is not watched: see _lead_watched()")
        before = self._before[name]
        return self._lead[name] if before is None else before[self._lead.id]
