"""What a job is, and the list of all jobs."""

from dataclasses import dataclass

JOBS = {}


@dataclass(frozen=True)
class Goal:
    """What a job promises, as ratios of the same run.

    :param peer: at most this many times the peer, or None
    :param floor: at most this many times the floor, or None
    :param statements: at most this many SQL statements more than the peer, or None
    """

    peer: float | None = None
    floor: float | None = None
    statements: int | None = None

    def __str__(self):
        parts = [
            self.peer and f"≤ {self.peer:.3g}x peer",
            self.floor and f"≤ {self.floor:.3g}x floor",
            self.statements is not None and f"≤ +{self.statements} stmt",
        ]
        return ", ".join(part for part in parts if part)

    def missed(self, ours, peer, floor):
        """Return the parts of the goal that these results miss.

        :param ours, peer, floor: :class:`~harness.measure.Result`, or None
        """
        missed = []
        if self.peer and ours.ratio(peer) > self.peer:
            missed.append("peer")
        if self.floor and ours.ratio(floor) > self.floor:
            missed.append("floor")
        if self.statements is not None:
            if ours.statements - peer.statements > self.statements:
                missed.append("stmt")
        return missed


class Job:
    """One thing to measure. Register it with :func:`job`.

    A side gets an environment whose transaction is rolled back after the sample; its
    time includes what is done right before a commit, and what the addon does after it:
    all a commit would do but for writing to disk. ``ours`` and ``floor`` run on the
    database with the addon, ``peer`` on the one without.
    """

    # Users that sides run as, by login; None: the superuser.
    login = None
    # Takes a fraction of a second: repeat it more often.
    fast = False
    # Tables that samples leave dead rows in: vacuumed after each sample.
    dirty = ()
    # Rows of the table, each with its goal or a tuple of goals, one per floor: the
    # sides get the name of the variant. Peer and floors run once per round for all.
    variants = {"": None}
    # Names of the methods: a second floor makes a row of its own, in the variants that
    # have a second goal.
    floors = ("floor",)

    def __init__(self, leads):
        """:param leads: how many leads the databases hold"""
        self.leads = leads

    def rows(self, variant):
        """Return how many leads one sample of ours works on."""
        return self.leads

    def setup(self, env, addon):
        """Commit what all samples of this job need; ``teardown`` takes it away.

        :param addon: whether ``env`` is the database with the addon
        """

    def teardown(self, env, addon):
        """Bring the database back to the state all jobs start from."""

    def prepare(self, env, side, variant=""):
        """Do, untimed and in the transaction of the sample, what a side starts from.

        It may commit what ``teardown`` takes away.

        :return: what the side gets as its second argument
        """

    def ours(self, env, prepared, variant=""):
        raise NotImplementedError

    peer = None
    floor = None


def job(name, description, goal=None):
    """Register a :class:`Job` under ``name``; ``goal`` is for jobs without variants."""

    def register(cls):
        cls.name = name
        cls.description = description
        if goal:
            cls.variants = {"": goal}
        JOBS[name] = cls
        return cls

    return register
