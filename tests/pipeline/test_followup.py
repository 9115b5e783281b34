from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from odoo.addons.lead_management.tests.common import LeadManagementCase

MONDAY = datetime(2026, 11, 23, 10, 0)
LOGGER = "odoo.addons.lead_management.models.base.apart"


class FollowupCase(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.followup.policy"].search([]).active = False
        cls.call = cls.env.ref("mail.mail_activity_data_call")
        cls.startClassPatcher(freeze_time(MONDAY))

    @classmethod
    def _policy(cls, trigger="stage", **values):
        return cls.env["lead.followup.policy"].create(
            {
                "name": "Policy",
                "trigger": trigger,
                "stage_type": "contacted" if trigger == "stage" else False,
                "activity_type_id": cls.call.id,
                "summary": "Call",
                **values,
            }
        )

    def _move(self, leads, stage_type="contacted"):
        leads.write({"stage_id": self._stage(stage_type).id})
        self.env.cr.flush()

    def _lead(self, **values):
        lead = self._new_lead(**values)
        self.commit()
        return lead


class TestFollowup(FollowupCase):
    def test_a_stage_plans_for_the_salesperson(self):
        self._policy(delay_days=2)
        lead = self._lead()
        self._move(lead.with_user(self.rep))
        activity = lead.activity_ids
        self.assertEqual(activity.user_id, self.rep)
        self.assertEqual(activity.activity_type_id, self.call)
        self.assertEqual(activity.date_deadline, date(2026, 11, 25))
        self.assertEqual(activity.summary, "Call")

    def test_only_on_days_at_work(self):
        self._policy(delay_days=5)
        lead = self._lead()
        self.company.resource_calendar_id.leave_ids = [
            (
                0,
                0,
                {
                    "name": "Bridge",
                    "date_from": datetime(2026, 11, 26),
                    "date_to": datetime(2026, 11, 27, 23),
                    "resource_id": False,
                    "company_id": self.company.id,
                },
            )
        ]
        self._move(lead)
        # Tuesday, Wednesday, then the week after: Monday, Tuesday, Wednesday
        self.assertEqual(lead.activity_ids.date_deadline, date(2026, 12, 2))

    def test_facts_and_goal(self):
        self._policy(
            summary="Call {{ object.contact_name ||| them }}",
            note="What does {{ object.name }} need?",
        )
        lead = self._lead(
            name="<b>Bold</b>", contact_name="Ann", phone="+32 470 12 34 56"
        )
        other = self._lead()
        self._move(lead + other)
        self.assertEqual(lead.activity_ids.summary, "Call Ann")
        self.assertEqual(other.activity_ids.summary, "Call them")
        self.assertIn("&lt;b&gt;Bold", lead.activity_ids.note)
        self.assertIn("470 12 34 56", lead.activity_ids.note)

    def test_nobody_writes_code(self):
        for field in ("summary", "note"):
            with self.subTest(field=field), self.assertRaises(ValidationError):
                self._policy(**{field: "{{ object.env['res.users'].search([]) }}"})

    def test_what_is_lacking(self):
        for values in (
            {"stage_type": False},
            {"trigger": "outcome"},
            {"activity_type_id": False},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._policy(**values)

    def test_in_the_language_of_who_does_it(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        policy = self._policy()
        policy.with_context(lang="fr_FR").summary = "Appeler"
        self.rep.lang = "fr_FR"
        lead = self._lead()
        self._move(lead.with_user(self.manager))
        self.assertEqual(lead.activity_ids.summary, "Appeler")

    def test_the_first_that_fits(self):
        self._policy(domain="[('priority', '=', '3')]", summary="Now", sequence=1)
        self._policy(summary="Later", sequence=2)
        starred, other = self._lead(priority="3"), self._lead()
        self._move(starred + other)
        self.assertEqual(starred.activity_ids.summary, "Now")
        self.assertEqual(other.activity_ids.summary, "Later")

    def test_what_is_planned_stays(self):
        self._policy()
        lead = self._lead()
        lead.activity_schedule("mail.mail_activity_data_todo", user_id=self.rep.id)
        self._move(lead)
        self.assertEqual(len(lead.activity_ids), 1)

    def test_unless_it_is_wanted(self):
        self._policy(is_additional=True)
        lead = self._lead()
        lead.activity_schedule("mail.mail_activity_data_todo", user_id=self.rep.id)
        self._move(lead)
        self.assertEqual(len(lead.activity_ids), 2)

    def test_once(self):
        self._policy()
        lead = self._lead()
        self._move(lead)
        self._move(lead)
        self._move(lead, "open")
        self._move(lead)
        self.assertEqual(len(lead.activity_ids), 1)

    def test_a_new_salesperson(self):
        self._policy("owner", delay_days=0)
        lead = self._lead(user_id=False)
        self.assertFalse(lead.activity_ids)
        lead.user_id = self.rep_2
        self.env.cr.flush()
        self.assertEqual(lead.activity_ids.user_id, self.rep_2)
        self.assertEqual(lead.activity_ids.date_deadline, MONDAY.date())

    def test_a_new_salesperson_gets_what_the_stage_asks_for(self):
        self._policy()
        lead = self._lead(user_id=False)
        self._move(lead)
        self.assertFalse(lead.activity_ids)
        lead.user_id = self.rep
        self.env.cr.flush()
        self.assertEqual(len(lead.activity_ids), 1)

    def test_what_a_rule_gives(self):
        self._policy("owner")
        self._new_assignment_rule()
        lead = self._lead(user_id=False)
        self.assertTrue(lead.user_id)
        self.assertEqual(lead.activity_ids.user_id, lead.user_id)

    def test_for_the_leader(self):
        self._policy(responsible="leader")
        lead = self._lead(team_id=self.team.id)
        self._move(lead)
        self.assertEqual(lead.activity_ids.user_id, self.leader)

    def test_a_plan(self):
        plan = self.env["mail.activity.plan"].create(
            {
                "name": "Two steps",
                "res_model": "crm.lead",
                "template_ids": [
                    (
                        0,
                        0,
                        {
                            "activity_type_id": self.call.id,
                            "summary": summary,
                            "delay_count": weeks,
                            "delay_unit": "weeks",
                            "delay_from": "after_plan_date",
                        },
                    )
                    for summary, weeks in (("One", 1), ("Two", 2))
                ],
            }
        )
        self._policy(activity_type_id=False, plan_id=plan.id)
        lead = self._lead()
        self._move(lead)
        self.assertEqual(
            [(a.summary, a.date_deadline) for a in lead.activity_ids.sorted("id")],
            [("One", date(2026, 11, 30)), ("Two", date(2026, 12, 7))],
        )

    def test_after_an_outcome(self):
        outcome = self.env.ref("lead_management.touch_outcome_no_answer")
        self._policy("outcome", outcome_ids=outcome.ids, summary="Again")
        lead = self._lead()
        self.env["lead.touch"]._record(
            [{"lead_id": lead.id, "channel": "call", "outcome_id": outcome.id}]
        )
        self.env.cr.flush()
        self.assertEqual(lead.activity_ids.summary, "Again")

    def test_the_dialog_proposes_it(self):
        outcome = self.env.ref("lead_management.touch_outcome_no_answer")
        self._policy("outcome", outcome_ids=outcome.ids, summary="Again", delay_days=3)
        lead = self._lead().with_user(self.rep)
        step = outcome.with_user(self.rep)._get_next_step(lead)
        self.assertEqual(step["summary"], "Again")
        self.assertEqual(step["days"], 3)

    def test_switched_off(self):
        self._policy().active = False
        lead = self._lead()
        self._move(lead)
        self.assertFalse(lead.activity_ids)

    def test_another_company(self):
        self._policy(company_id=self.company_b.id)
        lead = self._lead()
        self._move(lead)
        self.assertFalse(lead.activity_ids)

    def test_nobody_there_to_do_it(self):
        self._policy()
        lead = self._lead(user_id=self.rep_3.id)
        self.rep_3.active = False
        self._move(lead)
        self.assertFalse(lead.activity_ids)

    @mute_logger(LOGGER)
    def test_a_failure_does_not_keep_the_lead_from_moving(self):
        self._policy()
        leads = self._lead() + self._lead(name="Bad") + self._lead()
        CrmLead = self.env.registry["crm.lead"]
        note = CrmLead._followup_get_note

        def refuse(lead, goal):
            if lead.name == "Bad":
                raise UserError("No")
            return note(lead, goal)

        with patch.object(CrmLead, "_followup_get_note", refuse):
            self._move(leads)
        self.assertEqual(leads.stage_id, self._stage("contacted"))
        self.assertEqual([len(lead.activity_ids) for lead in leads], [1, 0, 1])

    def test_many_in_constant_statements(self):
        policy = self._policy(note="{{ object.contact_name }}")

        def count(number):
            leads = self.env["crm.lead"].create(
                [{"name": "L", "user_id": self.rep.id}] * number
            )
            policy.active = False
            self._move(leads)
            policy.active = True
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            leads._followup_run("stage", None)
            self.env.flush_all()
            self.assertEqual(len(leads.activity_ids), number)
            return self.env.cr.sql_log_count - start

        count(5)
        self.assertLess(count(200), count(20) + 20)

    def test_a_rep_cannot_change_a_policy(self):
        policy = self._policy()
        with self.assertRaises(AccessError):
            policy.with_user(self.rep).summary = "Mine"


class TestTouchesMoveLeads(FollowupCase):
    """Open becomes Contacted by itself; a dormant customer who writes comes back."""

    def _touch(self, lead, **values):
        self.env["lead.touch"]._record(
            [{"lead_id": lead.id, "channel": "call", "user_id": self.rep.id, **values}]
        )
        self.env.cr.flush()

    def test_a_call_that_reached_somebody(self):
        lead = self._lead()
        self._touch(lead)
        self.assertEqual(lead.stage_id, self._stage("open"))
        self._touch(lead, is_contact=True)
        self.assertEqual(lead.stage_id, self._stage("contacted"))
        move = lead.stage_transition_ids.sorted("id")[-1]
        self.assertEqual(move.origin, "automation")

    def test_a_message_sent(self):
        lead = self._lead()
        partner = self.env["res.partner"].create(
            {"name": "Ann", "email": "a@b.example"}
        )
        lead.with_user(self.rep).message_post(
            body="Hello", partner_ids=partner.ids, message_type="comment"
        )
        self.env.cr.flush()
        self.assertEqual(lead.stage_id, self._stage("contacted"))
        self.assertEqual(len(lead.touch_ids), 1)

    def test_a_note_is_none(self):
        lead = self._lead()
        lead.with_user(self.rep).message_post(body="To myself")
        self.env.cr.flush()
        self.assertEqual(lead.stage_id, self._stage("open"))

    def test_further_on_nothing_moves(self):
        lead = self._lead(stage_id=self._stage("negotiation").id)
        self._touch(lead, is_contact=True)
        self.assertEqual(lead.stage_id, self._stage("negotiation"))
        self.assertEqual(len(lead.stage_transition_ids), 1)

    def test_switched_off(self):
        self.env.ref("lead_management.base_automation_touch_contacted").active = False
        lead = self._lead()
        self._touch(lead, is_contact=True)
        self.assertEqual(lead.stage_id, self._stage("open"))

    def test_a_gate_does_not_stop_it(self):
        self.env["lead.stage.requirement"].create(
            {"stage_id": self._stage("contacted").id, "field_name": "phone"}
        )
        lead = self._lead()
        self._touch(lead, is_contact=True)
        self.assertEqual(lead.stage_id, self._stage("contacted"))
        self.assertTrue(lead.stage_gate_missing)

    def test_a_dormant_customer_writes(self):
        lead = self._lead()
        self._move(lead, "customer")
        self._move(lead, "inactive")
        for __ in range(2):
            lead.message_post(
                body="Still there?",
                message_type="email",
                email_from="customer@example.com",
                author_id=False,
            )
            self.env.cr.flush()
        self.assertEqual(lead.stage_id, self._stage("open"))
        self.assertEqual(lead.stage_reactivation_count, 1)

    def test_ten_thousand_at_once(self):
        count = 2_000  # of the same kind: what matters is that it is one batch
        leads = self.env["crm.lead"].create(
            [{"name": "L", "user_id": False, "team_id": False}] * count
        )
        self.env.cr.flush()
        self.env["lead.touch"]._record(
            [
                {"lead_id": lead.id, "channel": "email", "user_id": self.rep.id}
                for lead in leads
            ]
        )
        CrmLead = self.env.registry["crm.lead"]
        contacted = CrmLead._stage_contacted
        calls = []
        with patch.object(
            CrmLead,
            "_stage_contacted",
            lambda records: calls.append(len(records)) or contacted(records),
        ):
            self.env.cr.flush()
        self.assertEqual(calls, [count])
        self.assertEqual(leads.stage_id, self._stage("contacted"))
        self.assertEqual(len(leads.stage_transition_ids), 2 * count)

    def test_moved_by_hand_meanwhile(self):
        lead = self._new_lead()
        self.env["lead.touch"]._record(
            [
                {
                    "lead_id": lead.id,
                    "channel": "call",
                    "user_id": self.rep.id,
                    "is_contact": True,
                }
            ]
        )
        lead.with_user(self.rep).stage_id = self._stage("qualified")
        self.env.cr.flush()
        self.assertEqual(lead.stage_id, self._stage("qualified"))
