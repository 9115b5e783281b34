from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestDistribution(LeadManagementCase, HttpCase):
    """Distribution, as managers and reps meet it in the browser."""

    def _tour(self, url, name, user):
        self.start_tour(url, name, login=user.login, timeout=120)

    def test_manager_sets_rules_and_tries_them(self):
        self._new_segment("Large", [("employee_count", ">", 500)])
        product = self.env["product.product"].create({"name": "Scale"})
        leads = self.env["crm.lead"].create(
            [
                {"name": "Tour lead 1", "employee_count": 900},
                {"name": "Tour lead 2", "product_ids": [Command.set(product.ids)]},
                {"name": "Tour lead 3"},
            ]
        )
        # the period that a dry run proposes
        month = fields.Date.start_of(fields.Date.today(), "month")
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = ANY(%s)",
            [month - timedelta(days=12), leads.ids],
        )
        self._tour("/odoo/lead-pipeline", "lead_management_distribution", self.manager)
        rules = self.env["lead.assignment.rule"].search([("name", "=like", "Tour%")])
        self.assertEqual(rules.mapped("target"), ["user", "user", "members"])
        self.assertEqual(rules[2].turn_ids.mapped("weight"), [3, 1])

    def test_administrator_takes_over_the_assignment_of_odoo(self):
        self.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", True)
        self._tour(
            "/odoo/settings#crm",
            "lead_management_take_over",
            self.env.ref("base.user_admin"),
        )
        self.assertFalse(self.env["crm.team"]._is_core_assignment_on())

    def _fill_pool(self, is_blind):
        pool = self.env["lead.pool"].create(
            {"name": "Pool", "team_id": self.team.id, "is_blind": is_blind}
        )
        self._new_assignment_rule(target="pool", team_id=False, pool_id=pool.id)
        lead = self.env["crm.lead"].create({"name": "Tour lead"})
        self.commit()
        return lead

    def test_rep_takes_the_next_lead(self):
        lead = self._fill_pool(is_blind=True)
        self._tour("/odoo/lead-pipeline", "lead_management_pull", self.rep)
        self.assertEqual(lead.user_id, self.rep)

    def test_rep_takes_a_lead_from_an_open_pool_and_gives_it_back(self):
        lead = self._fill_pool(is_blind=False)
        self._tour("/odoo/lead-pools", "lead_management_take", self.rep)
        self.assertFalse(lead.user_id)
        self.assertEqual(
            lead.assignment_log_ids.mapped("outcome"), ["released", "claimed", "pooled"]
        )
