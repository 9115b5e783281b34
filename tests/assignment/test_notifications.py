"""Owners hear of their new leads once, and in their language."""

from markupsafe import Markup

from .common import AssignmentCase


class TestNotifications(AssignmentCase):
    def setUp(self):
        super().setUp()
        self.messages = self.env["mail.message"].search([])

    def _notified(self, user):
        """Return what somebody was notified of in this test."""
        self.env.flush_all()
        return self.env["mail.message"].search(
            [
                ("id", "not in", self.messages.ids),
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
            ]
        )

    def test_one_lead_is_the_notice_of_odoo(self):
        self._to_user(self.rep)
        lead = self._create(name="Crane")
        message = self._notified(self.rep)
        self.assertEqual(message.subject, "You have been assigned to Crane")
        self.assertEqual((message.model, message.res_id), ("crm.lead", lead.id))

    def test_many_leads_are_one_list(self):
        self._to_members(self.rep + self.rep_2)
        leads = self._create(6, name="Crane")
        for user in (self.rep, self.rep_2):
            message = self._notified(user)
            self.assertEqual(message.subject, "New leads for you: 3")
            self.assertEqual(message.body.count("Crane"), 3)
            own = leads.filtered(lambda lead, user=user: lead.user_id == user)
            for lead in own:
                self.assertIn(f"model=crm.lead&amp;res_id={lead.id}", message.body)

    def test_long_list_is_cut(self):
        self._to_user(self.rep)
        self._create(60, name="Crane")
        message = self._notified(self.rep)
        self.assertEqual(message.subject, "New leads for you: 60")
        self.assertEqual(message.body.count("Crane"), 50)

    def test_names_are_no_markup(self):
        self._to_user(self.rep)
        self._create(2, name="<img src=x onerror=alert(1)>")
        body = self._notified(self.rep).body
        self.assertIsInstance(body, Markup)
        self.assertNotIn("<img", body)

    def test_in_the_language_of_each(self):
        self.rep.lang = "fr_FR"
        self.rep_2.lang = "pl_PL"
        self._to_members(self.rep + self.rep_2 + self.rep_3)
        self._create(6)
        users = self.rep + self.rep_2 + self.rep_3
        messages = [self._notified(user) for user in users]
        self.assertEqual(len({message.subject for message in messages}), 3)
        self.assertEqual(
            len({message.body.split("<ul>")[0] for message in messages}), 3
        )

    def test_whom_a_rule_names_hears_of_leads_only(self):
        rule = self._to_user(self.rep)
        rule.with_user(self.manager).user_id = self.rep_2
        for user in self.rep + self.rep_2:
            self.assertFalse(self._notified(user))
            self.assertNotIn(user.partner_id, rule.message_partner_ids)

    def test_who_does_it_knows(self):
        self._to_user(self.manager)
        lead = self._new_lead()
        lead.with_user(self.manager).action_route()
        self.assertEqual(lead.user_id, self.manager)
        self.assertFalse(self._notified(self.manager))

    def test_who_pulls_knows(self):
        self._to_pool(self._pool())
        self._create()
        self.env["crm.lead"].with_user(self.rep).action_pull_next()
        self.assertFalse(self._notified(self.rep))

    def test_same_owner_again_is_no_news(self):
        self._to_user(self.rep)
        lead = self._create()
        lead.with_user(self.manager).action_route()
        self.assertEqual(len(self._notified(self.rep)), 1)

    def test_archived_partner(self):
        self._to_user(self.rep)
        self.env.cr.execute(
            "UPDATE res_partner SET active = false WHERE id = %s",
            self.rep.partner_id.ids,
        )
        self.env.invalidate_all()
        leads = self._create() + self._create(2)
        self.assertEqual(leads.user_id, self.rep)
        self.assertFalse(self._notified(self.rep))

    def test_pools_and_waiting_leads_are_no_news(self):
        self._to_pool(self._pool(), [("name", "=", "Pooled")], sequence=1)
        self._capacity(self.rep, is_paused=True)
        self._to_user(self.rep, sequence=2)
        self._create(2, name="Pooled")
        self._create(2)
        for user in self.rep + self.rep_2 + self.rep_3 + self.leader:
            self.assertFalse(self._notified(user))

    def test_new_owner_follows_the_others_stay(self):
        self._to_user(self.rep_2)
        lead = self._new_lead()
        self.assertIn(self.rep.partner_id, lead.message_partner_ids)
        lead.with_user(self.manager).action_route()
        self.assertIn(self.rep_2.partner_id, lead.message_partner_ids)

    def test_released_lead_tells_the_next_one(self):
        self._to_members(self.rep + self.rep_2)
        lead = self._create()
        other = (self.rep + self.rep_2) - lead.user_id
        lead.with_user(lead.user_id).action_release("No time")
        self.commit()
        self.assertEqual(lead.user_id, other)
        self.assertEqual(len(self._notified(other)), 1)

    def test_one_list_for_all_batches_of_a_routing(self):
        self._to_members(self.rep + self.rep_2)
        leads = self.env["crm.lead"].create([{"name": "Crane", "user_id": False}] * 10)
        self.env.cr.flush()
        self.env.cr.postcommit.clear()
        self.env["crm.lead"]._assignment_route_batches(leads.ids, "capture", 3)
        for user in self.rep + self.rep_2:
            message = self._notified(user)
            self.assertEqual(message.subject, "New leads for you: 5")
        self.assertFalse(self.env["lead.assignment.notice"].search([]))

    def test_batches_that_broke_off_are_told_with_the_next_routing(self):
        self._to_user(self.rep)
        CrmLead = self.env["crm.lead"]
        leads = CrmLead.create([{"name": "Crane", "user_id": False}] * 4)
        self.env.cr.flush()
        self.env.cr.postcommit.clear()
        CrmLead._assignment_route_apart(leads[:3].ids, "capture", is_last=False)
        self.assertFalse(self._notified(self.rep))
        leads[0].user_id = self.rep_2  # no news to the first one any more
        CrmLead._assignment_route_apart(leads[3:].ids, "capture")
        self.assertEqual(self._notified(self.rep).subject, "New leads for you: 3")
