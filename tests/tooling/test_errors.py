"""Every known trouble ends in one line and an advice."""

import errno

import pytest

from devkit import cache as kit_cache
from devkit import cli, errors
from devkit.commands import server


@pytest.mark.parametrize(
    "output, cause",
    [
        ("E: Write error - write (28: No space left on device)", "disk is full"),
        ("Temporary failure resolving 'mirror.example'", "no network"),
        ("NewConnectionError(...): Failed to establish a new connection", "no network"),
        ("fatal: unable to access: Could not resolve host", "no network"),
        ("npm error code ENOTFOUND", "no network"),
        ("mkdir: cannot create directory: Permission denied", "may not be written"),
    ],
)
def test_output_of_a_program_is_explained(output, cause):
    assert cause in errors.diagnose(output)[0]


def test_unknown_output_is_quoted(tmp_path):
    log = tmp_path / "program.log"
    log.write_text("first\nthe last word\n\n")
    problem = errors.failure("doing it", log)
    assert str(problem) == "doing it failed: the last word"
    assert str(log) in problem.advice


def run_with(monkeypatch, error):
    def fail(arguments):
        raise error

    monkeypatch.setattr(server, "main", fail)
    monkeypatch.setattr(cli.process, "catch_signals", lambda: None)
    return cli.main(["server"])


def test_problem_is_printed_without_a_traceback(monkeypatch, capsys):
    code = run_with(monkeypatch, errors.Problem("it broke.", "mend it."))
    assert code == 1
    assert capsys.readouterr().err == "error: it broke.\n  To do: mend it.\n"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_full_disk_is_explained_wherever_it_happens(monkeypatch, capsys, number):
    assert run_with(monkeypatch, OSError(number, "full", "/some/file")) == 1
    message = capsys.readouterr().err
    assert "the disk is full while writing /some/file" in message
    assert "LEAD_MANAGEMENT_CACHE" in message


def test_other_errors_of_the_system_are_not_hidden(monkeypatch):
    with pytest.raises(OSError):
        run_with(monkeypatch, OSError(errno.EIO, "broken disk"))


def test_stopped_by_the_user(monkeypatch):
    assert run_with(monkeypatch, KeyboardInterrupt()) == cli.STOPPED_BY_USER


def test_too_little_space_is_noticed_before_the_work(tmp_path, monkeypatch):
    usage = (100e6, 90e6, 10e6)
    fake = type("Usage", (), dict(zip(("total", "used", "free"), usage, strict=True)))
    monkeypatch.setattr(kit_cache.shutil, "disk_usage", lambda place: fake)
    kit_cache.require_space(tmp_path, 9, "it")
    with pytest.raises(errors.Problem, match="needs 600 MB, but only 10 MB are free"):
        kit_cache.require_space(tmp_path, 600, "it")
