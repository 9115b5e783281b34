from dataclasses import dataclass, field

# Why a rule is skipped: nobody it names may ever have leads of this company.
OUTSIDE = "company"


@dataclass
class Decision:
    """What is to happen with one lead, and why.

    :param outcome: as in ``lead.assignment.log``
    :param basis: by what the salesperson was chosen, as in ``lead.assignment.log``
    :param candidates: list of (user id, share of this lead, what was compared)
    :param excluded: list of (user id, reason, until)
    :param skipped_rules: list of (rule id, reason) of the rules tried before
    """

    lead: object
    outcome: str = "no_rule"
    rule: object = None
    user: object = None
    pool: object = None
    basis: str = ""
    candidates: list = field(default_factory=list)
    excluded: list = field(default_factory=list)
    skipped_rules: list = field(default_factory=list)
    detail: str = ""


@dataclass
class RuleMembers:
    """The members of one rule who may get leads of one company.

    :param ids: their ids, in a lasting order
    :param turns: dict of user id to a ``lead.assignment.turn``
    :param rotation: the :class:`Rotation`, which all companies of the rule share
    :param absent: dict of user id to why they get no lead at all at this moment
    """

    ids: list
    turns: dict
    rotation: object
    absent: dict = field(default_factory=dict)
    shares: dict = field(default_factory=dict)
