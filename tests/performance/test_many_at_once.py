"""What happens to many leads at once costs about what it costs for a few."""

from odoo import fields

from odoo.addons.lead_management.tests.common import LeadManagementCase

FEW, MANY = 20, 100
# Statements a lead more: what Odoo itself writes in groups of a hundred rows.
GROWTH = 0.25


class TestManyAtOnce(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._new_score_rule([("employee_count", ">=", 10)], 100)
        cls.owners = cls.rep + cls.rep_2

    def _new_leads(self, size):
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": f"Lead {number}",
                    "employee_count": 1,
                    "user_id": self.owners[number % 2].id,
                    "team_id": self.team.id,
                }
                for number in range(size)
            ]
        )
        self.env.cr.flush()
        return leads

    def _assert_flat(self, job):
        """Assert that ``job`` takes hardly more statements for many leads."""
        counts = []
        for size in (FEW, FEW, MANY):  # the first one fills the caches
            leads = self._new_leads(size)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            job(leads)
            self.env.cr.flush()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess((counts[2] - counts[1]) / (MANY - FEW), GROWTH, counts)

    def _switch_on(self, *names):
        for name in names:
            self.env.ref(f"lead_management.base_automation_{name}").active = True

    def _turn_hot(self, leads):
        leads.write({"employee_count": 20})

    def test_turning_hot(self):
        self._assert_flat(self._turn_hot)

    def test_turning_hot_with_all_that_may_follow(self):
        self._switch_on("hot_follow_up", "hot_qualify", "warm_nurture")
        self._assert_flat(self._turn_hot)

    def test_unqualify(self):
        reason = self.env["crm.lost.reason"].create({"name": "No need"})
        call = self.env.ref("mail.mail_activity_data_call").id

        def unqualify(leads):
            dialog = self.env["lead.unqualify"].with_user(self.leader)
            dialog.create(
                {
                    "lead_ids": leads.ids,
                    "lost_reason_id": reason.id,
                    "note": "<p>Nothing for them</p>",
                }
            ).action_apply()

        def plan_and_unqualify(leads):
            for lead in leads[:10]:  # as many with few leads as with many
                lead.activity_schedule(activity_type_id=call, user_id=self.rep.id)
            self.env.flush_all()
            unqualify(leads)

        self._assert_flat(plan_and_unqualify)

    def test_log_on_many_leads_that_turn_hot(self):
        self._new_score_rule([("employee_count", ">=", 1)], 45)
        call = self.env.ref("lead_management.score_event_call")
        self.env["lead.score.rule"].create(
            {
                "name": "Called",
                "kind": "activity",
                "points": 100,
                "event_ids": call.ids,
            }
        )
        reached = self.env.ref("lead_management.touch_outcome_reached")
        kind = self.env.ref("mail.mail_activity_data_call")

        def log(leads):
            action = leads.with_user(self.leader).action_log_call()
            dialog = self.env["lead.touch.log"].with_user(self.leader)
            dialog = dialog.browse(action["res_id"])
            dialog.write(
                {
                    "outcome_id": reached.id,
                    "note": "Spoke with them",
                    "activity_type_id": kind.id,
                    "next_date": fields.Date.add(fields.Date.today(), days=3),
                }
            )
            dialog.action_log()
            self.env.cr.flush()
            self.assertEqual(set(leads.mapped("score_temperature")), {"hot"})

        self._assert_flat(log)
