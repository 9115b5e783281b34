"""script/server: Odoo 19 with the addon and demo data, in one command."""

import argparse
import fcntl
import time
import urllib.error
import urllib.request

from .. import cache, process
from ..cache import ADDON, folder, log_file
from ..database import addon_key
from ..errors import Problem
from ..odoo import free_port, is_free, odoo_failure, troubles
from ..progress import say, step
from ..setup import workshop

DEFAULT_PORT = 8069
START_SECONDS = 120
LOGINS = (
    ("administrator", "admin", "admin"),
    ("sales manager", "manager", "manager"),
    ("sales rep", "rep", "rep"),
)
# Mail that demo data might send goes nowhere.
NO_MAIL = {"smtp_server": "localhost", "smtp_port": 1}


def parse(arguments):
    """The options of the command."""
    parser = argparse.ArgumentParser(
        prog="script/server",
        description="Start Odoo 19 with Lead Management. Everything that is missing "
        "(Odoo, its Python packages, PostgreSQL) is fetched into the folder .cache.",
        epilog="Variables: ODOO_PATH (an Odoo 19 to use), ODOO_GIT_URL (where to "
        "clone it from), PGHOST, PGPORT, PGUSER (a PostgreSQL to use), "
        "LEAD_MANAGEMENT_CACHE (another folder than .cache).",
    )
    parser.add_argument(
        "--port", type=int, help="port (default: 8069 or the next free)"
    )
    parser.add_argument(
        "--reset", action="store_true", help="start with a fresh database"
    )
    parser.add_argument(
        "--no-demo", action="store_true", help="use a database without demo data"
    )
    parser.add_argument(
        "--dev",
        nargs="?",
        const="xml,reload",
        help="reload on changes: Odoo's --dev (default when given: xml,reload)",
    )
    return parser.parse_args(arguments)


def main(arguments):
    """Prepare what is needed, start Odoo, and wait until it is stopped."""
    options = parse(arguments)
    port = choose_port(options.port)
    with open(folder() / "server.lock", "a") as lock:
        _only_one(lock)
        with workshop() as shop:
            with cache.preparing():
                database = prepare(shop, not options.no_demo, options.reset)
            return serve(shop.runner, database, port, options)


def choose_port(asked, default=DEFAULT_PORT):
    """The port to serve on; one that was asked for must be free."""
    if asked is None:
        return free_port(default)
    if not 1 <= asked <= 65535 or not is_free(asked):
        raise Problem(
            f"port {asked} cannot be used: it is taken, or not allowed.",
            "choose another one with --port, or leave the option out.",
        )
    return asked


def _only_one(lock):
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Problem(
            "script/server is running already for this clone.",
            "stop it first, or set LEAD_MANAGEMENT_CACHE to use a second cache.",
        ) from error


def prepare(shop, demo=True, reset=False, name=None):
    """The name of a database with the addon as it is in the files now."""
    databases, odoo = shop.databases, shop.runner.odoo
    name = name or f"{databases.prefix}_{'demo' if demo else 'plain'}"
    found = databases.names().get(name)
    key = f"{odoo.key} {addon_key()}"
    if reset or not found or not databases.filestore(name).exists():
        _create(databases, name, key, demo)
    elif found != key:
        _update(shop, name, key, "base" if found.split()[0] != odoo.key else ADDON)
    return name


def _create(databases, name, key, demo):
    options = ["--with-demo"] if demo else []
    title = f"Installing Lead Management {'with' if demo else 'without'} demo data"
    with step(title) as running, databases.build(name, key) as building:
        log = databases.install(building, [ADDON], *options, running=running)
        running.show("web assets")
        databases.warm(building)
    report_troubles(log)


def _update(shop, name, key, module):
    with step(f"The files have changed: updating {module}") as running:
        log = shop.runner.run(
            *("update", "-u", module, "--stop-after-init", "--no-http"),
            database=name,
            running=running,
        )
        running.show("web assets")
        shop.databases.warm(name)
        shop.databases.mark(name, key)
    report_troubles(log)


def report_troubles(log):
    """Tell which errors an installation logged although it ended well."""
    found = troubles(log.read_text(errors="replace"))
    if found:
        say(f"  The log has {len(found)} errors ({log}):")
        for line in found[:5]:
            say(f"    {line[24:][:200]}")


def serve(runner, database, port, options):
    """Run Odoo until a signal or its own end."""
    log = log_file("server")
    log.unlink(missing_ok=True)
    began = time.monotonic()
    server = start(runner, database, port, log, dev=options.dev)
    try:
        wait_until_ready(server, port, log)
        say(f"\nOdoo is ready after {time.monotonic() - began:.0f} s.")
        _show_logins(port, not options.no_demo)
        say(f"  Log:     {log}\n  Stop:    Ctrl-C\n")
        server.wait()
    finally:
        process.stop(server)
    raise odoo_failure("Odoo stopped by itself: the server", log)


def start(runner, database, port, log, dev=None):
    """Start Odoo on a port, with its crons."""
    config = runner.write_config(
        database,
        http_port=port,
        max_cron_threads=1,
        dbfilter=f"^{database}$",
        **NO_MAIL,
    )
    words = ["--dev", dev] if dev else []
    return process.start(
        runner.command(*words, config=config, database=database),
        log=log,
        env=runner.environment(),
    )


def wait_until_ready(server, port, log):
    """Wait until the login page comes; it makes Odoo load the database."""
    address = f"http://127.0.0.1:{port}/web/login"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            raise odoo_failure("starting Odoo", log)
        try:
            with direct.open(address, timeout=START_SECONDS):
                return
        except urllib.error.HTTPError as error:
            raise Problem(
                f"the login page answers {error.code}.", f"read {log}"
            ) from error
        except OSError:
            time.sleep(0.2)
    raise Problem("Odoo does not answer.", f"read {log}")


def _show_logins(port, demo):
    say(f"\n  Open:    http://127.0.0.1:{port}")
    for role, login, password in LOGINS if demo else LOGINS[:1]:
        say(f"  Log in:  {login} / {password}   ({role})")
