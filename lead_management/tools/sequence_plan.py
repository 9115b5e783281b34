"""The steps of a sequence as a plan: what follows what, without database.

Steps are blocks, one below the other. A block with arms holds the steps of each, and
whoever comes to the end of an arm goes on below the block. Nothing leads back, so that
every run ends.
"""

from collections import namedtuple

# What the plan has to know of a step; ``arms`` are its own, in their order.
Block = namedtuple("Block", "id parent_id arm arms is_end", defaults=(None, "", (), 0))


class Plan:
    """The order in which steps follow one another.

    :param blocks: the :class:`Block` of each step, in the order in which they stand

    >>> plan = Plan([
    ...     Block(1), Block(2, arms=("yes", "no")), Block(5),
    ...     Block(3, 2, "yes"), Block(4, 2, "yes", is_end=True),
    ... ])
    >>> plan.first, plan.next(1), plan.enter(2, "yes"), plan.enter(2, "no")
    (1, 2, 3, 5)
    >>> plan.next(3), plan.next(4), plan.next(5)
    (4, None, None)
    >>> plan.children(2, "yes"), plan.children()
    ([3, 4], [1, 2, 5])
    """

    def __init__(self, blocks):
        self.blocks = {block.id: block for block in blocks}
        self._children = {}
        for block in blocks:
            place = (block.parent_id or None, block.arm or "")
            self._children.setdefault(place, []).append(block.id)

    @property
    def first(self):
        """The first step, None where there is none."""
        return next(iter(self.children()), None)

    def children(self, parent_id=None, arm=""):
        """Return the steps of an arm, or those that are in none."""
        return self._children.get((parent_id or None, arm or ""), [])

    def next(self, step_id):
        """Return the step after one that has no arms, or whose arms are done."""
        block = self.blocks[step_id]
        if block.is_end:
            return None
        siblings = self.children(block.parent_id, block.arm)
        position = siblings.index(step_id) + 1
        if position < len(siblings):
            return siblings[position]
        return self.next(block.parent_id) if block.parent_id else None

    def enter(self, step_id, arm):
        """Return the step somebody comes to who takes one of the arms."""
        inside = self.children(step_id, arm)
        return inside[0] if inside else self.next(step_id)

    def later(self, step_id):
        """Return all steps that may come after one, the nearest first.

        >>> plan = Plan([Block(1, arms=("a",)), Block(2, 1, "a"), Block(3)])
        >>> plan.later(1), plan.later(3)
        ([2, 3], [])
        """
        found, todo = [], [*self._after(step_id)]
        while todo:
            step = todo.pop(0)
            if step not in found:
                found.append(step)
                todo += self._after(step)
        return found

    def _after(self, step_id):
        arms = self.blocks[step_id].arms
        nexts = [self.enter(step_id, arm) for arm in arms] or [self.next(step_id)]
        return [step for step in nexts if step]
