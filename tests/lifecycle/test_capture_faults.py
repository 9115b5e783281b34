"""Submissions while workers are killed and PostgreSQL crashes, in a small size.

``script/storm faults`` does the same with 10,000.
"""

import os
import subprocess
import sys
from pathlib import Path

from odoo.tests.common import get_db_name
from odoo.tools import config

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
SIZE = ("--posts", "60", "--kill", "15", "--restart", "25")
NAMES = {"PGHOST": "db_host", "PGPORT": "db_port", "PGUSER": "db_user"}


def test_every_answer_has_its_row_and_every_row_its_end():
    named = {name: str(config[key]) for name, key in NAMES.items() if config[key]}
    result = subprocess.run(
        [sys.executable, "-m", "storm.faults", "--database", get_db_name(), *SIZE],
        cwd=BENCHMARKS,
        env={**os.environ, **named, "ODOO_RC": config["config"]},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert not result.returncode, result.stdout[-3000:] + result.stderr[-3000:]
    assert "workers killed" in result.stdout
    assert "restarts, " in result.stdout
