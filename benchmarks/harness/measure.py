"""Samples: wall time, SQL statements and memory of one side of a job."""

import contextlib
import ctypes
import gc
import resource
import statistics
import time
from dataclasses import dataclass, field

from .transactions import run_after_commit

MEBI = 1 << 20
FAST_FACTOR = 7


@dataclass
class Result:
    """The samples of one side: seconds, statements, MiB the process grew by."""

    times: list = field(default_factory=list)
    counts: list = field(default_factory=list)
    growths: list = field(default_factory=list)

    @property
    def seconds(self):
        return statistics.median(self.times)

    @property
    def statements(self):
        return round(statistics.median(self.counts))

    def ratio(self, other):
        """Return the median of the ratios of neighbouring samples of two sides.

        They ran within seconds of each other, so it is steadier than the quotient of
        the medians when the machine is busy by turns.
        """
        return statistics.median(
            mine / theirs for mine, theirs in zip(self.times, other.times, strict=True)
        )

    @property
    def memory(self):
        """Largest growth of the resident set during a sample, in MiB."""
        return max(self.growths)


# ------------------------------------------------------------
# Memory
# ------------------------------------------------------------


def _read_status(key):
    """Return a size of /proc/self/status in MiB."""
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith(key + ":"):
                return int(line.split()[1]) * 1024 / MEBI
    raise KeyError(key)


def _reset_peak():
    """Give freed memory back and forget the peak; return the resident set in MiB."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    with contextlib.suppress(OSError), open("/proc/self/clear_refs", "w") as refs:
        refs.write("5")
    with contextlib.suppress(OSError, KeyError):
        return _read_status("VmRSS")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEBI


def _read_peak():
    """Return the peak of the resident set since :func:`_reset_peak`, in MiB."""
    with contextlib.suppress(OSError, KeyError):
        return _read_status("VmHWM")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEBI


# ------------------------------------------------------------
# Samples
# ------------------------------------------------------------


def take_sample(database, job, side, variant, result=None):
    """Run one side once, undo it, and add what it took to ``result``."""
    with database.env(job.login) as env:
        prepared = job.prepare(env, side, variant)
        env.cr.flush()
        env.invalidate_all()
        cr, run = env.cr, getattr(job, side)
        memory = _reset_peak()
        count, start = cr.sql_log_count, time.perf_counter()
        run(env, prepared, variant)
        cr.flush()
        run_after_commit(cr)
        seconds = time.perf_counter() - start
        if result:
            result.times.append(seconds)
            result.counts.append(cr.sql_log_count - count)
            result.growths.append(_read_peak() - memory)
    database.vacuum(job.dirty)


def measure(job, with_addon, without_addon, repeat):
    """Take interleaved samples of all sides of a job.

    Each round starts with another side, so that neither noise nor order favours one.

    :param repeat: number of rounds (seven times as many for fast jobs)
    :return: dict of (side, variant) to :class:`Result`
    """
    sides = [(with_addon, "ours", variant) for variant in job.variants]
    if job.peer:
        sides.append((without_addon, "peer", ""))
    sides += [(with_addon, floor, "") for floor in job.floors if getattr(job, floor)]
    results = {(side, variant): Result() for __, side, variant in sides}
    with _set_up(job, with_addon), _set_up(job, without_addon):
        if job.fast:  # the others weigh enough to drown a cold cache in the median
            for database, side, variant in sides:
                take_sample(database, job, side, variant)
        for number in range(repeat * FAST_FACTOR if job.fast else repeat):
            first = number % len(sides)
            for database, side, variant in sides[first:] + sides[:first]:
                take_sample(database, job, side, variant, results[side, variant])
    return results


@contextlib.contextmanager
def _set_up(job, database):
    """Commit what the job needs and take it away afterwards, whatever happens."""
    with database.env() as env:
        job.setup(env, database.addon)
        env.cr.commit()
    try:
        yield
    finally:
        with database.env() as env:
            job.teardown(env, database.addon)
            env.cr.commit()
