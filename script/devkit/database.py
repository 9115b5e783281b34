"""Databases of this clone: made once, then copied.

A database is built under a temporary name and renamed when it is complete, so
that one that was interrupted is never taken for a good one. Its key is kept as
its comment.
"""

import ast
import json
import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path

from . import process, python_env
from .cache import (
    ADDON,
    ROOT,
    clone_name,
    digest,
    folder,
    log_file,
    preparing,
    require_space,
)
from .errors import failure
from .progress import step

LANGUAGES = ("en_US", "fr_FR", "es_ES", "pl_PL")
MEGABYTES = 600
HERE = Path(__file__).parent
# Parts of an addon that say nothing about what is installed.
NOT_INSTALLED = re.compile(
    r"(^|/)(__pycache__|readme|doc|docs|tests/[^/]*\.py|static/description)(/|$)|\.pyc$"
)

# A copy sends no messages until somebody says that it is in service: what the addon
# knows its database by becomes that of the copy.
IN_SERVICE = """
    UPDATE ir_config_parameter SET value = (
        SELECT json_build_object('oid', oid::text, 'system', system_identifier::text)
        FROM pg_database, pg_control_system() WHERE datname = current_database())
    WHERE key = 'lead_management.database_fingerprint'
"""


def addons():
    """All addons of this repository."""
    return sorted(path.parent.name for path in ROOT.glob("*/__manifest__.py"))


def addon_key():
    """Changes with every file of an addon that an installation reads."""
    content = []
    for addon in addons():
        for path in sorted((ROOT / addon).rglob("*")):
            name = str(path.relative_to(ROOT))
            if path.is_file() and not NOT_INSTALLED.search(name):
                status = path.stat()
                content.append((name, status.st_size, status.st_mtime_ns))
    return digest(content)


def dependencies():
    """Modules that the addons depend on, without the addons themselves."""
    found = set()
    for addon in addons():
        manifest = ast.literal_eval((ROOT / addon / "__manifest__.py").read_text())
        if addon == ADDON or not manifest.get("auto_install"):
            found.update(manifest.get("depends", []))
    return sorted(found - set(addons()))


class Databases:
    """Make, copy and drop databases together with their files."""

    def __init__(self, runner):
        self.runner = runner
        self.prefix = f"lm_{clone_name()}"
        self.base_name = f"{self.prefix}_base"
        self.addon_name = f"{self.prefix}_addon"

    # -- one database ----------------------------------------------------------

    def sql(self, database, statement, *parameters):
        """Rows of one statement."""
        result = process.ask(
            [self.runner.python, HERE / "sql.py", database, statement, *parameters],
            env=self.runner.environment(),
        )
        if result.returncode:
            log = log_file("sql")
            log.write_text(f"{statement}\n{result.stderr}")
            raise failure("talking to PostgreSQL", log)
        return json.loads(result.stdout)

    def filestore(self, name):
        """Folder of a database's files."""
        return folder("odoo-data", "filestore") / name

    def names(self):
        """All databases of this clone, with their keys."""
        rows = self.sql(
            "postgres",
            "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE starts_with(datname, %s)",
            self.prefix,
        )
        return dict(rows)

    def drop(self, name):
        """Remove a database and its files."""
        self.sql("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self.filestore(name), ignore_errors=True)
        (folder("config") / f"{name}.conf").unlink(missing_ok=True)

    def copy(self, source, target):
        """Copy a database; its files are shared by hard links."""
        self.drop(target)
        if self.filestore(source).exists():
            shutil.copytree(
                self.filestore(source), self.filestore(target), copy_function=_link
            )
        self.sql("postgres", f'CREATE DATABASE "{target}" TEMPLATE "{source}"')

    def mark(self, name, key):
        """Keep the key of a database with it."""
        self.sql("postgres", f"COMMENT ON DATABASE \"{name}\" IS '{key}'")

    @contextmanager
    def build(self, name, key):
        """A temporary name to build under; complete when the block ends."""
        building = f"{name}_building"
        require_space(folder(), MEGABYTES, "a database")
        self.drop(building)
        yield building
        self.drop(name)
        if self.filestore(building).exists():
            self.filestore(building).replace(self.filestore(name))
        self.mark(building, key)
        self.sql("postgres", f'ALTER DATABASE "{building}" RENAME TO "{name}"')

    def install(self, name, modules, *options, running=None, what="installation"):
        """Install modules into a database, which is made when it is missing."""
        return self.runner.run(
            what,
            *("-i", ",".join(modules), "--stop-after-init", "--no-http", *options),
            database=name,
            running=running,
        )

    # -- templates -------------------------------------------------------------

    def base(self):
        """Template 1: Odoo and what the addon depends on, without the addon."""
        name, modules = self.base_name, dependencies()
        key = digest(
            (self.runner.odoo.key, modules, LANGUAGES),
            python_env.requirements_key("requirements.txt"),
        )
        if not self.is_current(name, key):
            with step("Installing Odoo without the addon") as running:
                with self.build(name, key) as building:
                    self.install(
                        building,
                        modules,
                        f"--load-language={','.join(LANGUAGES)}",
                        running=running,
                    )
        return name

    def addon(self):
        """Template 2: the addon on top of template 1, web assets ready."""
        base, name = self.base(), self.addon_name
        key = digest(self.names()[base], addon_key())
        if not self.is_current(name, key):
            with step("Installing the addon") as running:
                with self.build(name, key) as building:
                    self.copy(base, building)
                    self.install(building, [ADDON], running=running)
                    running.show("web assets")
                    self.warm(building, earlier=name)
        return name

    def is_current(self, name, key):
        """Is this database there, made from exactly what the key names?"""
        return self.names().get(name) == key and self.filestore(name).exists()

    def warm(self, name, earlier=None):
        """Make the web assets now, reusing those of an earlier database."""
        earlier = earlier if earlier in self.names() else ""
        with open(HERE / "warm_assets.py") as script:
            self.runner.run(
                *("web assets", "shell", "--no-http"),
                database=name,
                stdin=script,
                variables={"EARLIER_DATABASE": earlier},
            )

    # -- databases of a single run ---------------------------------------------

    @contextmanager
    def temporary(self, template, purpose):
        """A copy for one run, dropped afterwards, of the template that is made."""
        name = f"{self.prefix}_{purpose}_{os.getpid()}"
        try:
            with preparing():
                self.drop_leftovers()
                self.copy(template(), name)
                self.sql(name, IN_SERVICE)
            yield name
        finally:
            for copy in self.names():
                if copy.startswith(name):  # pytest-xdist makes copies of its own
                    self.drop(copy)

    def drop_leftovers(self):
        """Drop the databases of runs that were killed."""
        for name in self.names():
            match = re.search(r"_(\d+)(-gw\d+)?$", name)
            if match and not Path(f"/proc/{match.group(1)}").exists():
                self.drop(name)


def _link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
