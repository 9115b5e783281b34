"""A new model whose rows belong to leads is safe by inheriting."""

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.orm.model_classes import add_to_registry
from odoo.tests import new_test_user

from .rows import OPERATIONS, ROW_MIXIN, RowCase


class TestNewRowModel(RowCase):
    """A model that says nothing but that its rows belong to leads."""

    @classmethod
    def _get_row_models(cls):
        class LeadVisit(models.Model):
            _module = None
            _name = "lead.visit"
            _inherit = [ROW_MIXIN]
            _description = "Visit"
            _impersonal = ("code",)

            note = fields.Text()
            code = fields.Char()

        add_to_registry(cls.registry, LeadVisit)
        cls.addClassCleanup(cls._forget_model)
        cls.registry._setup_models__(cls.env.cr, [])
        cls.registry.init_models(cls.env.cr, ["lead.visit"], {})
        return ["lead.visit"]

    @classmethod
    def _forget_model(cls):
        del cls.registry["lead.visit"]
        cls.registry.registry_invalidated = True  # set up anew after the class

    def setUp(self):
        super().setUp()
        self.visits = self.rows["lead.visit"]

    def test_nobody_has_it_without_rights(self):
        for login, env in self._environments():
            for operation in OPERATIONS:
                with self.subTest(user=login, do=operation):
                    self.assertFalse(env["lead.visit"].has_access(operation))

    def test_it_is_for_whoever_has_the_lead(self):
        self._give_all_rights("sales_team.group_sale_salesman")
        for login, env in self._environments():
            visible = self._get_visible(env)
            with self.subTest(user=login):
                self._check_reading(env["lead.visit"], self.visits, visible)
            for operation in OPERATIONS:
                with self.subTest(user=login, do=operation):
                    visits = self.visits.with_env(env)
                    seen = visits._filtered_access(operation)
                    self.assertEqual(set(seen.ids), visible)

    def test_rights_by_mistake_open_nothing(self):
        """Whoever has nothing to do with leads sees none of their rows."""
        for group in ("base.group_user", "base.group_portal"):
            self._give_all_rights(group)
            user = new_test_user(self.env, f"lm_{group[5:]}", groups=group)
            visits = self.visits.with_user(user)
            for operation in OPERATIONS:
                with self.subTest(group=group, do=operation):
                    self.assertTrue(visits.browse().has_access(operation))
                    self.assertFalse(visits._filtered_access(operation))
            self.assertFalse(visits.search([]))

    def test_who_may_only_read_a_lead_writes_no_rows(self):
        self._give_all_rights("sales_team.group_sale_salesman")
        self.env["ir.rule"].create(
            {
                "name": "Colleagues look on",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "domain_force": [("user_id", "=", self.rep_2.id)],
                "groups": self.env.ref("sales_team.group_sale_salesman").ids,
                **{f"perm_{operation}": False for operation in OPERATIONS[1:]},
            }
        )
        visit = self.visits.browse(self.leads["of_rep_2"].id).with_user(self.rep)
        self.assertTrue(visit.has_access("read"))
        for operation in OPERATIONS[1:]:
            self.assertFalse(visit.has_access(operation), operation)
        with self.assertRaises(AccessError):
            visit.create({"lead_id": visit.lead_id.id})

    def test_rules_for_leads_that_others_add_count(self):
        self._give_all_rights("sales_team.group_sale_salesman")
        visit = self.visits.browse(self.leads["own"].id).with_user(self.rep)
        self.assertTrue(visit.has_access("read"))
        self.env["ir.rule"].create(
            {
                "name": "Not these",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "domain_force": [("id", "!=", self.leads["own"].id)],
            }
        )
        self.assertFalse(visit.has_access("read"))

    def test_it_has_the_company_and_the_name_of_its_lead(self):
        visit = self.visits.browse(self.leads["own_in_b"].id)
        self.assertEqual(visit.company_id, self.company_b)
        self.assertEqual(visit.display_name, "Lead")

    def test_it_follows_a_merge(self):
        pair = self.leads["own"] + self._new_lead()
        survivor = pair.merge_opportunity()
        visit = self.visits.browse(self.leads["own"].id)
        self.assertEqual(visit.lead_id, survivor)

    def test_it_is_deleted_with_its_lead(self):
        visit = self.visits.browse(self.leads["own"].id)
        self.leads["own"].unlink()
        self.assertFalse(visit.exists())

    def test_its_texts_are_erased(self):
        visit = self.visits.browse(self.leads["own"].id)
        visit.write({"note": "Ann is ill", "code": "x7"})
        self.leads["own"].with_user(self.manager)._erase_personal_data()
        self.assertFalse(visit.note)
        self.assertEqual(visit.code, "x7")
