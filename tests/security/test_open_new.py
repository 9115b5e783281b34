from lxml import etree

from odoo.tests import Form

from odoo.addons.lead_management.tests.common import LeadManagementCase

MODULE = "lead_management"


class TestOpenNew(LeadManagementCase):
    """*New* opens in each form and editable list of ours, for whoever may create."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._new_admin()
        cls.roles = {"rep": cls.rep, "manager": cls.manager, "admin": cls.admin}

    def _views(self, kind):
        """Return the views of a kind of our models that stand for themselves."""
        names = [
            model._name
            for model in self.registry.models.values()
            if model._original_module == MODULE and not model._abstract
        ]
        views = self.env["ir.ui.view"].search(
            [("model", "in", names), ("type", "=", kind), ("mode", "=", "primary")]
        )
        self.assertTrue(views)
        return views

    def _open_each(self, kind, open_new):
        """Open *New* in each view of a kind, as each role.

        :return: the models somebody could create a record of, by role
        """
        opened = {role: set() for role in self.roles}
        for view in self._views(kind):
            for role, user in self.roles.items():
                records = self.env[view.model].with_user(user)
                if not records.has_access("create"):
                    continue
                opened[role].add(view.model)
                with self.subTest(view=view.name, role=role):
                    open_new(records, view)
        return opened

    def test_new_opens_in_every_form(self):
        opened = self._open_each("form", Form)
        # who may create what is told by the access matrix; here nobody is left out
        self.assertIn("lead.touch.log", opened["rep"])
        for role in ("manager", "admin"):
            self.assertLess({"lead.assignment.rule", "lead.pool"}, opened[role])

    def test_new_opens_in_every_editable_list(self):
        def open_row(records, view):
            info = records.get_view(view.id, "list")
            tree = etree.fromstring(info["arch"])
            if not tree.get("editable") or tree.get("create") == "0":
                return
            names = [node.get("name") for node in tree.xpath("./field")]
            result = records.onchange({}, [], {name: {} for name in names})
            self.assertEqual(result["value"].keys() - set(names), set())

        opened = self._open_each("list", open_row)
        self.assertIn("lead.assignment.capacity", opened["manager"])
