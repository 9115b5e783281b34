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

    def test_one_pipeline_in_the_menus(self):
        Menu = self.env["ir.ui.menu"]
        reports = Menu.browse(self.env.ref("crm.crm_menu_report").id)
        seen = Menu.browse(Menu.with_user(self.rep)._visible_menu_ids())
        pipelines = seen.filtered(
            lambda menu: (
                menu.action
                and menu.action._name == "ir.actions.act_window"
                and menu.action.res_model == "crm.lead"
                and menu.action.view_mode.startswith("kanban")
                and menu.parent_id != reports
            )
        )
        self.assertEqual(
            pipelines, self.env.ref("lead_management.crm_lead_pipeline_menu")
        )
