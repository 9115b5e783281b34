"""The Python environments and their pinned packages."""

import re
from pathlib import Path

import pytest

from devkit import python_env
from devkit.errors import Problem

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(ROOT.glob("requirements*.txt"))
PINNED = re.compile(
    r"[A-Za-z0-9_.\-]+==[0-9][\w.]*( ; python_version [<>]=? \"3\.1\d\")?"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_package_is_pinned(path):
    for line in path.read_text().splitlines():
        if line and not line.startswith(("#", "-r ")):
            assert PINNED.fullmatch(line), line


def test_lxml_stays_where_odoo_works_with_it():
    assert "lxml==5.4.0" in (ROOT / "requirements.txt").read_text().splitlines()


@pytest.fixture
def actions(cache, monkeypatch):
    """What is done to make an environment, without doing it."""
    done = []

    def create(place, megabytes):
        done.append("create")
        (place / "bin").mkdir(parents=True)
        python = place / "bin" / "python"
        python.write_text("#!/bin/sh\nexit 0\n")
        python.chmod(0o755)

    monkeypatch.setattr(python_env, "_create", create)
    monkeypatch.setattr(
        python_env, "_install", lambda place, requirements: done.append(requirements)
    )
    return done


def test_environment_is_made_once(actions):
    python_env.odoo()
    python_env.odoo()
    assert actions == ["create", "requirements.txt"]


def test_tests_are_added_to_the_same_environment(actions):
    assert python_env.odoo() == python_env.odoo(tests=True)
    assert actions == ["create", "requirements.txt", "requirements-test.txt"]


def test_half_made_environment_is_made_again(actions, cache):
    python = python_env.odoo()
    (python.parent.parent / ".complete").unlink()
    python_env.odoo()
    assert actions.count("create") == 2


def test_broken_environment_is_made_again(actions):
    python_env.odoo().write_text("#!/bin/sh\nexit 1\n")
    python_env.odoo()
    assert actions.count("create") == 2


def test_changed_requirements_are_installed(actions, monkeypatch):
    python_env.odoo()
    monkeypatch.setattr(python_env, "requirements_key", lambda name: "changed")
    python_env.odoo()
    assert actions == ["create", "requirements.txt", "requirements.txt"]


def test_python_without_venv(cache, monkeypatch):
    monkeypatch.setattr(python_env, "require_space", lambda *arguments: None)
    monkeypatch.setattr(python_env.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Problem, match="no module venv") as caught:
        python_env.odoo()
    assert "python3-venv" in caught.value.advice
