from odoo.tests import HttpCase

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestSharing(LeadManagementCase, HttpCase):
    """One company offers twenty leads, the other accepts twelve and wins one."""

    # the page of a partner has no client of Odoo
    browser_size = "1366x768"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.rep + cls.rep_b + cls.manager).tour_enabled = False
        partner = cls.env["lead.share.partner"].create(
            {"company_id": cls.company.id, "to_company_id": cls.company_b.id}
        )
        cls.policy = cls.env["lead.share.policy"].create(
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

        self.browser_size, self.touch_enabled = "390x844", True
        self.start_tour(
            "/odoo/lead-offers",
            "lead_management_offer_accept",
            login=self.rep_b.login,
            timeout=300,
        )
        accepted = shares.filtered(lambda share: share.state == "accepted")
        self.assertEqual(len(accepted), 12)
        won = accepted[0]
        self.start_tour(
            f"/odoo/crm.lead/{won.copy_id.id}",
            "lead_management_offer_won",
            login=self.rep_b.login,
        )
        self.assertEqual((won.state, won.value), ("won", 1000))
        self.browser_size, self.touch_enabled = "1366x768", False
        self.start_tour(
            "/odoo/shared-leads",
            "lead_management_offer_seen",
            login=self.rep.login,
        )
        commissions = self.env.ref("lead_management.lead_share_commission_action")
        self.start_tour(
            f"/odoo/action-{commissions.id}",
            "lead_management_offer_commission",
            login=self.manager.login,
        )

    # ------------------------------------------------------------
    # A partner without an account
    # ------------------------------------------------------------

    def _tap(self, path, button, **values):
        """Press a button of the page, on a phone; the page that follows is awaited."""
        filled = "".join(
            f"document.querySelector('[name={name}]').value = '{value}';"
            for name, value in values.items()
        )
        self.browser_js(
            path,
            f"""{filled}
            document.addEventListener("submit", async (event) => {{
                // what the form sends, without leaving the page that is watched
                event.preventDefault();
                const form = event.target;
                const body = new URLSearchParams(new FormData(form, event.submitter));
                const answer = await fetch(form.action, {{method: "POST", body}});
                console.log(answer.ok || answer.status === 404
                    ? "test successful" : `test failed: ${{answer.status}}`);
            }});
            document.querySelector("{button}").click();""",
            f"document.querySelector('{button}') !== null",
            login=None,
        )
        self.env.invalidate_all()

    def test_a_partner_by_link_does_the_same(self):
        self.browser_size, self.touch_enabled = "390x844", True
        contact = self.env["res.partner"].create(
            {"name": "Nordfit", "email": "nordfit@example.com"}
        )
        self.policy.recipient_ids = self.env["lead.share.partner"].create(
            {
                "company_id": self.company.id,
                "kind": "partner",
                "partner_id": contact.id,
            }
        )
        lead = self.leads[0].with_user(self.rep)
        share = lead.env["lead.share"]._offer(lead, self.policy)
        path = f"/lead/offer/{share._get_token()}"
        self.env.flush_all()
        self._tap(path, "button[value=accept]")
        self.assertEqual(share.state, "accepted")
        self._tap(path, "button[value=contacted]")
        self.assertEqual(share.mirror_stage, "contacted")
        self._tap(path, "button[value=won]", amount="1,000.00")
        self.assertEqual((share.state, share.value), ("won", 1000))
        commission = self.env["lead.share.commission"].with_user(self.manager)
        self.assertEqual(commission.search([]).amount, 80)
        share.sudo(False).with_user(self.rep)._get_given("won")._recall("By mistake")
        self.env.flush_all()
        self._tap(path, "button[value=erased]")
        self.assertEqual((share.state, share.data), ("erased", False))
