import doctest
import importlib
import inspect
import pkgutil

from odoo.tests import BaseCase, tagged

from odoo.addons.lead_management import tools
from odoo.addons.lead_management.models.base import plugins
from odoo.addons.lead_management.models.messaging import constants


@tagged("standard", "post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_tools(self):
        """Every example in the arithmetic of the rooms is true."""
        names = [found.name for found in pkgutil.iter_modules(tools.__path__)]
        modules = [importlib.import_module(f"{tools.__name__}.{n}") for n in names]
        for module in (*modules, plugins, constants):
            with self.subTest(module=module.__name__):
                failed, attempted = doctest.testmod(module)
                self.assertEqual(bool(attempted), ">>>" in inspect.getsource(module))
                self.assertFalse(failed)
