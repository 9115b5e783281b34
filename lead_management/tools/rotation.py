"""Arithmetic of a lasting rotation, without database."""

# Sums of shares are not exact: what is owed less than this is nothing.
EPSILON = 1e-9


class Rotation:
    """Whose turn it is, by what each member is owed.

    Each lead that is dealt gives every member who may get it the share of it that goes
    with their weight, and takes a whole lead from the one who gets it. Who is away is
    neither owed anything nor caught up with later; who joins starts even.

    Among those who are owed something, the one is served whose next lead is due first.
    With constant members and weights that is the quota method of Balinski and Young
    (1975), written for shares instead of seats: at any moment nobody is a whole lead
    away from the exact share, whatever the weights.

    :param owed: dict of member to leads owed, negative when had in advance
    :param weights: dict of member to positive weight
    :param last: dict of member to the number of the last turn it had; who waits
        longest is served first on a tie

    >>> rotation = Rotation({"ann": 0, "bob": 0}, {"ann": 3, "bob": 1})
    >>> [rotation.deal(["ann", "bob"]) for __ in range(8)]
    ['ann', 'ann', 'bob', 'ann', 'ann', 'ann', 'bob', 'ann']
    """

    def __init__(self, owed, weights, last=()):
        self.owed = dict(owed)
        self.weights = weights
        self.last = dict(last)

    def shares(self, members):
        """Return the share of a lead that goes to each of these members."""
        total = sum(self.weights[member] for member in members)
        return {member: self.weights[member] / total for member in members}

    def deal(self, members):
        """Return who of ``members`` gets the next lead, and note it.

        :param members: those who may get it, in the order that settles the last tie
        """
        shares = self.shares(members)
        for member, share in shares.items():
            self.owed[member] = self.owed.get(member, 0) + share
        entitled = [m for m in members if self.owed[m] > EPSILON] or members
        chosen = min(entitled, key=lambda m: self._due(m, shares[m]))
        self.owed[chosen] -= 1
        self.note(chosen)
        return chosen

    def _due(self, member, share):
        """Return in how many leads the next one of a member is due, and their wait."""
        return round((1 - self.owed[member]) / share, 6), self.last.get(member, 0)

    def longest_waiting(self, members):
        """Return who of ``members`` has waited longest, and note the turn."""
        chosen = min(members, key=lambda member: self.last.get(member, 0))
        self.note(chosen)
        return chosen

    def note(self, member):
        """Note that a member was served just now."""
        self.last[member] = max(self.last.values(), default=0) + 1

    def give_back(self, member, shares):
        """Undo one lead that a member had: among equals, they are the next.

        :param shares: the shares of that lead, as dealt then; none if it was not dealt
            by what members are owed
        """
        self.last[member] = min(self.last.values(), default=0) - 1
        total = sum(shares.values())
        for other, share in shares.items():
            self.owed[other] = self.owed.get(other, 0) - share / total
        if shares:
            self.owed[member] = self.owed.get(member, 0) + 1
