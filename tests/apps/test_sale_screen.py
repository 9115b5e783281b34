"""The form of a lead in a company that has *Sales* as well, as a rep meets it."""

from odoo.tests import HttpCase

from odoo.addons.lead_management.tests.common import LeadManagementCase

STAGES = (
    *("open", "contacted", "nurturing", "qualified", "negotiation"),
    *("customer", "inactive", "unqualified"),
)


class TestSaleScreen(LeadManagementCase, HttpCase):
    # a laptop, with the chatter beside the form
    browser_size = "1440x900"

    def test_one_of_each(self):
        for number, kind in enumerate(STAGES, 1):
            self._new_lead(
                name=f"Sale {number} {kind}",
                team_id=self.team.id,
                stage_id=self._stage(kind).id,
            )
        action = self.env["ir.actions.act_window"].create(
            {
                "name": "Leads of All Stages",
                "res_model": "crm.lead",
                "view_mode": "list,form",
                "domain": "[('name', '=like', 'Sale %')]",
                "context": "{'active_test': False}",
            }
        )
        self.env["ir.ui.menu"].create(
            {
                "name": "Leads of All Stages",
                "parent_id": self.env.ref("crm.crm_menu_sales").id,
                "action": f"{action._name},{action.id}",
            }
        )
        self.start_tour(
            "/odoo/lead-pipeline",
            "lead_management_sale_form",
            login=self.rep.login,
            timeout=180,
        )
