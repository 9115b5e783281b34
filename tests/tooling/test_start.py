"""The entry script: which Python it takes."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "script"


def start(tmp_path, *arguments, **pythons):
    """Run the entry script with only these programs in PATH."""
    for name, code in pythons.items():
        program = tmp_path / name.replace("_", ".")
        program.write_text(f"#!/bin/sh\n{code}\n")
        program.chmod(0o755)
    for tool in ("bash", "dirname"):
        (tmp_path / tool).symlink_to(f"/usr/bin/{tool}")
    return subprocess.run(
        [SCRIPT / "devkit" / "start", *arguments],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )


OLD = 'case "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac'


def test_old_python_is_refused_with_advice(tmp_path):
    result = start(tmp_path, "server", python3=OLD)
    assert result.returncode == 1
    assert "needs Python 3.10, 3.11, 3.12 or 3.13" in result.stderr
    assert "Python 3.9.2" in result.stderr
    assert "To do:" in result.stderr


def test_no_python_at_all(tmp_path):
    assert "no python3" in start(tmp_path, "server").stderr


def test_another_python_on_path_is_taken(tmp_path):
    good = f'exec "{sys.executable}" "$@"'
    result = start(tmp_path, "server", "--help", python3=OLD, python3_12=good)
    assert result.returncode == 0
    assert "--port" in result.stdout


def test_every_command_is_executable():
    for name in ("server", "test", "lint", "bench", "screenshots", "referee"):
        assert os.access(SCRIPT / name, os.X_OK), name
