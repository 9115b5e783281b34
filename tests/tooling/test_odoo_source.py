"""How Odoo is found, fetched and checked."""

import subprocess

import pytest

from devkit import assets, odoo_source
from devkit.errors import Problem


@pytest.fixture
def obtain(cache, monkeypatch, tmp_path):
    """Obtain Odoo from ODOO_PATH or a repository; never from the network."""

    def unavailable(target):
        raise Problem("no apt here.")

    monkeypatch.setattr(odoo_source, "_from_debian", unavailable)
    monkeypatch.setattr(odoo_source, "require_space", lambda *arguments: None)
    for name in ("ODOO_PATH", "ODOO_GIT_URL"):
        monkeypatch.delenv(name, raising=False)
    return lambda: odoo_source.obtain(tmp_path)


def test_path_to_a_checkout(obtain, odoo_tree, monkeypatch):
    root = odoo_tree()
    monkeypatch.setenv("ODOO_PATH", str(root))
    odoo = obtain()
    assert odoo.root == root
    assert odoo.addons == [root / "addons", root / "odoo" / "addons"]


def test_path_to_the_package_itself(obtain, odoo_tree, monkeypatch):
    root = odoo_tree()
    monkeypatch.setenv("ODOO_PATH", str(root / "odoo"))
    assert obtain().root == root


def test_path_without_odoo(obtain, tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_PATH", str(tmp_path))
    with pytest.raises(Problem, match="there is no Odoo in it"):
        obtain()


def test_path_to_another_version(obtain, odoo_tree, monkeypatch):
    monkeypatch.setenv("ODOO_PATH", str(odoo_tree("18, 0")))
    with pytest.raises(Problem, match=r"holds Odoo 18\.0, not 19\.0"):
        obtain()


def git_repository(root, branch):
    """Make a folder a repository with one commit on a branch."""
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.com")
    for words in (
        ("init", "-q", "-b", branch),
        ("add", "-A"),
        (*identity, "commit", "-q", "-m", "start"),
    ):
        subprocess.run(["git", "-C", root, *words], check=True)
    return f"file://{root}"


def test_clone_of_a_repository(obtain, odoo_tree, monkeypatch, cache):
    url = git_repository(odoo_tree(), "19.0")
    monkeypatch.setenv("ODOO_GIT_URL", url)
    root = obtain().root
    assert root == cache / "odoo-19"
    assert (root / "odoo" / "release.py").exists()
    assert not (root / "addons" / "l10n_fr").exists()
    assert not (root / "addons" / "crm" / "i18n" / "de.po").exists()
    assert (root / "addons" / "crm" / "i18n" / "fr.po").exists()
    monkeypatch.setenv("ODOO_GIT_URL", "file:///nowhere")
    assert obtain().root == root, "the second time nothing is fetched"


def test_interrupted_fetch_is_done_again(obtain, odoo_tree, monkeypatch, cache):
    half = cache / "odoo-19"
    half.mkdir(parents=True)
    (half / "half").touch()
    (cache / "odoo-19.new").mkdir()
    monkeypatch.setenv("ODOO_GIT_URL", git_repository(odoo_tree(), "19.0"))
    root = obtain().root
    assert (root / "odoo-bin").exists()
    assert not (root / "half").exists()


def test_repository_with_another_version(obtain, odoo_tree, monkeypatch):
    url = git_repository(odoo_tree("18, 0"), "19.0")
    monkeypatch.setenv("ODOO_GIT_URL", url)
    with pytest.raises(Problem, match=r"Odoo 18\.0, not 19\.0"):
        obtain()


def test_repository_without_the_branch(obtain, odoo_tree, monkeypatch):
    url = git_repository(odoo_tree(), "main")
    monkeypatch.setenv("ODOO_GIT_URL", url)
    with pytest.raises(Problem, match="cloning Odoo failed"):
        obtain()


@pytest.mark.parametrize(
    "name, kept",
    [
        ("./usr/lib/python3/dist-packages/odoo/addons/crm/models/crm_lead.py", True),
        ("./usr/lib/python3/dist-packages/odoo/addons/hr_timesheet/__init__.py", True),
        ("./usr/lib/python3/dist-packages/odoo/addons/crm/i18n/pl.po", True),
        ("./usr/lib/python3/dist-packages/odoo/addons/crm/i18n/crm.pot", True),
        ("./usr/lib/python3/dist-packages/odoo/addons/crm/i18n/de.po", False),
        ("./usr/lib/python3/dist-packages/odoo/addons/l10n_fr/__init__.py", False),
        ("./usr/lib/python3/dist-packages/addons/crm/__init__.py", False),
        ("./usr/share/fonts/truetype/montserrat/Montserrat-Bold.ttf", True),
    ],
)
def test_what_is_unpacked(name, kept):
    assert odoo_source.wanted(name) is kept


def test_dangling_links_are_repaired(tmp_path):
    addons = tmp_path / "odoo" / "addons"
    fonts = addons / "web" / "static" / "fonts"
    fonts.mkdir(parents=True)
    (fonts / "Roboto-Bold.ttf").write_text("bold")
    (fonts / "Roboto-Thin.ttf").symlink_to("../../nowhere.ttf")
    (fonts / "icons.woff2").symlink_to("../../gone.woff2")
    icon_fonts = tmp_path / "icons"
    icon_fonts.mkdir()
    (icon_fonts / "icons.woff2").write_text("icons")
    assets.repair(tmp_path, icon_fonts)
    assert not list(assets.dangling(addons))
    assert (fonts / "icons.woff2").read_text() == "icons"
    assert (fonts / "Roboto-Thin.ttf").read_text() == "bold"
    assert (addons / assets.LEFT_OUT).exists()
