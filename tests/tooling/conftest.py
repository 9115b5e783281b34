"""Make the developer's kit importable, on a cache of its own."""

import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "script"
if str(SCRIPT) not in sys.path:
    sys.path.append(str(SCRIPT))


@pytest.fixture
def cache(monkeypatch, tmp_path):
    """An empty cache folder."""
    place = tmp_path / "cache"
    monkeypatch.setenv("LEAD_MANAGEMENT_CACHE", str(place))
    return place


@pytest.fixture
def odoo_tree(tmp_path):
    """A function that makes a folder that looks like an Odoo checkout."""

    def make(version="19, 0", name="checkout"):
        root = tmp_path / name
        (root / "odoo" / "addons" / "base").mkdir(parents=True)
        (root / "addons" / "crm" / "i18n").mkdir(parents=True)
        (root / "addons" / "l10n_fr").mkdir()
        (root / "odoo-bin").touch()
        (root / "odoo" / "release.py").write_text(
            f"version_info = ({version}, 0, 'final', 0, '')\n"
        )
        for module in ("odoo/addons/base", "addons/crm", "addons/l10n_fr"):
            (root / module / "__manifest__.py").write_text("{}")
        for language in ("fr", "de"):
            (root / "addons" / "crm" / "i18n" / f"{language}.po").touch()
        return root

    return make
