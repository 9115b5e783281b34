"""Small decisions of the commands."""

import socket

import pytest

from devkit import odoo, testlog
from devkit.commands import referee, server, test, verify
from devkit.errors import Problem


@pytest.fixture
def taken():
    """A port that somebody else listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_port_that_was_asked_for_must_be_free(taken):
    with pytest.raises(Problem, match=f"port {taken} cannot be used"):
        server.choose_port(taken)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_impossible_ports(port):
    with pytest.raises(Problem):
        server.choose_port(port)


def test_next_free_port_is_taken_by_default(taken):
    assert server.choose_port(None, default=taken) != taken


def test_options_of_the_server():
    options = server.parse(["--dev", "--no-demo", "--port", "8100"])
    assert (options.dev, options.no_demo, options.port) == ("xml,reload", True, 8100)


def test_troubles_of_a_log():
    log = (
        "2026-01-01 00:00:00,000 1 INFO db odoo: fine\n"
        "2026-01-01 00:00:00,000 1 WARNING db odoo: hm\n"
        "2026-01-01 00:00:00,000 1 ERROR db odoo: bad\nTraceback\n"
    )
    assert [line[-3:] for line in odoo.troubles(log)] == ["bad"]
    assert len(odoo.troubles(log, ("WARNING", "ERROR"))) == 2
    assert not verify.noise(odoo.troubles(log)[0])


@pytest.mark.parametrize(
    "arguments, number, expected",
    [
        ([], "1", []),
        ([], "2", ["-n", "2", "--dist", "loadfile"]),
        (["-n3"], "2", []),
        (["--numprocesses=3"], "2", []),
    ],
)
def test_jobs(monkeypatch, arguments, number, expected):
    monkeypatch.setenv("SCRIPT_TEST_JOBS", number)
    assert test.jobs(arguments) == expected


def test_paths_mean_what_they_mean_where_the_user_is(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "test_x.py").touch()
    assert test.absolute("test_x.py::TestX::test_y") == (
        f"{tmp_path}/test_x.py::TestX::test_y"
    )
    assert test.absolute("-k") == "-k"
    assert test.absolute("some and words") == "some and words"


TEST_LOG = """
2026-01-01 00:00:00,000 1 INFO db odoo.addons.crm.tests.test_a: Starting A.test_one ...
2026-01-01 00:00:00,000 1 INFO db odoo.addons.crm.tests.test_a: Starting A.test_two ...
2026-01-01 00:00:00,000 1 ERROR db odoo.addons.crm.tests.test_a: FAIL: A.test_two
2026-01-01 00:00:00,000 1 INFO db odoo.addons.sms.tests.test_b: Starting B.test_one ...
2026-01-01 00:00:00,000 1 INFO db odoo.addons.sms.tests.test_b: skipped B.test_one : no
2026-01-01 00:00:00,000 1 ERROR db odoo.addons.sms.tests.test_b: ERROR: Subtest B.test_x
2026-01-01 00:00:00,000 1 ERROR db odoo.tests.result: 1 failed, 1 error(s) of 3 tests
"""


def test_results_are_read_from_the_log():
    results = testlog.read(TEST_LOG)
    assert results.finished
    assert results.ran == {
        "crm.test_a.A.test_one",
        "crm.test_a.A.test_two",
        "sms.test_b.B.test_one",
    }
    assert results.failed == {"crm.test_a.A.test_two", "sms.test_b.B.test_x"}
    assert results.skipped == {"sms.test_b.B.test_one": "no"}
    assert len(results.of_module("crm").ran) == 2
    assert not testlog.read("").finished


def test_referee_finds_every_difference(cache, capsys):
    without = testlog.Results({"crm.a", "crm.b", "crm.c"}, {"crm.b"})
    with_addon = testlog.Results({"crm.a", "crm.b", "crm.d"}, {"crm.a"})
    assert referee.compare(without, with_addon) == [
        "only without the addon: crm.c",
        "only with the addon: crm.d",
        "fails with the addon: crm.a",
        "fails without the addon: crm.b",
    ]
    assert referee.report(["crm"], without, with_addon) == 1
    assert referee.report(["crm"], without, without) == 0
    assert "0 differences" in capsys.readouterr().out
