"""The project's git-ignored folder for everything that can be made again."""

import fcntl
import hashlib
import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from .errors import Problem
from .progress import say

ROOT = Path(__file__).resolve().parents[2]
ADDON = "lead_management"


def folder(*parts):
    """A folder of the cache, made when it is missing."""
    chosen = os.environ.get("LEAD_MANAGEMENT_CACHE")
    path = (
        Path(chosen).expanduser().resolve() if chosen else ROOT / ".cache"
    ).joinpath(*parts)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except PermissionError as error:
        raise Problem(
            f"the folder {path} cannot be written.",
            "run the command as the owner of this clone, or set "
            "LEAD_MANAGEMENT_CACHE to a folder of your own.",
        ) from error
    return path


def log_file(name):
    """The log file of a program."""
    return folder("logs") / f"{name}.log"


def digest(*things):
    """A short name for the given values, the same whenever they are the same."""
    text = json.dumps(things, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def clone_name():
    """A short name of this clone and its cache, for things outside of it."""
    return digest(str(ROOT), str(folder()))[:6]


def is_complete(place, key):
    """Was this folder finished, for exactly this key?"""
    marker = place / ".complete"
    return marker.is_file() and marker.read_text() == key


def mark_complete(place, key):
    """Say that a folder is finished; always the last thing to do."""
    temporary = place / ".complete.new"
    temporary.write_text(key)
    temporary.replace(place / ".complete")


def remove(place):
    """Remove a folder whatever state it is in (its marker first)."""
    (place / ".complete").unlink(missing_ok=True)
    shutil.rmtree(place, ignore_errors=True)


def require_space(place, megabytes, what):
    """Stop early when the disk cannot hold what is about to be made."""
    free = shutil.disk_usage(place).free / 1e6
    if free < megabytes:
        raise Problem(
            f"{what} needs {megabytes} MB, but only {free:.0f} MB are free in {place}.",
            "free some space, or set LEAD_MANAGEMENT_CACHE to a folder on a larger "
            "disk.",
        )


@contextmanager
def exclusive(path, waiting=""):
    """Hold a lock that the kernel gives back even when we are killed."""
    with open(path, "a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting:
                say(f"  {waiting}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle


def preparing():
    """Only one command at a time prepares things in the cache."""
    return exclusive(
        folder() / "preparing.lock",
        "Waiting for another command that is preparing the same things ...",
    )
