"""Beside the apps that companies have: one database for all of them.

The tests of ``tests/apps`` run there, in a process of their own.
"""

import configparser
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from .test_install_uninstall import UNINSTALL, _copy, _execute, _odoo, _template

APPS = ("sale_crm", "event_crm", "crm_livechat", "website_crm", "survey_crm")
MORE = ("mass_mailing_crm", "spreadsheet_dashboard")
FOLDER = Path(__file__).resolve().parents[1] / "apps"
INSTALLED = """
    SELECT name FROM ir_module_module
    WHERE name LIKE 'lead_management%' AND state = 'installed' ORDER BY name
"""
ALL = [
    "lead_management",
    "lead_management_dashboard",
    "lead_management_event",
    "lead_management_livechat",
    "lead_management_mailing",
    "lead_management_privacy",
    "lead_management_sale",
    "lead_management_survey",
    "lead_management_website",
    "lead_management_website_crm",
]
WITHOUT = """
between = env["ir.module.module"].search([
    ("name", "like", "lead_management_%"), ("state", "=", "installed")])
between.button_immediate_uninstall()
env["ir.module.module"].search([("name", "=", "lead_management")]) \\
    .latest_version = "19.0.1.5.0"
"""


@pytest.fixture(scope="module")
def database():
    with _copy(_template("LEAD_MANAGEMENT_ADDON_DB"), "apps") as name:
        modules = ",".join((*APPS, *MORE))
        log = _odoo("-i", modules, "--stop-after-init", database=name, timeout=900)
        lines = [line for line in log.splitlines() if "lead_management" in line]
        assert not [line for line in lines if " WARNING " in line or " ERROR " in line]
        yield name


def _free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


def _write_config(path):
    """A configuration like that of this run, with ports of its own."""
    config = configparser.RawConfigParser()
    config.read(os.environ["ODOO_RC"])
    for option in ("http_port", "gevent_port"):
        config.set("options", option, _free_port())
    with path.open("w") as file:
        config.write(file)
    return path


def test_what_goes_between_comes_by_itself(database):
    assert [name for (name,) in _execute(INSTALLED, database)] == ALL


def test_beside_other_apps(database, tmp_path):
    config = _write_config(tmp_path / "odoo.conf")
    variables = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTEST_")
    }
    result = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "devkit.pytest_plugin"),
            *(f"--odoo-config={config}", f"--odoo-database={database}"),
            *("-q", "--odoo-http", "-p", "no:cacheprovider", FOLDER),
        ],
        cwd=FOLDER.parents[1],
        capture_output=True,
        text=True,
        timeout=900,
        env={**variables, "LEAD_MANAGEMENT_APPS": "1", "ODOO_RC": str(config)},
    )
    assert result.returncode == 0, result.stdout[-8000:] + result.stderr[-2000:]


def test_an_update_brings_what_goes_between(database):
    """To a database with both, of the version before there was any of it."""
    _odoo("shell", database=database, script=WITHOUT, timeout=900)
    assert _execute(INSTALLED, database) == [("lead_management",)]
    _odoo("-u", "lead_management", "--stop-after-init", database=database, timeout=900)
    assert [name for (name,) in _execute(INSTALLED, database)] == ALL


def test_uninstalled_with_the_addon(database):
    """What goes between leaves nothing behind either."""
    _odoo("shell", database=database, script=UNINSTALL, timeout=900)
    assert not _execute(INSTALLED, database)
    left = "SELECT count(*) FROM base_automation WHERE name->>'en_US' LIKE 'Confirmed%'"
    assert _execute(left, database) == [(0,)]
