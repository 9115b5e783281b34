"""Tools that run in Node.js or come from npm, in exactly the locked versions."""

import os
import shutil

from . import cache, process, python_env
from .cache import ROOT, folder, log_file
from .progress import step

OLDEST = 18


def obtain(python):
    """The environment variables to start Node.js with; npm is fetched if need be.

    :param python: the Python of the linters' environment, which takes Node.js in
    """
    variables = process.environment()
    if not is_there(variables):
        python_env.node()
        variables["PATH"] = f"{python.parent}{os.pathsep}{variables.get('PATH', '')}"
    return variables


def modules(python):
    """The folder with the packages of package.json, and the variables for Node.js."""
    variables = obtain(python)
    key = cache.digest((ROOT / "package-lock.json").read_text())
    place = folder("node") / key  # clones may share a cache
    if not cache.is_complete(place, key):
        cache.remove(place)
        place.mkdir(exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / name, place)
        with step("Installing packages from npm"):
            process.check(
                "installing packages from npm",
                ["npm", "ci", "--no-audit", "--no-fund"],
                log=log_file("npm"),
                cwd=place,
                env=variables,
            )
        cache.mark_complete(place, key)
    return place / "node_modules", variables


def prettier(python):
    """The words that start prettier."""
    place, variables = modules(python)
    return [
        shutil.which("node", path=variables["PATH"]),
        place / "prettier/bin/prettier.cjs",
        *("--plugin", place / "@prettier/plugin-xml/src/plugin.js"),
    ]


def axe():
    """The file of axe-core, which finds what shuts people out of a page."""
    with cache.preparing():
        place, __ = modules(python_env.lint())
    return place / "axe-core/axe.min.js"


def is_there(variables):
    """Are npm and a Node.js that is new enough on this machine?"""
    found = process.output(["node", "--version"], env=variables) or "v0"
    npm = process.output(["npm", "--version"], env=variables)
    return bool(npm) and int(found.strip("v\n").split(".")[0]) >= OLDEST
