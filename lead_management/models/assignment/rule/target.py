"""Targets of assignment rules that other rooms bring: a class for each.

A rule with such a target is decided on by its class, and carried out by it, once the
owners of all leads of the batch are written.
"""

from ...base.plugins import Registry

TARGET_KINDS = Registry("name")


class TargetKind:
    """What becomes of leads of a rule that no salesperson of ours is to have."""

    #: As in ``lead.assignment.rule.target``.
    name = None
    #: Of a decision that settles the lead, as in ``lead.assignment.log``.
    outcome = None

    @classmethod
    def decide(cls, plan, decision, rule):
        """Say whether the rule settles a lead; writes nothing.

        :param plan: the plan, whose ``leads`` are those of the batch
        :param decision: gets ``outcome``
        :return: whether it does
        """
        raise NotImplementedError

    @classmethod
    def apply(cls, env, decisions):
        """Carry out decisions that this class made.

        :param env: of the engine, with all rights
        """


def get_outcomes():
    """Return the outcomes that settle a lead without a salesperson."""
    return [kind.outcome for kind in TARGET_KINDS]
