from odoo.tests import HttpCase

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestSharing(LeadManagementCase, HttpCase):
    """One company offers twenty leads, the other accepts twelve and wins one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.rep + cls.rep_b + cls.manager).tour_enabled = False
        partner = cls.env["lead.share.partner"].create(
            {"company_id": cls.company.id, "to_company_id": cls.company_b.id}
        )
        cls.env["lead.share.policy"].create(
            {
                "name": "Elsewhere",
                "company_id": cls.company.id,
                "recipient_ids": [(6, 0, partner.ids)],
                "commission_kind": "percent",
                "commission_rate": 8,
            }
        )
        cls.leads = cls.env["crm.lead"].create(
            [
                {
                    "name": f"Lead {number}",
                    "type": "opportunity",
                    "user_id": cls.rep.id,
                    "contact_name": f"Person {number}",
                    "email_from": f"p{number}@example.com",
                    "country_id": cls.env.ref("base.se").id,
                    "expected_revenue": 1000,
                }
                for number in range(20)
            ]
        )
        cls.env.cr.flush()

    def test_offered_accepted_on_the_phone_and_won(self):
        self.browser_size = "1366x768"
        action = self.env["ir.actions.act_window"].create(
            {
                "name": "Leads",
                "res_model": "crm.lead",
                "view_mode": "list",
                "domain": [("id", "in", self.leads.ids)],
            }
        )
        self.start_tour(
            f"/odoo/action-{action.id}", "lead_management_offer", login=self.rep.login
        )
        shares = self.env["lead.share"].search([("lead_id", "in", self.leads.ids)])
        self.assertEqual(len(shares), 20)

        self.browser_size = "375x667"
        self.touch_enabled = True
        self.start_tour(
            "/odoo/lead-offers",
            "lead_management_offer_accept",
            login=self.rep_b.login,
            timeout=180,
        )
        accepted = shares.filtered(lambda share: share.state == "accepted")
        self.assertEqual(len(accepted), 1)
        more = (shares - accepted)[:11]
        more.sudo(False).with_user(self.rep_b).action_accept()
        accepted[0].copy_id.with_user(self.rep_b).action_set_won()
        self.assertEqual(accepted[0].state, "won")
        mine = accepted[0].sudo(False).with_user(self.rep)
        self.assertEqual((mine.mirror_stage, mine.value), ("customer", 1000))
        commission = self.env["lead.share.commission"].with_user(self.manager)
        self.assertEqual(commission.search([]).amount, 80)
