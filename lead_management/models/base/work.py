"""The unit of work: what is noted for later in a transaction, and when it is done.

Code that changes leads notes what follows, as often as it likes; before the commit each
queue does its work once, in the order of ``QUEUES``. What a queue notes in turn is done
in the same order, until nothing is left. Then the queues ``AFTER`` the commit are
handed over. A queue named ``x`` is the method ``_work_x(pending)`` of leads: a dict of
what is noted, by key, to ids, each with what is known of it.

Odoo runs what waits for the commit at each of its own savepoints, too. So a queue may
run early, and more than once: its method checks anew what it is asked for.
"""

import logging
from collections import namedtuple
from contextlib import contextmanager
from functools import partial

from odoo.exceptions import MissingError

from .actor import NOBODY, Actor

_logger = logging.getLogger(__name__)

NOTES = "lead_management.work"
# Set beside the notes as long as they are to be done: ``clear()`` takes both away.
AWAITED = "lead_management.awaited"
# What notes more after so many rounds never ends.
ROUNDS = 200


def _later(before, now):
    return now


def _either(before, now):
    return before or now


def _both(before, now):
    return before if before == now else before + now


def _since(before, now):
    return (before[0], *now[1:])


# A queue: how what is noted twice for the same id becomes one, and whether who noted it
# does not matter.
Queue = namedtuple("Queue", "name merge is_shared", defaults=(_later, True))

QUEUES = (
    Queue("verify"),  # what is true of the values of leads
    Queue("refresh"),  # tables worked out of leads
    Queue("moments"),  # that no refresh recorded along with the scores
    Queue("crossings", _since),  # temperatures, where automated actions start
    Queue("clocks", _either),
    Queue("automations", _both, is_shared=False),  # what led there
    Queue("followups", _both, is_shared=False),
    Queue("log"),  # entries whose scores are known now
    Queue("wake"),  # the cron of the leads that wait
)
AFTER = (
    Queue("routing"),
    Queue("refresh_apart"),
    Queue("nurturing"),  # what people did stops sequences
)
BY_NAME = {queue.name: queue for queue in (*QUEUES, *AFTER)}


class Notes:
    """What is noted in a transaction, or within an attempt that may be undone.

    ``waiting`` is a dict of queue to actor to key to id to what is known of it.
    """

    def __init__(self, outer=None):
        self.outer = outer
        self.waiting = {}
        # what was taken of ``outer``: given back when the attempt is undone
        self.taken = {}

    def add(self, queue, actor, key, ids):
        _add(self.waiting, queue, actor, key, ids)

    def has(self, queue):
        """Return whether anything waits in a queue."""
        return bool(self.waiting.get(queue) or (self.outer and self.outer.has(queue)))

    def take(self, queue):
        """Return what waits in a queue, by actor, which is from now on done."""
        found = {}
        if self.outer:
            outer = {queue: self.outer.take(queue)}
            _add_all(self.taken, outer)
            _add_all(found, outer)
        _add_all(found, {queue: self.waiting.pop(queue, {})})
        return found.get(queue, {})

    def peek(self, queue):
        """Return what waits in a queue, by actor, and goes on waiting."""
        found = {}
        if self.outer:
            _add_all(found, {queue: self.outer.peek(queue)})
        _add_all(found, {queue: self.waiting.get(queue, {})})
        return found.get(queue, {})


def _add(waiting, queue, actor, key, ids):
    merge = BY_NAME[queue].merge
    known = waiting.setdefault(queue, {}).setdefault(actor, {}).setdefault(key, {})
    for id_, value in ids.items():
        known[id_] = merge(known[id_], value) if id_ in known else value


def _add_all(waiting, more):
    for queue, by_actor in more.items():
        for actor, by_key in by_actor.items():
            for key, ids in by_key.items():
                _add(waiting, queue, actor, key, ids)


def _join(queue, by_actor):
    """Return what all actors noted, by key."""
    joined = {}
    for by_key in by_actor.values():
        _add_all(joined, {queue: {NOBODY: by_key}})
    return joined.get(queue, {}).get(NOBODY, {})


# ------------------------------------------------------------
# Noting
# ------------------------------------------------------------


def note(env, queue, ids, key=None):
    """Note what a queue is to do, on behalf of whoever the environment belongs to.

    :param queue: name of the queue
    :param ids: of what it is about, or a dict of them to what is known of each
    :param key: what is to be done with them, where a queue knows several things
    """
    cr = env.cr
    data = cr.precommit.data
    if NOTES not in data:
        data[NOTES] = Notes()
    _await(cr)
    ids = ids if isinstance(ids, dict) else dict.fromkeys(ids)
    data[NOTES].add(queue, Actor.of(env), key, ids)


def take(cr, queue):
    """Return what is noted in a queue by whomever, by key, which is done hereby."""
    notes = cr.precommit.data.get(NOTES)
    return _join(queue, notes.take(queue)) if notes else {}


def peek(cr, queue):
    """Return what is noted in a queue by whomever, by key."""
    notes = cr.precommit.data.get(NOTES)
    return _join(queue, notes.peek(queue)) if notes else {}


def may_be_undone(cr):
    """Return whether this is done within an attempt, which may be undone alone."""
    notes = cr.precommit.data.get(NOTES)
    return bool(notes and notes.outer)


def still_there(leads):
    """Return those of the leads that were not deleted since something was noted.

    What was created or read in this transaction is known, and what is deleted is known
    no more: so nothing is asked for them.
    """
    try:
        # sudo: whether they are there, not what they are
        leads.sudo().mapped("name")
    except MissingError:
        return leads.exists()
    return leads


@contextmanager
def undone_together(cr):
    """Forget what a block notes when it fails, and note again what it had done.

    For a savepoint that is undone with the block.
    """
    data = cr.precommit.data
    outer = data.get(NOTES) or Notes()
    inner = data[NOTES] = Notes(outer)
    try:
        yield
    except BaseException:
        _add_all(outer.waiting, inner.taken)
        raise
    else:
        # another one, where Odoo cleared what waits for the commit
        last = data.get(NOTES, inner)
        _add_all(outer.waiting, inner.waiting)
        if last is not inner:
            _add_all(outer.waiting, last.waiting)
    finally:
        data[NOTES] = outer
        if outer.waiting:
            _await(cr)


def _await(cr):
    if AWAITED not in cr.precommit.data:
        cr.precommit.data[AWAITED] = True
        cr.precommit.add(partial(_run_last, cr, False))


# ------------------------------------------------------------
# Doing
# ------------------------------------------------------------


def _run_last(cr, has_waited):
    """Do what is noted, after others who wait for the commit, and may note more."""
    if len(cr.precommit) and not has_waited:
        cr.precommit.add(partial(_run_last, cr, True))
        return
    cr.precommit.data.pop(AWAITED, None)
    run(cr)


def run(cr):
    """Do what is noted, queue by queue, until nothing is left.

    :raise Exception: what went wrong in a queue: the transaction cannot be committed
    """
    for __ in range(ROUNDS):
        notes = cr.precommit.data.get(NOTES) or Notes()
        queue = next((each for each in QUEUES if notes.has(each.name)), None)
        if not queue:
            _hand_over(cr, notes)
            return
        found = notes.take(queue.name)
        _await(cr)  # a savepoint of Odoo within the work does the rest, or loses it
        for actor, pending in _split(queue, found):
            _do(queue, actor.env(cr), pending)
    raise RecursionError(f"{queue.name} never ends")


def _split(queue, by_actor):
    """Return pairs (actor, what is noted): one where it does not matter whose it is."""
    if queue.is_shared and by_actor:
        return [(next(iter(by_actor)), _join(queue.name, by_actor))]
    return list(by_actor.items())


def _do(queue, env, pending):
    getattr(env["crm.lead"], f"_work_{queue.name}")(pending)


def _hand_over(cr, notes):
    """Let what is to be done after the commit wait for it."""
    later = {queue.name: notes.take(queue.name) for queue in AFTER}
    if not any(later.values()):
        return
    data = cr.postcommit.data
    if NOTES not in data:
        data[NOTES] = {}
        cr.postcommit.add(partial(_run_after, cr, data[NOTES]))
    _add_all(data[NOTES], later)


def _run_after(cr, waiting):
    """Do what waited for the commit. It is done: nothing of it can fail any more."""
    for queue in AFTER:
        for actor, pending in _split(queue, waiting.pop(queue.name, {})):
            try:
                _do(queue, actor.env(cr), pending)
            except Exception:
                _logger.exception("%s after the commit failed", queue.name)
