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
                "name": "Leads of all stages",
                "res_model": "crm.lead",
                "view_mode": "list,form",
                "domain": "[('name', '=like', 'Sale %')]",
                "context": "{'active_test': False}",
            }
        )
        self.start_tour(
            f"/odoo/action-{action.id}",
            "lead_management_sale_form",
            login=self.rep.login,
            timeout=180,
        )
