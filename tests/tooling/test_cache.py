"""Markers, locks and keys of the cache."""

import fcntl

import pytest

from devkit import cache as kit
from devkit import database


def test_place_is_complete_only_with_its_own_key(cache):
    place = kit.folder("thing")
    assert not kit.is_complete(place, "key")
    kit.mark_complete(place, "key")
    assert kit.is_complete(place, "key")
    assert not kit.is_complete(place, "other key")
    kit.remove(place)
    assert not place.exists()


def test_cache_can_be_somewhere_else(cache):
    assert kit.folder("logs") == cache / "logs"


def test_lock_keeps_others_out_and_is_given_back(tmp_path):
    path = tmp_path / "lock"
    with kit.exclusive(path):
        with open(path) as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with open(path) as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize(
    "name, installed",
    [
        ("lead_management/models/base/lead.py", True),
        ("lead_management/static/tests/tours/tour.js", True),
        ("lead_management/i18n/fr.po", True),
        ("lead_management/tests/test_smoke.py", False),
        ("lead_management/static/description/index.html", False),
        ("lead_management/models/__pycache__/x.cpython-311.pyc", False),
    ],
)
def test_which_files_make_a_new_installation(name, installed):
    assert bool(database.NOT_INSTALLED.search(name)) is not installed


def test_dependencies_are_those_of_the_manifest():
    found = database.dependencies()
    assert "crm" in found
    assert "lead_management" not in found
