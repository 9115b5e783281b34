"""The private PostgreSQL cluster."""

import os
import subprocess
from pathlib import Path

import pytest

from devkit import postgres
from devkit.errors import Problem


@pytest.fixture
def no_server(monkeypatch):
    """No PostgreSQL server is named."""
    for name in ("PGHOST", "PGPORT", "PGUSER"):
        monkeypatch.delenv(name, raising=False)


def test_named_server_is_used(monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGPORT", "5433")
    monkeypatch.setenv("PGUSER", "someone")
    with postgres.running() as server:
        assert (server.host, server.port, server.user) == (
            "db.example",
            "5433",
            "someone",
        )


def test_long_path_moves_the_socket(monkeypatch, tmp_path):
    monkeypatch.setenv("LEAD_MANAGEMENT_CACHE", str(tmp_path / ("long" * 30)))
    home = postgres.choose_home()
    assert home.parent == Path("/var/tmp")
    assert len(str(home / "run" / ".s.PGSQL.5432")) < 100


def test_unreachable_folder_moves_the_cluster(monkeypatch, cache):
    monkeypatch.setattr(postgres, "_reachable", lambda path: False)
    assert postgres.choose_home().parent == Path("/var/tmp")


def test_newest_programs_come_first(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres.shutil, "which", lambda name: None)
    for version in ("9", "13", "17"):
        folder = tmp_path / version / "bin"
        folder.mkdir(parents=True)
        (folder / "initdb").touch()
        (folder / "postgres").write_text(
            f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}.4 (Debian)'\n"
        )
        (folder / "postgres").chmod(0o755)
    found = postgres.installed_binaries(tmp_path)
    assert [place.parent.name for place in found] == ["17", "13", "9"]
    assert postgres.major_version(found[0]) == 17


def test_no_postgresql_at_all(monkeypatch, cache, tmp_path):
    def no_network(*arguments, **options):
        raise Problem("there is no network.")

    monkeypatch.setattr(postgres, "installed_binaries", lambda: [])
    monkeypatch.setattr(postgres.python_env, "odoo", lambda: "python")
    monkeypatch.setattr(postgres.python_env, "pip", no_network)
    with pytest.raises(Problem, match="no PostgreSQL 13 or newer") as caught:
        postgres.find_binaries(tmp_path)
    assert "PGHOST" in caught.value.advice


def alive(cluster):
    """Does the server of a cluster run?"""
    return cluster._control("status") is not None


@pytest.fixture
def cluster(monkeypatch, cache, no_server):
    """A small cluster of its own."""
    binaries = [
        place
        for place in postgres.installed_binaries()
        if postgres.major_version(place) >= postgres.OLDEST
    ]
    if not binaries:  # then the suite itself runs on fetched programs
        binaries = [Path(os.environ["PATH"].split(os.pathsep)[1])]
    monkeypatch.setattr(postgres, "require_space", lambda *arguments: None)
    monkeypatch.setattr(postgres, "_reachable", lambda path: False)
    cluster = postgres.Cluster(postgres.choose_home(), binaries[0])
    yield cluster
    cluster._control("stop", "-m", "immediate")
    subprocess.run(["rm", "-rf", cluster.home], check=True)


def test_cluster_lives_as_long_as_it_is_used(cluster):
    other = postgres.Cluster(cluster.home, cluster.bin)
    cluster.enter()
    other.enter()
    cluster.leave()
    assert alive(cluster), "another command uses it"
    other.leave()
    assert not alive(cluster), "nobody uses it any more"

    cluster.enter()
    pid = int((cluster.data / "postmaster.pid").read_text().split()[0])
    os.kill(pid, 9)  # as a power failure would
    cluster._in_use.close()
    cluster.enter()
    assert alive(cluster), "a killed server is started again"
    cluster.leave()

    (cluster.data / "PG_VERSION").write_text("12\n")
    cluster.enter()
    assert alive(cluster), "a cluster of another version is made anew"
    cluster.leave()
    assert not alive(cluster)
