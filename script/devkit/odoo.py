"""Run Odoo's own command line."""

import os
import re
import socket
from dataclasses import dataclass
from pathlib import Path

from . import process
from .cache import ROOT, folder, log_file
from .errors import Problem, failure
from .odoo_source import Odoo
from .postgres import Server

LOADING = re.compile(r"[Ll]oading module (\S+) \((\d+)/(\d+)\)")
TROUBLE = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ", re.M)
TROUBLES_SHOWN = 5


def free_port(preferred=0):
    """A free port of this machine: the preferred one or the next free after it."""
    for port in range(preferred, preferred + 100) if preferred else (0,):
        found = _bind(port)
        if found:
            return found
    return _bind(0)


def is_free(port):
    """Can this port be listened on?"""
    return _bind(port) is not None


def _bind(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return None
        return probe.getsockname()[1]


def troubles(text, levels=("ERROR", "CRITICAL")):
    """Lines of an Odoo log at the given levels."""
    return [
        line
        for line in text.splitlines()
        if (match := TROUBLE.match(line)) and match.group(1) in levels
    ]


@dataclass(frozen=True)
class Runner:
    """One Odoo, the Python it runs in and the database server it uses."""

    odoo: Odoo
    python: Path
    server: Server

    def environment(self, first=(), **changes):
        """Variables for Odoo and for programs that talk to its database.

        Folders in `first` come early in PATH.
        """
        values = {
            "PYTHONPATH": str(self.odoo.root),
            **self.server.environment,
            **changes,
        }
        path = values.get("PATH", os.environ.get("PATH", ""))
        places = [self.python.parent, *first, path]
        values["PATH"] = os.pathsep.join(map(str, places))
        return process.environment(**values)

    def write_config(self, name, **options):
        """A configuration file; return its path."""
        port = options.pop("http_port", None) or free_port()
        values = {
            "addons_path": ",".join(map(str, [*self.odoo.addons, ROOT])),
            "data_dir": folder("odoo-data"),
            "db_host": self.server.host,
            "db_port": self.server.port,
            "db_user": self.server.user,
            "http_interface": "127.0.0.1",
            "http_port": port,
            "gevent_port": free_port(port + 1),
            "list_db": False,
            "max_cron_threads": 0,
            "workers": 0,
            **options,
        }
        if os.environ.get("PGPASSWORD"):
            values["db_password"] = os.environ["PGPASSWORD"]
        path = folder("config") / f"{name}.conf"
        lines = [f"{option} = {value}" for option, value in values.items()]
        path.write_text("\n".join(["[options]", *lines, ""]))
        path.chmod(0o600)
        return path

    def command(self, *arguments, config, database):
        """The words of an Odoo command."""
        head = [arguments[0]] if arguments and not arguments[0].startswith("-") else []
        return [
            *(self.python, "-m", "odoo", *head, "-c", config, "-d", database),
            *arguments[len(head) :],
        ]

    def run(
        self,
        what,
        *arguments,
        database,
        running=None,
        variables=(),
        path=(),
        **options,
    ):
        """Run Odoo to its end; a failure is explained. Returns its log file."""
        log = log_file(what.replace(" ", "-"))
        log.unlink(missing_ok=True)
        code = process.run(
            self.command(
                *arguments, config=self.write_config(database), database=database
            ),
            log=log,
            env=self.environment(path, **dict(variables)),
            watch=(lambda: _report(running, log)) if running else None,
            **options,
        )
        if code:
            raise odoo_failure(what, log)
        return log


def odoo_failure(what, log):
    """A problem that shows the first errors of an Odoo log."""
    text = log.read_text(errors="replace")
    found = troubles(text)
    if not found:
        return failure(what, log)
    last = [
        line for line in text.splitlines() if re.match(r"^\S*(Error|Exception)\b", line)
    ]
    shown = [line[24:][:300] for line in found[:TROUBLES_SHOWN]]
    shown += [line[:300] for line in last[-2:]]
    return Problem("\n    ".join([f"{what} failed.", *shown]), f"read {log}")


def _report(running, log):
    with open(log, "rb") as handle:
        handle.seek(max(0, log.stat().st_size - 20000))
        found = LOADING.findall(handle.read().decode(errors="replace"))
    if found:
        name, number, total = found[-1]
        running.show(f"module {number} of {total}, {name}")
