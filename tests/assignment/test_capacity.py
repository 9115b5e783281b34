"""How many leads somebody gets, and when he gets none."""

from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user
from odoo.tools import mute_logger

from odoo.addons.lead_management.models.base.context import KEYS

from .common import AssignmentCase

MONDAY = datetime(2026, 11, 23, 10)
CONTEXT_OF_OURS = {
    **dict.fromkeys(KEYS, True),
    "mail_notrack": True,
    "tracking_disable": True,
    "import_file": True,
}


class CapacityCase(AssignmentCase):
    """Monday to Friday, 8 to 12 and 13 to 17, in UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        calendars = (cls.company + cls.company_b).resource_calendar_id
        calendars.tz = "UTC"
        (cls.rep + cls.rep_2 + cls.rep_3 + cls.leader).tz = "UTC"
        cls.cron = cls.env.ref("lead_management.ir_cron_assign")

    def _triggers(self):
        self.commit()  # as a commit does: then it is decided whether to wake
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])
        return triggers.mapped("call_at")

    def _forget_triggers(self):
        self.commit()
        self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)]).unlink()

    def _time_off(self, start, stop, user=None, **values):
        resource = self.env["resource.resource"]
        if user:
            capacity = self.env["lead.assignment.capacity"].search(
                [("user_id", "=", user.id)], limit=1
            ) or self._capacity(user)
            resource = capacity._get_resource()
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Off",
                "resource_id": resource.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": start,
                "date_to": stop,
                **values,
            }
        )


class TestLimits(CapacityCase):
    now = MONDAY

    def _deal(self, count=1, **values):
        return self._owners(self._create(count, **values))

    def test_open_leads(self):
        self._capacity(self.rep, open_limit=2)
        self._to_members(self.rep + self.rep_2)
        leads = self._create(6)
        self.assertEqual(self._owners(leads), {self.rep: 2, self.rep_2: 4})
        self.assertEqual(self._reasons(leads[-1]), {self.rep: "open"})

    def test_only_who_has_a_limit_is_counted(self):
        self._capacity(self.rep, open_limit=5)
        self._capacity(self.rep_2)
        self._to_members(self.rep + self.rep_2 + self.rep_3)
        Log = self.env.registry["lead.assignment.log"]
        with patch.object(
            Log, "_count_loads", autospec=True, side_effect=Log._count_loads
        ) as count:
            self._create(3)
        (__, rows, *__), __ = count.call_args
        self.assertEqual([user_id for user_id, *__ in rows], self.rep.ids)
        count.assert_called_once()

    def test_a_closed_lead_makes_room(self):
        self._capacity(self.rep, open_limit=1)
        self._to_members(self.rep + self.rep_2)
        lead = self._new_lead()
        self.assertEqual(self._deal(2), {self.rep_2: 2})
        lead.with_user(self.rep).action_set_won()
        self.assertEqual(self._deal()[self.rep], 1)

    def test_leads_of_another_company_do_not_count(self):
        self.rep.company_ids += self.company_b
        self._new_lead(company_id=self.company_b.id, team_id=False)
        self._capacity(self.rep, open_limit=1)
        self._to_user(self.rep)
        self.assertEqual(self._deal(), {self.rep: 1})

    def test_of_a_day(self):
        self._capacity(self.rep, day_limit=2)
        self._to_members(self.rep + self.rep_2)
        leads = self._create(6)
        self.assertEqual(self._owners(leads), {self.rep: 2, self.rep_2: 4})
        self.assertEqual(self._reasons(leads[-1]), {self.rep: "day"})
        with freeze_time(MONDAY + timedelta(days=1)):
            self.assertEqual(self._deal(6)[self.rep], 2)

    def test_of_a_week(self):
        self._capacity(self.rep, week_limit=3)
        self._to_members(self.rep + self.rep_2)
        self._deal(4)
        with freeze_time(MONDAY + timedelta(days=4)):
            leads = self._create(4)
            self.assertEqual(self._owners(leads), {self.rep: 1, self.rep_2: 3})
            self.assertEqual(self._reasons(leads[-1]), {self.rep: "week"})
        with freeze_time(MONDAY + timedelta(days=7)):
            self.assertEqual(self._deal(4)[self.rep], 2)

    def test_of_a_month(self):
        self._capacity(self.rep, month_limit=3)
        self._to_members(self.rep + self.rep_2)
        self._deal(4)
        with freeze_time(datetime(2026, 11, 30, 10)):
            leads = self._create(4)
            self.assertEqual(self._owners(leads), {self.rep: 1, self.rep_2: 3})
            self.assertEqual(self._reasons(leads[-1]), {self.rep: "month"})
        with freeze_time(datetime(2026, 12, 1, 10)):
            self.assertEqual(self._deal(4)[self.rep], 2)

    def test_the_day_is_that_of_the_salesperson(self):
        self.rep.tz = "Pacific/Auckland"  # 13 hours ahead
        self._capacity(self.rep, day_limit=1)
        self._to_user(self.rep)
        self.assertEqual(self._deal(), {self.rep: 1})
        self.assertFalse(self._create().user_id)
        with freeze_time(MONDAY + timedelta(hours=2)):
            self.assertTrue(self._create().user_id)

    def test_given_by_hand_counts(self):
        self._capacity(self.rep, day_limit=1)
        self._to_members(self.rep + self.rep_2)
        self._new_lead(user_id=False).with_user(self.manager).user_id = self.rep
        self.assertEqual(self._deal(2), {self.rep_2: 2})

    def test_own_leads_do_not_count_for_the_day(self):
        """Who finds leads himself gets no fewer of the others."""
        capacity = self._capacity(self.rep, day_limit=1)
        self.env["crm.lead"].with_user(self.rep).create(
            [{"name": "Own", "user_id": self.rep.id}] * 3
        )
        self.assertEqual((capacity.day_count, capacity.open_count), (0, 3))
        self._to_user(self.rep)
        self.assertEqual(self._deal(), {self.rep: 1})

    def test_a_returned_turn_does_not_count(self):
        self._capacity(self.rep, day_limit=1)
        self._to_user(self.rep)
        self._create().with_user(self.rep).stage_id = self._stage("unqualified")
        self.assertEqual(self._deal(), {self.rep: 1})

    def test_a_lead_that_was_given_back_counts(self):
        capacity = self._capacity(self.rep, day_limit=1)
        self._to_user(self.rep)
        self._create().with_user(self.rep).action_release("No time")
        self.assertEqual(capacity.day_count, 1)

    def test_capacity_of_the_company_before_the_general_one(self):
        self.rep.company_ids += self.company_b
        self._capacity(self.rep, open_limit=1)
        self._capacity(self.rep, open_limit=3, company_id=self.company.id)
        self._to_members(self.rep)
        leads = self._create(5, company_id=self.company.id)
        self.assertEqual(len(leads.filtered("user_id")), 3)
        leads_b = self._create(
            2, user=self.env.user, company_id=self.company_b.id, team_id=False
        )
        self.assertEqual(len(leads_b.filtered("user_id")), 1)

    def test_no_limit(self):
        self._capacity(self.rep)
        self._to_user(self.rep)
        self.assertEqual(self._deal(20), {self.rep: 20})

    def test_archived_capacity_limits_nothing(self):
        self._capacity(self.rep, open_limit=1).active = False
        self._to_user(self.rep)
        self.assertEqual(self._deal(3), {self.rep: 3})

    def test_what_somebody_has_now_is_shown(self):
        capacity = self._capacity(self.rep, day_limit=2)
        self._to_user(self.rep)
        self._create(3)
        capacity = capacity.with_user(self.rep)
        counts = ("open_count", "day_count", "week_count", "month_count")
        self.assertEqual([capacity[name] for name in counts], [2] * 4)
        self.assertIn("daily limit reached", capacity.state)

    def test_a_new_one_shows_nothing_until_somebody_is_chosen(self):
        self._to_user(self.rep)
        self._create(2)
        form = Form(self.env["lead.assignment.capacity"].with_user(self.manager))
        self.assertEqual((form.open_count, form.state), (0, False))
        form.user_id = self.rep
        self.assertEqual((form.open_count, form.state), (2, "available"))

    @mute_logger("odoo.sql_db")
    def test_negative_limits_and_duplicates_are_refused(self):
        for values in ({"open_limit": -1}, {"month_limit": -1}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._capacity(self.rep, **values)
        self._capacity(self.rep)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._capacity(self.rep)

    def test_reps_read_capacities_and_change_none(self):
        capacity = self._capacity(self.rep, open_limit=1)
        capacity.with_user(self.rep).read(["open_limit", "state"])
        with self.assertRaises(AccessError):
            capacity.with_user(self.rep).open_limit = 100
        with self.assertRaises(AccessError):
            capacity.with_user(self.leader).unlink()


class TestPause(CapacityCase):
    now = MONDAY

    def _pause(self, hours, user=None):
        Capacity = self.env["lead.assignment.capacity"]
        return Capacity.with_user(user or self.rep).action_pause(hours)

    def _get(self, user):
        return self.env["lead.assignment.capacity"].search([("user_id", "=", user.id)])

    def test_paused_gets_nothing(self):
        self._capacity(self.rep, is_paused=True)
        self._to_members(self.rep + self.rep_2)
        leads = self._create(2)
        self.assertEqual(leads.user_id, self.rep_2)
        self.assertEqual(self._reasons(leads[0]), {self.rep: "paused"})

    def test_until_a_moment(self):
        self._capacity(
            self.rep, is_paused=True, pause_until=MONDAY + timedelta(hours=1)
        )
        self._to_user(self.rep)
        lead = self._create()
        self.assertIn("paused until", lead.assignment_explanation)
        with freeze_time(MONDAY + timedelta(hours=1, seconds=1)):
            self.assertEqual(self._create().user_id, self.rep)

    def test_rep_pauses_himself(self):
        until = self._pause(2)
        self.assertEqual(until, MONDAY + timedelta(hours=2))
        self._to_members(self.rep + self.rep_2)
        self.assertEqual(self._create(2).user_id, self.rep_2)
        self.assertFalse(self._pause(0))
        self.assertIn(self.rep, self._create(2).user_id)

    def test_nobody_else_is_concerned(self):
        other = self._capacity(self.rep_2, open_limit=5)
        self._pause(2)
        self.assertEqual(self._get(self.rep).create_uid, self.rep)
        self.assertFalse(other.is_paused)

    def test_limits_stay(self):
        capacity = self._capacity(self.rep, open_limit=5)
        self._pause(1)
        self.assertEqual(self._get(self.rep), capacity)
        self.assertEqual(capacity.open_limit, 5)

    def test_in_every_company(self):
        general = self._capacity(self.rep)
        own = self._capacity(self.rep, company_id=self.company.id)
        self._pause(1)
        self.assertTrue(general.is_paused and own.is_paused)

    def test_end_without_a_pause(self):
        self.assertFalse(self._pause(0))
        self.assertFalse(self._get(self.rep))

    def test_who_has_an_archived_capacity(self):
        """What was switched off stays so, and is no reason not to pause."""
        archived = self._capacity(self.rep, open_limit=1)
        archived.active = False
        self._pause(1)
        self.env.flush_all()
        self._to_members(self.rep + self.rep_2)
        self.assertEqual(self._create(2).user_id, self.rep_2)
        self._pause(0)
        self.assertEqual(self._owners(self._create(4))[self.rep], 2)

    def test_wrong_hours_are_refused(self):
        for hours in (-1, 1001, float("nan"), float("inf"), "2", None, [], {}):
            with self.subTest(hours=hours), self.assertRaises(UserError):
                self._pause(hours)

    def test_part_of_an_hour(self):
        self.assertEqual(self._pause(0.5), MONDAY + timedelta(minutes=30))

    def test_only_salespeople_pause(self):
        user = new_test_user(self.env, "lm_user", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._pause(1, user)

    def test_status_of_the_top_bar(self):
        Pool = self.env["lead.pool"].with_user(self.rep)
        self.assertFalse(Pool.action_status()["paused_until"])
        self._pause(2)
        self.assertEqual(Pool.action_status()["paused_until"], "2026-11-23 12:00:00")
        self._get(self.rep).pause_until = False
        self.assertIs(Pool.action_status()["paused_until"], True)


class TestTimeOff(CapacityCase):
    now = MONDAY

    def test_off_now(self):
        self._time_off(MONDAY, MONDAY + timedelta(hours=2), self.rep)
        self._to_members(self.rep + self.rep_2)
        leads = self._create(2)
        self.assertEqual(leads.user_id, self.rep_2)
        self.assertEqual(self._reasons(leads[0]), {self.rep: "leave"})
        with freeze_time(MONDAY + timedelta(hours=3)):
            self.assertEqual(self._create(2).user_id, self.rep + self.rep_2)

    def test_off_when_work_starts_again(self):
        """On Monday evening, who is off on Tuesday gets nothing any more."""
        tuesday = datetime(2026, 11, 24, 8)
        self._time_off(tuesday, tuesday + timedelta(hours=9), self.rep)
        self._to_members(self.rep + self.rep_2)
        self.assertEqual(self._create(2).user_id, self.rep + self.rep_2)
        with freeze_time(datetime(2026, 11, 23, 19)):
            self.assertEqual(self._create(2).user_id, self.rep_2)
        with freeze_time(datetime(2026, 11, 24, 19)):
            self.assertEqual(self._create(2).user_id, self.rep + self.rep_2)

    def test_holiday_of_the_company(self):
        self._time_off(MONDAY, MONDAY + timedelta(hours=2))
        self._new_assignment_rule()
        lead = self._create()
        self.assertFalse(lead.user_id)
        self.assertEqual(set(self._reasons(lead).values()), {"leave"})

    def test_holiday_of_another_company(self):
        self._time_off(
            MONDAY,
            MONDAY + timedelta(hours=2),
            company_id=self.company_b.id,
            calendar_id=self.company_b.resource_calendar_id.id,
        )
        self._new_assignment_rule()
        self.assertTrue(self._create().user_id)

    def test_evenings_count_unless_the_rule_says_otherwise(self):
        rule = self._new_assignment_rule()
        with freeze_time(datetime(2026, 11, 23, 19)):
            self.assertTrue(self._create().user_id)
            rule.working_hours = True
            lead = self._create()
        self.assertFalse(lead.user_id)
        self.assertEqual(set(self._reasons(lead).values()), {"hours"})
        self.assertIn("outside working hours until", lead.assignment_explanation)

    def test_working_hours_over_the_weekend(self):
        self._to_user(self.rep, working_hours=True)
        with freeze_time(datetime(2026, 11, 28, 10)):
            self._forget_triggers()
            lead = self._create()
            self.assertEqual(self._triggers(), [datetime(2026, 11, 30, 8)])
        self.assertFalse(lead.user_id)
        with freeze_time(datetime(2026, 11, 30, 8, 1)):
            self._run_cron("assign")
        self.assertEqual(lead.user_id, self.rep)

    def test_lunch_is_no_working_time(self):
        self._to_user(self.rep, working_hours=True)
        with freeze_time(datetime(2026, 11, 23, 12, 30)):
            self.assertFalse(self._create().user_id)
        with freeze_time(datetime(2026, 11, 23, 13)):
            self.assertTrue(self._create().user_id)

    def test_own_working_time(self):
        """Somebody in part time, by the calendar of his resource."""
        capacity = self._capacity(self.rep)
        resource = capacity._get_resource()
        resource.calendar_id = self.company.resource_calendar_id.copy()
        mornings = resource.calendar_id.attendance_ids.filtered(
            lambda attendance: attendance.hour_from < 12
        )
        (resource.calendar_id.attendance_ids - mornings).unlink()
        self._to_members(self.rep + self.rep_2, working_hours=True)
        with freeze_time(datetime(2026, 11, 23, 14)):
            self.assertEqual(self._create(2).user_id, self.rep_2)

    def test_manager_adds_time_off(self):
        capacity = self._capacity(self.rep).with_user(self.manager)
        action = capacity.action_time_off()
        self.assertEqual(action["res_model"], "resource.calendar.leaves")
        resource = self.env["resource.resource"].search([("user_id", "=", self.rep.id)])
        self.assertEqual(len(resource), 1)
        self.assertEqual(action["context"]["default_resource_id"], resource.id)
        capacity.action_time_off()
        self.assertEqual(
            self.env["resource.resource"].search_count([("user_id", "=", self.rep.id)]),
            1,
        )
        with self.assertRaises(AccessError):
            capacity.with_user(self.rep).action_time_off()


class TestWaiting(CapacityCase):
    """What nobody has room for waits, and loses nothing by it."""

    now = MONDAY

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._new_score_rule([("phone", "!=", False)], 40)
        cls.capacity = cls._capacity(cls.rep, open_limit=2)
        cls.rule = cls._to_user(cls.rep)

    def _burst(self, count=6, **values):
        leads = self._create(count, **values)
        self._forget_triggers()
        return leads

    def _wakes(self):
        return self._triggers() == [MONDAY]

    def test_burst_is_held(self):
        leads = self._burst()
        self.assertEqual(len(leads.filtered("user_id")), 2)
        waiting = leads.filtered("assignment_pending")
        self.assertEqual(len(waiting), 4)
        self.assertFalse(waiting.user_id)
        self.assertEqual(
            set(waiting.assignment_log_ids.mapped("outcome")), {"no_candidate"}
        )

    def test_best_first_then_oldest(self):
        self.capacity.is_paused = True
        leads = self._burst(4)
        best = self._burst(2, phone="1")
        self.capacity.is_paused = False
        for expected in (best, leads[:2], leads[2:]):
            self._run_cron("assign")
            got = (leads + best).filtered(lambda lead: lead.user_id and lead.active)
            self.assertEqual(got, expected)
            got.action_archive()

    def test_oldest_first_across_batches(self):
        """With more leads than fit into one transaction."""
        self.capacity.write({"is_paused": True, "open_limit": 5})
        leads = self._burst(7)
        self.capacity.is_paused = False
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["crm.lead"]._cron_assign(limit=2)
        self.assertEqual(leads.filtered("user_id"), leads[:5])

    def test_closing_a_lead_wakes(self):
        leads = self._burst(3)
        leads[0].with_user(self.rep).action_set_won()
        self.assertTrue(self._wakes())
        self._run_cron("assign")
        self.assertTrue(all(lead.user_id for lead in leads))

    def test_giving_a_lead_away_wakes(self):
        leads = self._burst(3)
        leads[0].with_user(self.rep).user_id = self.rep_2
        self.assertTrue(self._wakes())

    def test_raising_a_limit_wakes(self):
        leads = self._burst(3)
        self.capacity.with_user(self.manager).open_limit = 3
        self.assertTrue(self._wakes())
        self._run_cron("assign")
        self.assertTrue(all(lead.user_id for lead in leads))

    def test_removing_a_limit_wakes(self):
        self._burst(3)
        self.capacity.with_user(self.manager).unlink()
        self.assertTrue(self._wakes())

    def test_end_of_a_pause_wakes(self):
        self.capacity.is_paused = True
        leads = self._burst(2)
        Capacity = self.env["lead.assignment.capacity"].with_user(self.rep)
        Capacity.action_pause(3)
        self._forget_triggers()
        self._run_cron("assign")
        self.assertEqual(self._triggers(), [MONDAY + timedelta(hours=3)])
        self._forget_triggers()
        Capacity.action_pause(0)
        self.assertTrue(self._wakes())
        self._run_cron("assign")
        self.assertEqual(leads.user_id, self.rep)

    def test_change_of_a_rule_wakes(self):
        self._burst(3)
        self.rule.with_user(self.manager).user_id = self.rep_2
        self.assertTrue(self._wakes())

    def test_next_moment_at_work_is_waited_for(self):
        self.capacity.write(
            {"is_paused": True, "pause_until": MONDAY + timedelta(hours=2)}
        )
        self._forget_triggers()
        self._create()
        self.assertEqual(self._triggers(), [MONDAY + timedelta(hours=2)])

    def test_nothing_waits_nothing_wakes(self):
        self._create()
        self._forget_triggers()
        self.capacity.open_limit = 3
        self.assertFalse(self._triggers())

    def test_limit_of_today_is_over_tomorrow(self):
        self.capacity.write({"open_limit": 0, "day_limit": 1})
        leads = self._burst(2)
        with freeze_time(MONDAY + timedelta(days=1)):
            self._run_cron("assign")
        self.assertTrue(all(lead.user_id for lead in leads))

    def test_waiting_is_noted_once(self):
        lead = self._burst(3)[-1]
        for __ in range(3):
            self._run_cron("assign")
        self.assertEqual(len(lead.assignment_log_ids), 1)
        self.capacity.open_limit = 0
        self._run_cron("assign")
        self.assertEqual(
            self._logs(lead).mapped("outcome"), ["assigned", "no_candidate"]
        )
        self.assertEqual(self._log(lead).trigger, "queue")

    def test_time_waited_is_noted(self):
        lead = self._burst(3)[-1]
        waited_from = lead.create_date
        self.capacity.open_limit = 0
        with freeze_time(waited_from + timedelta(minutes=90)):
            self._run_cron("assign")
        self.assertAlmostEqual(self._log(lead).waited, 90, delta=1)

    def test_who_takes_a_waiting_lead_has_it(self):
        lead = self._burst(3)[-1]
        lead.with_user(self.rep_2).user_id = self.rep_2
        self.assertFalse(lead.assignment_pending)
        self.capacity.open_limit = 0
        self._run_cron("assign")
        self.assertEqual(lead.user_id, self.rep_2)

    def test_closing_a_waiting_lead_ends_it(self):
        lead = self._burst(3)[-1]
        lead.with_user(self.manager).action_set_lost()
        self.assertFalse(lead.assignment_pending)
        self.capacity.open_limit = 0
        self._run_cron("assign")
        self.assertFalse(lead.user_id)


class TestByHand(CapacityCase):
    """Limits hold for people, too; managers know why they exceed them."""

    now = MONDAY

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._capacity(cls.rep, open_limit=2)
        cls.leads = cls.env["crm.lead"].create([{"name": "Free", "user_id": False}] * 3)

    def _give(self, leads, user, by, **context):
        leads.with_user(by).with_context(**context).write({"user_id": user.id})

    def test_rep_takes_up_to_the_limit(self):
        self._give(self.leads[:2], self.rep, self.rep)
        with self.assertRaisesRegex(UserError, r"limit of open leads \(2\)"):
            self._give(self.leads[2], self.rep, self.rep)

    def test_several_at_once(self):
        with self.assertRaises(UserError):
            self._give(self.leads, self.rep, self.rep)
        self.assertFalse(self.leads.user_id)

    def test_colleagues_and_leaders_are_held_to_it(self):
        self._give(self.leads[:2], self.rep, self.leader)
        for user in (self.rep_2, self.leader):
            with self.subTest(user.login), self.assertRaises(UserError):
                self._give(self.leads[2], self.rep, user)

    def test_managers_are_not(self):
        self._give(self.leads, self.rep, self.manager)
        self.assertEqual(self.leads.user_id, self.rep)

    def test_each_limit_has_its_message(self):
        capacity = self._capacity(self.rep_2)
        for limit, message in (
            ("day_limit", r"daily limit of leads \(1\)"),
            ("week_limit", r"weekly limit of leads \(1\)"),
            ("month_limit", r"monthly limit of leads \(1\)"),
        ):
            capacity.write({"day_limit": 0, "week_limit": 0, limit: 1})
            with self.subTest(limit), self.assertRaisesRegex(UserError, message):
                self._give(self.leads[:2], self.rep_2, self.rep_2)

    def test_what_he_has_already_is_no_addition(self):
        self._give(self.leads[:2], self.rep, self.rep)
        self.leads[:2].with_user(self.rep).write({"user_id": self.rep.id, "color": 2})
        self.assertEqual(self.leads[0].color, 2)

    def test_other_fields_are_free(self):
        self._give(self.leads, self.rep, self.manager)
        self.leads.with_user(self.rep).write({"name": "Renamed"})
        self.assertEqual(self.leads[0].name, "Renamed")

    def test_context_of_a_caller_opens_nothing(self):
        self._give(self.leads[:2], self.rep, self.rep)
        for key, value in CONTEXT_OF_OURS.items():
            with self.subTest(key), self.assertRaises(UserError):
                self._give(self.leads[2], self.rep, self.rep, **{key: value})

    def test_context_of_a_caller_hides_nothing(self):
        lead = self.leads[0]
        for value in (True, lead.ids, [lead.id]):
            lead.user_id = False
            self._give(lead, self.rep, self.rep, lead_claimed=value)
            self.assertEqual(self._log(lead).outcome, "assigned")
            self.assertEqual(self._log(lead).actor_id, self.rep)

    def test_context_does_not_pass_through_what_runs_with_all_rights(self):
        """An automated action runs as superuser, in the context of the caller."""
        lead = self.leads[0].with_user(self.rep).with_context(**CONTEXT_OF_OURS)
        lead.sudo().user_id = self.rep
        self.assertEqual(self._log(lead.sudo()).outcome, "assigned")

    def test_by_the_wizard_that_converts(self):
        self._give(self.leads[:2], self.rep, self.manager)
        lead = self.env["crm.lead"].create(
            {"name": "Lead", "type": "lead", "user_id": False}
        )
        wizard = (
            self.env["crm.lead2opportunity.partner"]
            .with_user(self.rep)
            .with_context(
                active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
            )
            .create({"name": "convert", "user_id": self.rep.id, "action": "create"})
        )
        with self.assertRaises(UserError):
            wizard.action_apply()

    def test_by_merging(self):
        self._give(self.leads[:2], self.rep, self.manager)
        with self.assertRaises(UserError):
            self.leads.with_user(self.rep).browse(
                self.leads[2].ids + self._new_lead(user_id=False).ids
            ).merge_opportunity(user_id=self.rep.id)


class TestFieldsOfTheEngine(CapacityCase):
    """Nobody writes what only the engine knows, not even over RPC."""

    FORGED = {
        "assignment_pending": True,
        "assignment_date": "2020-01-01 00:00:00",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool = cls._pool()
        cls.forged = {**cls.FORGED, "assignment_pool_id": cls.pool.id}

    def _assert_clean(self, lead):
        lead = lead.sudo()
        self.assertFalse(lead.assignment_pending)
        self.assertFalse(lead.assignment_pool_id)
        self.assertNotEqual(lead.assignment_date, datetime(2020, 1, 1))

    def test_write(self):
        lead = self._new_lead()
        for user in (self.rep, self.leader, self.manager):
            with self.subTest(user.login):
                lead.with_user(user).write({**self.forged, "name": user.login})
                self._assert_clean(lead)
                self.assertEqual(lead.name, user.login)

    def test_write_with_an_owner(self):
        lead = self._new_lead(user_id=False)
        lead.with_user(self.rep).write({**self.forged, "user_id": self.rep.id})
        self._assert_clean(lead)
        self.assertTrue(lead.assignment_date)

    def test_create(self):
        lead = (
            self.env["crm.lead"]
            .with_user(self.rep)
            .create({"name": "Forged", "user_id": self.rep.id, **self.forged})
        )
        self._assert_clean(lead)

    def test_defaults_of_the_context(self):
        context = {f"default_{name}": value for name, value in self.forged.items()}
        lead = (
            self.env["crm.lead"]
            .with_user(self.rep)
            .with_context(**context)
            .create({"name": "Forged", "user_id": self.rep.id})
        )
        self._assert_clean(lead)

    def test_a_lead_does_not_leave_its_pool(self):
        self._to_pool(self.pool)
        lead = self._create()
        lead.with_user(self.manager).write({"assignment_pool_id": False, "color": 1})
        self.assertEqual(lead.assignment_pool_id, self.pool)

    def test_a_lead_is_not_taken_out_of_the_queue(self):
        self._capacity(self.rep, is_paused=True)
        self._to_user(self.rep)
        lead = self._create()
        lead.with_user(self.rep_2).write({"assignment_pending": False, "color": 1})
        self.assertTrue(lead.assignment_pending)

    def test_records_that_hang_on_a_lead(self):
        self._to_pool(self.pool)
        lead = self._create()
        log, entry = lead.assignment_log_ids, lead.pool_entry_ids
        now = fields.Datetime.now()
        clock = {"kind": "touch", "date_start": now, "date_due": now}
        for user in (self.leader, self.manager):
            for name, command in (
                ("assignment_log_ids", Command.update(log.id, {"detail": "x"})),
                ("assignment_log_ids", Command.delete(log.id)),
                ("assignment_log_ids", Command.clear()),
                ("pool_entry_ids", Command.update(entry.id, {"priority": 99})),
                ("pool_entry_ids", Command.delete(entry.id)),
                ("clock_ids", Command.create(clock)),
            ):
                with (
                    self.subTest(user=user.login, field=name, command=command[0]),
                    self.assertRaises(AccessError),
                ):
                    lead.with_user(user).write({name: [command]})
        with self.assertRaises(AccessError):  # does not even see it
            lead.with_user(self.rep).write({"pool_entry_ids": [Command.clear()]})

    def test_history_is_read_only(self):
        self._new_assignment_rule()
        lead = self._create()
        for user in (self.rep, self.manager):
            log = lead.assignment_log_ids.with_user(user)
            for job in (
                lambda log=log: log.write({"detail": "x"}),
                lambda log=log: log.unlink(),
                lambda log=log: log.create(
                    {"lead_id": lead.id, "trigger": "hand", "outcome": "assigned"}
                ),
            ):
                with self.assertRaises(AccessError):
                    job()
