"""Odoo's server, which runs the tests "at install" after it, too.

While a module is updated, what depends on it is not loaded yet: its tests at install
would meet the database of the addon without its code.
"""

from odoo.cli import main
from odoo.tests import loader

make_suite = loader.make_suite


def make_late_suite(module_names, position="at_install"):
    """Nothing at install, and after it the tests of both kinds."""
    suite = make_suite([], position)
    if position == "post_install":
        for kind in ("at_install", "post_install"):
            suite.addTests(make_suite(module_names, kind))
    return suite


if __name__ == "__main__":
    loader.make_suite = make_late_suite
    main()
