"""Find Odoo 19 Community on this machine, or fetch it."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import assets, debian, process
from .cache import (
    digest,
    folder,
    is_complete,
    log_file,
    mark_complete,
    remove,
    require_space,
)
from .errors import Problem
from .progress import say, step, watch_folder

SERIES = (19, 0)
DEFAULT_GIT_URL = "https://github.com/odoo/odoo.git"
DISK_MEGABYTES = 800
CLONE_MEGABYTES = 2500
PACKAGE = "odoo-19"
# Fonts and libraries that the Debian package links to.
COMPANIONS = (
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
# Left out to save disk and time. Others look as useless, but the data of base,
# payment and website name modules that nothing here depends on.
UNUSED_MODULES = re.compile(r"/addons/l10n_[a-z0-9_]*/")
UNUSED_FILES = re.compile(
    r"/dist-packages/addons(/|$)|/i18n(_extra)?/(?!(fr|es|pl)\.po$)[^/]+\.po$"
)


@dataclass(frozen=True)
class Odoo:
    """One Odoo tree: where it is, and a key that changes with its content."""

    root: Path
    key: str

    @property
    def addons(self):
        """Folders that hold addons."""
        places = [self.root / "addons", self.root / "odoo" / "addons"]
        return [place for place in places if any(place.glob("*/__manifest__.py"))]


def version(root):
    """The series of the Odoo in a folder, such as (19, 0); None without Odoo."""
    release = root / "odoo" / "release.py"
    if not release.is_file():
        return None
    match = re.search(r"version_info = \((\d+), (\d+)", release.read_text())
    return tuple(map(int, match.groups())) if match else (0, 0)


def wanted(name):
    """Is this file of Odoo of any use here?"""
    return not (UNUSED_MODULES.search(name) or UNUSED_FILES.search(name))


def obtain(icon_fonts):
    """Odoo 19, by the first way that works on this machine."""
    if os.environ.get("ODOO_PATH"):
        return from_path(Path(os.environ["ODOO_PATH"]).expanduser().resolve())
    place = folder() / "odoo-19"
    key = digest(COMPANIONS, UNUSED_MODULES.pattern, UNUSED_FILES.pattern, "1")
    if not is_complete(place, key):
        require_space(folder(), DISK_MEGABYTES, "Odoo 19")
        fetched = _fetch(place.with_name("odoo-19.new"))
        assets.repair(_tree(fetched), icon_fonts)
        mark_complete(fetched, key)
        remove(place)
        fetched.replace(place)
    tree = _tree(place)
    return Odoo(tree, digest(key, (tree / "odoo" / "release.py").stat().st_mtime_ns))


def from_path(path):
    """An Odoo that is on this machine already (ODOO_PATH)."""
    for root in (path, path.parent):
        if (root / "odoo" / "release.py").is_file():
            _require_series(root, "ODOO_PATH")
            return Odoo(root, digest(str(root), _revision(root)))
    raise Problem(
        f"ODOO_PATH is {path}, but there is no Odoo in it.",
        "set it to a source checkout of Odoo 19 (the folder with odoo-bin), or to "
        "the folder that holds the Python package odoo.",
    )


def _revision(root):
    """What changes when the tree changes: its commit, or its release file."""
    commit = process.output(["git", "-C", root, "rev-parse", "HEAD"])
    return commit or (root / "odoo" / "release.py").stat().st_mtime_ns


def _require_series(root, origin):
    found = version(root)
    if found != SERIES:
        raise Problem(
            f"{origin} holds Odoo {'.'.join(map(str, found or ('?',)))}, not 19.0.",
            "set ODOO_PATH to an Odoo 19.0, or ODOO_GIT_URL to a repository with a "
            "branch 19.0.",
        )


def _fetch(target):
    """Fill a folder with Odoo: Debian's package, else Odoo's repository."""
    remove(target)
    if not os.environ.get("ODOO_GIT_URL"):
        try:
            _from_debian(target)
        except Problem as problem:
            say(f"  Not from Debian: {problem}")
            remove(target)
    if not target.exists():
        clone(os.environ.get("ODOO_GIT_URL") or DEFAULT_GIT_URL, target)
    _require_series(_tree(target), "what was fetched")
    return target


def _tree(place):
    """The folder that holds the package odoo, in either layout."""
    packaged = place / "usr" / "lib" / "python3" / "dist-packages"
    return packaged if packaged.is_dir() else place


def _from_debian(target):
    with step("Fetching Odoo 19 from the Debian mirror") as running:
        apt = debian.open_archive(running)
        packages = apt.sizes((PACKAGE, *COMPANIONS))
        if PACKAGE not in packages:
            raise debian.Unavailable(f"the mirror has no package {PACKAGE}.")
        files = apt.download(packages, running)
        target.mkdir()
        for package in files:
            debian.unpack(
                package,
                target,
                wanted,
                lambda count, name=package.name: running.show(
                    f"unpacking {name}, {count} files"
                ),
            )
        shutil.rmtree(apt.home, ignore_errors=True)


def clone(url, target):
    """A shallow clone of the branch 19.0, without what is not used here."""
    if not shutil.which("git"):
        raise Problem(
            "Odoo 19 cannot be fetched: no Debian package, and git is missing.",
            "install git, or set ODOO_PATH to an Odoo 19.",
        )
    require_space(folder(), CLONE_MEGABYTES, "a clone of Odoo")
    with step("Fetching Odoo 19 from its repository") as running:
        target.mkdir()
        process.check(
            "cloning Odoo",
            ["git", "clone", "--depth", "1", "-b", "19.0", url, target],
            log=log_file("odoo-clone"),
            watch=watch_folder(running, target),
        )
        prune(target)


def prune(tree):
    """Remove from a checkout what is not used here."""
    shutil.rmtree(tree / ".git", ignore_errors=True)
    for path in sorted(tree.rglob("*")):
        name = f"/{path.relative_to(tree)}"
        if path.is_dir() and not path.is_symlink():
            if UNUSED_MODULES.search(name + "/"):
                shutil.rmtree(path)
        elif path.exists() and UNUSED_FILES.search(name):
            path.unlink()
