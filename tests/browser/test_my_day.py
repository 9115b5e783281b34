from odoo import fields
from odoo.tests import HttpCase

from odoo.addons.lead_management.tests.common import LeadManagementCase


class MyDayCase(LeadManagementCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].search([]).active = False
        cls.env["mail.activity"].search([("res_model", "=", "crm.lead")]).unlink()
        cls.env["lead.sla"].search([]).active = False
        cls._new_score_rule([("name", "ilike", "hot")], 90)

    def _lead(self, name, days=None, user=None, **values):
        user = user or self.rep
        lead = self._new_lead(
            name=name,
            user_id=user.id,
            team_id=self.team.id,
            **{"stage_id": self._stage("contacted").id, **values},
        )
        if days is not None:
            lead.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=fields.Date.add(fields.Date.today(), days=days),
                user_id=user.id,
            )
        self.env.cr.flush()
        return lead

    def _tour(self, name, user, url="/odoo/my-day"):
        self.start_tour(url, name, login=user.login, timeout=120)


class TestMyDay(MyDayCase):
    """My Day, as reps and managers work with it."""

    def test_morning_of_a_rep(self):
        late = self._lead("Late call", -2)
        today = self._lead("Call of today", 0)
        hot = self._lead("Hot one")
        new = self._lead(
            "New one", stage_id=self._stage("open").id, email_from="ann@example.com"
        )
        self.company.message_quiet_on = False
        self._tour("lead_management_my_day", self.rep, "/odoo")
        self.env.invalidate_all()
        done = self.env["mail.activity"].with_context(active_test=False)
        self.assertTrue(
            done.search_count([("res_id", "=", late.id), ("active", "=", False)])
        )
        now = fields.Date.today()
        for lead in today + hot:
            self.assertGreater(lead.activity_ids.date_deadline, now)
        self.assertIn("Thank you for your interest", new.lead_message_ids.body)
        counts = self.env["crm.lead"].with_user(self.rep).action_my_day()["counts"]
        self.assertFalse(any(counts[k] for k in ("overdue", "today", "hot", "new")))

    def test_day_without_a_mouse(self):
        answered = self._lead("Answered")
        self._lead("Late call", -2)
        self.env["lead.answer"]._record(answered, "email", text="Thursday works.")
        self.env.cr.flush()
        self._tour("lead_management_my_day_keys", self.rep)
        self.env.invalidate_all()
        self.assertFalse(answered.touch_ids, "undone")
        self.assertEqual(answered.answer_ids.text, "Thursday works.")
        self.assertFalse(
            self.env["calendar.event"].search([("user_id", "=", self.rep.id)])
        )

    def test_one_call_after_another(self):
        leads = [
            self._lead(f"{name} call", days)
            for days, name in enumerate(("First", "Second", "Third"), -3)
        ]
        self._tour("lead_management_my_day_on", self.rep)
        self.env.invalidate_all()
        self.assertEqual([len(lead.touch_ids) for lead in leads], [1, 1, 0])

    def test_somebody_calls(self):
        self._lead(
            "Caller", phone="0470 12 34 56", country_id=self.env.ref("base.be").id
        )
        self._lead("Another one", contact_name="Other Person", phone="0471 99 99 99")
        self._tour("lead_management_find", self.rep)

    def test_won_and_not_after_all(self):
        deal = self._lead("Big deal", 0, stage_id=self._stage("negotiation").id)
        self._tour("lead_management_my_day_won", self.rep)
        self.env.invalidate_all()
        self.assertEqual((deal.won_status, deal.expected_revenue), ("pending", 0))

    def test_clicks_of_everyday_tasks(self):
        self.company.message_quiet_on = False
        deal = self._lead("Big deal", stage_id=self._stage("negotiation").id)
        leads = self.env["crm.lead"].concat(
            *(
                self._lead(name, email_from=f"{name.lower()}@example.com")
                for name in ("Ann", "Bob", "Cleo")
            )
        )
        self._tour("lead_management_day_clicks", self.rep, "/odoo/lead-pipeline")
        self.env.invalidate_all()
        self.assertEqual(len(leads.lead_message_ids), 3)
        self.assertTrue(all(leads.mapped("active")))
        self.assertEqual((deal.won_status, deal.expected_revenue), ("won", 1200))

    def test_lead_opens_with_a_pager_and_a_way_back(self):
        self._lead("First", -2)
        self._lead("Second", -1)
        self._tour("lead_management_my_day_open", self.rep)

    def test_manager_goes_from_numbers_to_leads(self):
        self._lead("Of rep 1", -2)
        self._lead("Of rep 2", -2, self.rep_2)
        self._tour("lead_management_my_day_team", self.leader)


class TestMyDayOnThePhone(MyDayCase):
    """The same with thumbs, on a small screen."""

    browser_size = "390x844"
    touch_enabled = True

    def test_a_call_is_logged_and_the_next_one_put_off(self):
        late = self._lead("Late call", -2)
        today = self._lead("Call of today", 0)
        self._tour("lead_management_my_day_phone", self.rep)
        self.env.invalidate_all()
        self.assertTrue(late.touch_ids.outcome_id)
        self.assertGreater(today.activity_ids.date_deadline, fields.Date.today())
