"""Troubles that a user can do something about."""

import re


class Problem(Exception):
    """One line that says what is wrong, and one that says what to do."""

    def __init__(self, message, advice=""):
        super().__init__(message)
        self.advice = advice

    @classmethod
    def disk_full(cls, path=None):
        """The trouble of a full disk, wherever it was noticed."""
        where = f" while writing {path}" if path else ""
        return cls(
            f"the disk is full{where}.",
            "free some space, or set LEAD_MANAGEMENT_CACHE to a folder on a "
            "larger disk; then run the command again.",
        )


# What programs say (pip, apt, git, npm, PostgreSQL) -> what it means.
KNOWN_CAUSES = (
    (
        r"No space left on device|Disk quota exceeded",
        "the disk is full.",
        "free some space, or set LEAD_MANAGEMENT_CACHE to a folder on a larger "
        "disk; then run the command again.",
    ),
    (
        r"Temporary failure (in name resolution|resolving)|Could not resolve"
        r"|Name or service not known|Network is unreachable|NewConnectionError"
        r"|Failed to establish a new connection|Could not connect to|ENOTFOUND"
        r"|EAI_AGAIN|ECONNREFUSED|Connection timed out|ETIMEDOUT|ReadTimeoutError",
        "there is no network.",
        "connect this machine to the internet and run the command again; what was "
        "fetched already is kept.",
    ),
    (
        r"[Pp]ermission denied|EACCES",
        "a file or folder may not be written.",
        "run the command as the owner of this folder.",
    ),
)


def diagnose(output):
    """Return (cause, advice) for the output of a program, or None."""
    for pattern, cause, advice in KNOWN_CAUSES:
        if re.search(pattern, output):
            return cause, advice
    return None


def failure(what, log):
    """A problem for a program that failed, explained from its log file."""
    output = log.read_text(errors="replace") if log.exists() else ""
    known = diagnose(output)
    if known:
        return Problem(f"{what} failed: {known[0]}", f"{known[1]} Details: {log}")
    last = [line.strip() for line in output.splitlines() if line.strip()][-1:]
    return Problem(
        f"{what} failed: {last[0][:300] if last else 'no output'}",
        f"read {log}; the command can be run again.",
    )
