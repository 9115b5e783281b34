"""Start programs, and leave none behind.

Every program gets a process group of its own, so that a signal for us does not
reach it twice and so that we can end it with all its children. The kernel ends
it when we are killed without a chance to clean up.
"""

import ctypes
import os
import signal
import subprocess
import sys

from .errors import failure

PATIENCE = 10  # seconds between asking a program to end and killing it
WATCH_SECONDS = 1
_PR_SET_PDEATHSIG = 1


def catch_signals():
    """End by KeyboardInterrupt on every usual signal, once (nohup is respected)."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _interrupt)


def _interrupt(number, frame):
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)  # cleaning up is not interrupted
    raise KeyboardInterrupt


def _end_with_parent():
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def start(argv, *, log=None, terminal=False, **options):
    """Start a program whose output goes to a log file (or to ours)."""
    output = open(log, "ab") if log else None  # noqa: SIM115 (given to the program)
    try:
        return subprocess.Popen(
            [str(word) for word in argv],
            stdin=options.pop("stdin", None if terminal else subprocess.DEVNULL),
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=not terminal,
            preexec_fn=_end_with_parent,
            **options,
        )
    finally:
        if output:
            output.close()


def stop(program, own_group=True):
    """End a program and its children: politely, then for good."""
    if not own_group:  # the terminal has told it already
        _wait(program, PATIENCE)
    if program.poll() is None:
        _send(program, signal.SIGINT, own_group)
        _wait(program, PATIENCE)
    _send(program, signal.SIGKILL, own_group)
    program.wait()


def _wait(program, seconds):
    try:
        program.wait(seconds)
    except subprocess.TimeoutExpired:
        pass


def _send(program, number, own_group):
    try:
        if own_group:
            os.killpg(program.pid, number)
        elif program.poll() is None:
            program.send_signal(number)
    except ProcessLookupError:
        pass


def run(argv, *, watch=None, terminal=False, **options):
    """Run a program to its end and return its exit code."""
    terminal = terminal and sys.stdin.isatty()
    program = start(argv, terminal=terminal, **options)
    try:
        while True:
            try:
                return program.wait(WATCH_SECONDS if watch else None)
            except subprocess.TimeoutExpired:
                watch()
    finally:
        stop(program, own_group=not terminal)


def check(what, argv, *, log, **options):
    """Run a program; a failure is explained from its log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    if run(argv, log=log, **options):
        raise failure(what, log)


def ask(argv, **options):
    """Run a short program and keep what it says."""
    return subprocess.run(
        [str(word) for word in argv],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        **options,
    )


def output(argv, **options):
    """The output of a short program, or None when it cannot run or fails."""
    try:
        result = ask(argv, **options)
    except OSError:
        return None
    return None if result.returncode else result.stdout


# Variables of the caller that would change what our programs do.
_UNWANTED = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "ODOO_RC", "PIP_TARGET")


def environment(**changes):
    """The caller's environment for a program, cleaned and with changes."""
    values = {k: v for k, v in os.environ.items() if k not in _UNWANTED}
    values.setdefault("LANG", "C.UTF-8")
    values.update({name: str(value) for name, value in changes.items()})
    return values
