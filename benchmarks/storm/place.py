"""Where a storm takes place: a database server, a copy of a database, an Odoo."""

import configparser
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "script"))

from devkit import postgres  # noqa: E402  (the path has to be set first)
from devkit.odoo import free_port  # noqa: E402
from devkit.process import catch_signals, start, stop  # noqa: E402, F401

# As in service: what is answered must survive a crash of the server.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
START_SECONDS = 120
SERVER = Path(__file__).with_name("odoo_server.py")


class OwnCluster(postgres.Cluster):
    """A PostgreSQL server that nobody else uses, and that is ended at will."""

    def __init__(self, home):
        super().__init__(home, postgres.find_binaries(postgres.choose_home()))

    def enter(self):
        self._make_home()
        self._prepare()
        settings = dict(one.split("=", 1) for one in postgres.SETTINGS)
        settings |= DURABLE
        self._settings = [f"{name}={value}" for name, value in settings.items()]
        self._start()

    def leave(self):
        self._control("stop", "-m", "immediate")
        shutil.rmtree(self.home, ignore_errors=True)

    def _start(self):
        before = postgres.SETTINGS
        postgres.SETTINGS = self._settings
        try:
            super()._start()
        finally:
            postgres.SETTINGS = before

    def restart(self, mode):
        """End the server, in a way of ``pg_ctl``, and start it again."""
        self._control("stop", "-m", mode)
        self._start()

    @property
    def address(self):
        return {"PGHOST": str(self.socket), "PGPORT": str(postgres.PORT)}


@contextmanager
def own_cluster():
    """Start a PostgreSQL server of our own; nothing of it stays."""
    cluster = OwnCluster(Path(f"/var/tmp/lm-storm-{os.getpid()}"))
    cluster.enter()
    try:
        yield cluster
    finally:
        cluster.leave()


def environment(address=None):
    values = {**os.environ, "PGUSER": os.environ.get("PGUSER") or "odoo"}
    values.update(address or {})
    return values


def copy_database(source, target, address):
    """Copy a database to another server; its files are shared by hard links."""
    subprocess.run(["createdb", target], env=environment(address), check=True)
    dump = subprocess.Popen(
        ["pg_dump", "-Fc", "-Z0", source], env=environment(), stdout=subprocess.PIPE
    )
    restore = ["pg_restore", "--no-owner", "-d", target]
    subprocess.run(restore, stdin=dump.stdout, env=environment(address), check=True)
    if dump.wait():
        raise SystemExit(f"{source} cannot be copied")


class Place:
    """A database, and a server of Odoo for it.

    :param name: of the database
    :param source: of the database it was copied from, whose files it shares
    :param address: variables that name the database server, if it is not the usual one
    """

    def __init__(self, name, source, address=None):
        self.name, self.address = name, address or {}
        self.port = free_port(8600)
        self.log = Path(f"/tmp/{name}.log")
        self.log.unlink(missing_ok=True)
        self.config = self._write_config(source)
        self.odoo = None

    def _write_config(self, source):
        config = configparser.ConfigParser(interpolation=None)
        config.read(os.environ["ODOO_RC"])
        values = environment(self.address)
        store = Path(config["options"]["data_dir"]) / "filestore"
        self.files = store / self.name
        if (store / source).exists() and not self.files.exists():
            shutil.copytree(store / source, self.files, copy_function=os.link)
        config["options"].update(
            {
                "db_host": values.get("PGHOST", ""),
                "db_port": values.get("PGPORT", "5432"),
                "db_user": values["PGUSER"],
                "http_port": str(self.port),
                "gevent_port": str(free_port(self.port + 1)),
                "db_name": self.name,
                "list_db": "False",
                "smtp_server": "localhost",
                "smtp_port": "1",
                "limit_time_real": "300",
            }
        )
        # with a filter Odoo asks a server that is gone for its databases
        config["options"].pop("dbfilter", None)
        path = Path(f"/tmp/{self.name}.conf")
        with open(path, "w") as file:
            config.write(file)
        return path

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def run(self, code):
        """Run a program in Odoo's shell, and commit; return what it printed."""
        result = subprocess.run(
            [*self._command("shell"), "--no-http", "--log-level=error"],
            input=f"{code}\nenv.cr.commit()\n",
            env=environment(self.address),
            capture_output=True,
            text=True,
        )
        if result.returncode or "Traceback" in result.stderr:
            raise SystemExit(result.stderr[-3000:])
        return result.stdout

    def install(self, module):
        """Install a module that is not there yet."""
        known = "SELECT 1 FROM ir_module_module WHERE name = %s AND state = 'installed'"
        if not self.query(known, module):
            words = ["-i", module, "--stop-after-init", "--no-http"]
            with open(self.log, "ab") as log:
                subprocess.run(
                    [*self._command(), *words],
                    env=environment(self.address),
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    check=True,
                )

    def _command(self, *words):
        head = [sys.executable, str(SERVER), *words]
        return [*head, "-c", str(self.config), "-d", self.name]

    @contextmanager
    def served(self, *options):
        """Serve the database for the length of a block."""
        self.start(*options)
        try:
            self._await()
            yield self
        finally:
            stop(self.odoo)

    def start(self, *options):
        """Start the server, and wait for nothing."""
        words = [*self._command(), *options]
        self.odoo = start(words, env=environment(self.address), log=self.log)

    def _await(self):
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.odoo.poll() is not None:
                break
            try:
                direct.open(f"{self.url}/web/login", timeout=START_SECONDS).close()
                return
            except OSError:
                time.sleep(0.2)
        raise SystemExit(f"Odoo does not answer: read {self.log}")

    def workers(self):
        """Return the processes that work for the server, as it forked them."""
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(path.read_text().rpartition(")")[2].split()[1])
                words = (path.parent / "cmdline").read_bytes().split(b"\0")
            except (OSError, ValueError, IndexError):
                continue
            if parent == self.odoo.pid and b"gevent" not in words:
                found.append(int(path.parent.name))
        return found

    def wake(self):
        """Let the crons look for what is due now; they listen in this database."""
        self.query("SELECT pg_notify('cron_trigger', %s)", self.name, dbname="postgres")

    def query(self, statement, *parameters, dbname=None):
        """Return the rows of a statement, in a transaction of its own."""
        values = environment(self.address)
        connection = psycopg2.connect(
            dbname=dbname or self.name,
            host=values.get("PGHOST"),
            port=values.get("PGPORT", "5432"),
            user=values["PGUSER"],
        )
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement, parameters or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def remove(self):
        shutil.rmtree(self.files, ignore_errors=True)
        self.config.unlink(missing_ok=True)


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
