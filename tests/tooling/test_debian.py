"""Which mirror is taken from the machine's apt sources."""

import pytest

from devkit import debian
from devkit.errors import Problem

LIST = """
# deb http://commented.example/debian sid main
deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main
deb http://security.example/debian-security bookworm-security main
"""
DEB822 = """
Types: deb
# URIs: http://commented.example/debian
URIs: https://mirror.example/debian/
Suites: bookworm
"""
UBUNTU = """
Types: deb
URIs: http://archive.example/ubuntu/
Suites: noble
"""
OTHERS = "deb https://packages.example/apt tool main\n"


@pytest.mark.parametrize(
    "name, text, mirror",
    [
        ("sources.list", LIST, "http://mirror.example/debian"),
        ("sources.list.d/debian.sources", DEB822, "https://mirror.example/debian"),
        ("sources.list.d/ubuntu.sources", UBUNTU, None),
        ("sources.list.d/tool.list", OTHERS, None),
        ("sources.list.d/tool.list.save", LIST, None),
    ],
)
def test_mirror(tmp_path, name, text, mirror):
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / name).write_text(text)
    assert debian.find_mirror(tmp_path) == mirror


def test_no_sources_at_all(tmp_path):
    assert debian.find_mirror(tmp_path) is None


def test_machine_without_apt_goes_on_to_the_next_way(monkeypatch):
    monkeypatch.setattr(debian.shutil, "which", lambda program: None)
    with pytest.raises(debian.Unavailable):
        debian.open_archive(None)


def test_system_is_left_alone(cache, tmp_path):
    apt = debian.Apt(tmp_path / "apt", "deb http://mirror.example/debian sid main")
    config = (tmp_path / "apt" / "apt.conf").read_text()
    assert 'Dir::Etc::SourceParts "/dev/null"' in config
    assert f'Dir::State::Lists "{tmp_path}/apt/lists"' in config
    assert apt.environment["APT_CONFIG"] == str(tmp_path / "apt" / "apt.conf")


def test_damaged_package(cache, tmp_path):
    package = tmp_path / "half_1_all.deb"
    package.write_text("half")
    with pytest.raises(Problem, match="half_1_all.deb"):
        debian.unpack(package, tmp_path / "target")


def test_sizes_of_packages_that_exist(cache, tmp_path, monkeypatch):
    text = "Package: odoo-19\nSize: 2000000\n\nPackage: fonts-x\nSize: 1500000\n"
    answer = type("Answer", (), {"stdout": text})
    monkeypatch.setattr(debian.process, "ask", lambda *words, **options: answer)
    apt = debian.Apt(tmp_path / "apt", "deb http://mirror.example/debian sid main")
    assert apt.sizes(["odoo-19", "fonts-x", "none"]) == {"odoo-19": 2.0, "fonts-x": 1.5}
