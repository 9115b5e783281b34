"""What is done to a selection is undone as if it never was."""

from odoo import fields
from odoo.exceptions import AccessError

from .undo import UndoCase


class TestUndoSelection(UndoCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.sla"].create(
            {"name": "Fast", "calendar": "always", "touch_minutes": 60}
        )
        cls.leads = cls.env["crm.lead"].concat(
            cls.lead,
            *(
                cls._new_lead(
                    name=f"Lead {number}",
                    team_id=cls.team.id,
                    stage_id=cls._stage("open").id,
                    email_from=f"n{number}@example.com",
                )
                for number in range(3)
            ),
        )
        for lead in cls.leads[1:]:
            lead.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=fields.Date.today(),
                user_id=cls.rep.id,
            )
        cls.env["lead.answer"]._record(cls.leads[1], "email", text="Yes")
        cls.env.cr.flush()

    def _state_of_turns(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT to_jsonb(t) FROM lead_assignment_turn t ORDER BY id"
        )
        return self.env.cr.fetchall()

    def _assert_identity(self, do, user=None):
        """Do something to the leads, and undo it.

        :param do: is given the leads of the user; returns an action, or nothing where
            the client asks for it
        """
        user = user or self.rep
        self.env.cr._now = fields.Datetime.now()  # what is kept is kept for a moment
        leads = self.leads.with_user(user)
        before = self._state(self.leads)
        action = do(leads)
        if not action:
            offer = self.env["lead.undo"].with_user(user).action_take_last()
            self.assertTrue(offer, "the client is offered nothing")
            action = {"tag": "lead_undo", "params": offer}
        self.assertNotEqual(self._state(self.leads), before)
        self._undo(action, user)
        self._assert_undone(before, self.leads)

    def test_archive(self):
        def archive(leads):
            action = leads.action_archive_selected()
            self.assertFalse(self.leads.answer_ids, "nobody waits any more")
            return action

        self._assert_identity(archive)
        self.assertTrue(all(self.leads.mapped("active")))

    def test_taken_out_of_the_archive(self):
        self.leads.action_archive()
        self.env.cr.flush()
        self._assert_identity(lambda leads: leads.action_unarchive_selected())
        self.assertFalse(any(self.leads.mapped("active")))

    def test_archive_of_others(self):
        leads = self._new_lead(user_id=self.rep_2.id).with_user(self.rep)
        with self.assertRaises(AccessError):
            leads.action_archive_selected()

    def test_another_stage(self):
        stage = self._stage("nurturing")
        self._assert_identity(
            lambda leads: leads.web_save({"stage_id": stage.id}, {}) and None
        )

    def test_won(self):
        customer = self._stage("customer")
        self._assert_identity(
            lambda leads: leads.web_save({"stage_id": customer.id}, {}) and None
        )

    def test_another_salesperson(self):
        """With what hangs on it: clocks, claims, decisions, followers."""
        turns = self._state_of_turns()
        self._assert_identity(
            lambda leads: leads.web_save({"user_id": self.rep_2.id}, {}) and None,
            self.manager,
        )
        self.assertEqual(self.leads.user_id, self.rep)
        self.assertEqual(self._state_of_turns(), turns)

    def test_each_its_own_value(self):
        """What is typed as an operation, like +10, is saved for each lead by itself."""
        self._assert_identity(
            lambda leads: (
                leads.web_save_multi(
                    [{"expected_revenue": lead.id} for lead in leads], {}
                )
                and None
            )
        )

    def test_amount(self):
        self._assert_identity(
            lambda leads: leads.web_save({"expected_revenue": 5}, {}) and None
        )

    def test_assigned_again_by_the_rules(self):
        """Owner, clocks, decisions, followers, whom to tell, and the turns."""
        self._new_assignment_rule()
        turns = self._state_of_turns()
        self.assertTrue(turns)

        def route(leads):
            action = leads.action_route()
            self.assertNotEqual(self._state_of_turns(), turns)
            return action

        self._assert_identity(route, self.manager)
        self.assertEqual(self.leads.user_id, self.rep)
        self.assertEqual(self._state_of_turns(), turns)
