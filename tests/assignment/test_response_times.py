"""Promises: until a lead has a salesperson, and until he gets in touch."""

from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tools import mute_logger

from .common import AssignmentCase

# A Monday; people work from 8 to 12 and 13 to 17, in UTC.
NOW = datetime(2026, 11, 23, 10)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MIXIN = "odoo.addons.lead_management.models.base.rule.lead_rule_mixin"


class ResponseCase(AssignmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "UTC"
        (cls.rep + cls.rep_2 + cls.rep_3 + cls.leader).tz = "UTC"
        cls.env.cr._now = NOW  # what leads are created at
        cls.customer = cls.env["res.partner"].create({"name": "Ann"})

    def setUp(self):
        super().setUp()
        self.env.cr._now = NOW

    @classmethod
    def _promise(cls, **values):
        """Create a response time: 30 minutes, then an hour; nothing else happens."""
        return cls.env["lead.sla"].create(
            {
                "name": "Promise",
                "calendar": "always",
                "owner_minutes": 30,
                "touch_minutes": 60,
                "remind": False,
                "tell_leader": False,
                **values,
            }
        )

    def _lead(self, **values):
        lead = self._new_lead(**values)
        self.commit()
        return lead

    def _clock(self, lead):
        """Return the clock that runs."""
        self.commit()
        return lead.clock_ids.filtered(lambda clock: clock.state == "running")

    def _history(self, lead):
        """Return the kind and state of each clock, the first one first."""
        self.commit()
        return [(c.kind, c.state) for c in lead.clock_ids.sorted("id")]

    def _touch(self, lead, user=None):
        lead.with_user(user or lead.user_id).message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        self.commit()

    def _pass(self, duration):
        """Let the scheduled action run some time after now."""
        with freeze_time(NOW + duration):
            self._run_cron("deadlines")

    def _told(self, lead, user):
        """Return the subjects of what somebody was told about a promise."""
        messages = self.env["mail.message"].search(
            [
                ("model", "=", "crm.lead"),
                ("res_id", "=", lead.id),
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
                ("subject", "=like", "“%"),
            ]
        )
        return messages.mapped("subject")


class TestClocks(ResponseCase):
    now = NOW

    def test_none_without_a_promise(self):
        lead = self._lead()
        self.assertFalse(lead.clock_ids)
        self.assertFalse(lead.assignment_due or lead.assignment_due_kind)

    def test_owner_clock_of_a_lead_that_nobody_has(self):
        promise = self._promise()
        lead = self._lead(user_id=False)
        clock = self._clock(lead)
        self.assertEqual((clock.kind, clock.sla_id), ("owner", promise))
        self.assertFalse(clock.user_id)
        self.assertEqual(clock.date_start, lead.create_date)
        self.assertEqual(clock.date_due, lead.create_date + 30 * MINUTE)

    def test_touch_clock_of_a_lead_that_has_an_owner(self):
        self._promise()
        clock = self._clock(self._lead())
        self.assertEqual((clock.kind, clock.user_id), ("touch", self.rep))
        self.assertEqual(clock.date_start, NOW)
        self.assertEqual(clock.date_due, NOW + HOUR)
        self.assertEqual(clock.company_id, self.company)

    def test_one_after_the_other(self):
        self._promise()
        lead = self._lead(user_id=False)
        with freeze_time(NOW + 10 * MINUTE):
            lead.with_user(self.rep).user_id = self.rep
            self.assertEqual(
                self._history(lead), [("owner", "kept"), ("touch", "running")]
            )
        self.assertEqual(self._clock(lead).date_due, NOW + 70 * MINUTE)
        with freeze_time(NOW + 20 * MINUTE):
            self._touch(lead)
        self.assertEqual(self._history(lead), [("owner", "kept"), ("touch", "kept")])
        self.assertEqual(lead.clock_ids.mapped("is_kept"), [100, 100])
        self.assertEqual(lead.clock_ids.sorted("id").mapped("minutes"), [10, 10])

    def test_routed_lead(self):
        self._promise()
        self._to_user(self.rep)
        lead = self._create()
        self.assertEqual(self._clock(lead).kind, "touch")
        self.assertEqual(self._clock(lead).user_id, self.rep)

    def test_lead_of_a_pool(self):
        self._promise()
        self._to_pool(self._pool())
        lead = self._create()
        self.assertEqual(self._clock(lead).kind, "owner")
        self.env["crm.lead"].with_user(self.rep).action_pull_next()
        self.assertEqual(self._clock(lead).user_id, self.rep)

    def test_missed(self):
        self._promise()
        lead = self._lead(user_id=False)
        with freeze_time(NOW + 31 * MINUTE):
            lead.user_id = self.rep
            self.commit()
        with freeze_time(NOW + 92 * MINUTE):
            self._touch(lead)
        self.assertEqual(
            self._history(lead), [("owner", "missed"), ("touch", "missed")]
        )
        self.assertEqual(lead.clock_ids.mapped("is_kept"), [0, 0])

    def test_closing_in_time_cancels(self):
        self._promise()
        for close in ("action_set_won", "action_set_lost"):
            lead = self._lead()
            getattr(lead, close)()
            self.assertEqual(self._history(lead), [("touch", "cancelled")])

    def test_closing_too_late_is_missed(self):
        self._promise()
        lead = self._lead()
        with freeze_time(NOW + 2 * HOUR):
            lead.action_set_lost()
            self.assertEqual(self._history(lead), [("touch", "missed")])

    def test_new_owner_starts_anew(self):
        self._promise()
        lead = self._lead()
        with freeze_time(NOW + 20 * MINUTE):
            lead.user_id = self.rep_2
            clock = self._clock(lead)
        self.assertEqual(
            self._history(lead), [("touch", "cancelled"), ("touch", "running")]
        )
        self.assertEqual(clock.user_id, self.rep_2)
        self.assertEqual(clock.date_due, NOW + 80 * MINUTE)

    def test_owner_who_goes_leaves_the_other_clock(self):
        self._promise()
        lead = self._lead()
        with freeze_time(NOW + 20 * MINUTE):
            lead.user_id = False
            clock = self._clock(lead)
        self.assertEqual(clock.kind, "owner")
        self.assertEqual(clock.date_start, NOW + 20 * MINUTE)

    def test_reopening_starts_anew(self):
        self._promise()
        lead = self._lead()
        lead.action_set_lost()
        self.commit()
        with freeze_time(NOW + DAY):
            lead.action_unarchive()
            clock = self._clock(lead)
        self.assertEqual(clock.date_due, NOW + DAY + HOUR)
        self.assertEqual(
            self._history(lead), [("touch", "cancelled"), ("touch", "running")]
        )

    def test_change_of_stage_changes_nothing(self):
        self._promise()
        lead = self._lead()
        clock = self._clock(lead)
        lead.stage_id = self._stage("qualified")
        self.assertEqual(self._clock(lead), clock)

    def test_touched_lead_stays_touched(self):
        self._promise()
        lead = self._lead()
        self._touch(lead)
        lead.write({"stage_id": self._stage("qualified").id, "user_id": self.rep.id})
        self._touch(lead)
        self.assertEqual(self._history(lead), [("touch", "kept")])

    def test_won_lead_needs_none(self):
        self._promise()
        lead = self._lead(stage_id=self._stage("customer").id)
        self.assertFalse(lead.clock_ids)

    def test_first_match(self):
        self._promise(sequence=2, name="All")
        hot = self._promise(
            sequence=1,
            name="Large",
            domain="[('expected_revenue', '>', 1000)]",
            touch_minutes=10,
        )
        self.assertEqual(self._clock(self._lead()).sla_id.name, "All")
        clock = self._clock(self._lead(expected_revenue=5000))
        self.assertEqual(clock.sla_id, hot)
        self.assertEqual(clock.date_due, NOW + 10 * MINUTE)

    def test_promise_on_the_temperature(self):
        self._new_score_rule([("phone", "!=", False)], 90)
        self._promise(domain="[('score_temperature', '=', 'hot')]")
        self.assertTrue(self._clock(self._lead(phone="+33 1 23 45 67 89")))
        self.assertFalse(self._clock(self._lead()))

    def test_promise_of_a_company(self):
        self._promise(company_id=self.company_b.id)
        self.assertFalse(self._lead().clock_ids)
        lead_b = self._lead(
            user_id=self.rep_b.id,
            team_id=self.team_b.id,
            company_id=self.company_b.id,
        )
        self.assertTrue(self._clock(lead_b))

    def test_one_clock_only(self):
        self._promise(touch_minutes=0)
        lead = self._lead(user_id=False)
        lead.user_id = self.rep
        self.assertEqual(self._history(lead), [("owner", "kept")])

    def test_promise_that_is_archived(self):
        promise = self._promise()
        lead = self._lead()
        promise.active = False
        self.assertFalse(lead.assignment_due)
        other = self._promise(domain="[('name', '=', 'No such lead')]")
        self._touch(lead)
        self.assertTrue(other)
        self.assertEqual(self._history(lead), [("touch", "kept")])

    @mute_logger(MIXIN, "odoo.sql_db")
    def test_broken_promise_is_switched_off(self):
        self._leave_patterns_unchecked()
        broken = self._promise(domain=str([("name", "=like", "Zzz\\")]), sequence=1)
        other = self._promise(sequence=2)
        lead = self._lead(name="Zzz top")
        self.assertEqual(self._clock(lead).sla_id, other)
        self.assertFalse(broken.active)

    @mute_logger("odoo.sql_db")
    def test_wrong_ones_are_refused(self):
        for values in (
            {"owner_minutes": -1},
            {"take_back_after": -1},
            {"remind_before": -1},
        ):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._promise(**values)
        for values in (
            {"owner_minutes": 0, "touch_minutes": 0},
            {"domain": "nonsense"},
        ):
            with self.assertRaises(ValidationError):
                self._promise(**values)


class TestStatements(ResponseCase):
    now = NOW

    def _count(self, job):
        """Return how many statements a job takes, its caches filled."""
        job()
        self.env.flush_all()
        self.commit()
        before = self.env.cr.sql_log_count
        job()
        self.commit()
        return self.env.cr.sql_log_count - before

    def test_none_where_nothing_is_promised(self):
        lead = self._lead()
        owners = iter([self.rep_2, self.rep] * 2)

        def give():
            lead.user_id = next(owners)

        before = self._count(give)
        clock_note = type(lead)._clock_note
        self.patch(type(lead), "_clock_note", lambda *args, **kwargs: None)
        without = self._count(give)
        self.patch(type(lead), "_clock_note", clock_note)
        self.assertEqual(before, without)

    def test_field_costs_none_where_nothing_is_promised(self):
        leads = self._lead() + self._lead()

        def read():
            leads.invalidate_recordset(["assignment_due"])
            leads.mapped("assignment_due")

        self.assertEqual(self._count(read), 0)

    def test_field_of_a_list_is_one(self):
        self._promise()
        leads = self.env["crm.lead"].browse()
        for __ in range(10):
            leads += self._lead()

        def read():
            self.env["lead.sla.clock"].invalidate_model()
            leads.invalidate_recordset(["assignment_due", "assignment_due_kind"])
            leads.mapped("assignment_due")

        self.assertEqual(self._count(read), 1)

    def test_as_many_for_many_leads(self):
        self._promise()
        counts = []
        for number in (5, 50):
            leads = self.env["crm.lead"].create(
                [{"name": "New", "user_id": self.rep.id}] * number
            )
            self.commit()
            self.commit()
            leads._clock_note(touched=True)
            before = self.env.cr.sql_log_count
            self.commit()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)


class TestCalendars(ResponseCase):
    now = NOW

    def _due(self, calendar, user=None, **values):
        self._promise(calendar=calendar, touch_minutes=240)
        lead = self._lead(user_id=(user or self.rep).id, **values)
        return self._clock(lead).date_due

    def _part_time(self, user):
        """Let somebody work in the mornings."""
        resource = self._capacity(user)._get_resource()
        resource.calendar_id = self.company.resource_calendar_id.copy()
        attendances = resource.calendar_id.attendance_ids
        attendances.filtered(lambda line: line.hour_from >= 12).unlink()

    def test_around_the_clock(self):
        self.assertEqual(self._due("always"), NOW + 4 * HOUR)

    def test_working_time_of_the_company(self):
        self._part_time(self.rep)
        self.assertEqual(self._due("company"), datetime(2026, 11, 23, 15))

    def test_working_time_of_the_salesperson(self):
        self._part_time(self.rep)
        self.assertEqual(self._due("salesperson"), datetime(2026, 11, 24, 10))

    def test_salesperson_without_one_works_as_the_company(self):
        self.assertEqual(self._due("salesperson"), datetime(2026, 11, 23, 15))

    def test_time_off_does_not_count(self):
        resource = self._capacity(self.rep)._get_resource()
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": resource.id,
                "date_from": NOW,
                "date_to": datetime(2026, 11, 23, 17),
            }
        )
        self.assertEqual(self._due("salesperson"), datetime(2026, 11, 24, 12))

    def test_over_the_weekend(self):
        with freeze_time(datetime(2026, 11, 27, 16)):
            due = self._due("company")
        self.assertEqual(due, datetime(2026, 11, 30, 11))

    def test_owner_clock_counts_in_the_time_of_the_company(self):
        self._promise(calendar="salesperson", owner_minutes=150)
        lead = self._lead(user_id=False)
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s", [NOW, lead.id]
        )
        self.env["lead.sla.clock"].search([]).unlink()
        self.env.invalidate_all()
        lead._clock_note()
        self.assertEqual(self._clock(lead).date_due, datetime(2026, 11, 23, 13, 30))

    def test_minutes_are_working_time(self):
        self._promise(calendar="company", touch_minutes=600)
        lead = self._lead()
        with freeze_time(datetime(2026, 11, 24, 9)):
            self._touch(lead)
        # two hours before noon, four after it, one on the next morning
        self.assertEqual(lead.clock_ids.minutes, 7 * 60)
        self.assertEqual(lead.clock_ids.state, "kept")


class TestEscalation(ResponseCase):
    now = NOW

    def _promise(self, **values):
        """Remind at 45 minutes, tell the leader at 70, take back at 120."""
        return super()._promise(
            **{
                "remind": True,
                "remind_before": 15,
                "tell_leader": True,
                "leader_after": 10,
                "take_back": True,
                "take_back_after": 60,
                **values,
            }
        )

    def test_reminder(self):
        self._promise()
        lead = self._lead()
        self._pass(44 * MINUTE)
        self.assertFalse(self._told(lead, self.rep))
        self._pass(46 * MINUTE)
        self.assertEqual(
            self._told(lead, self.rep), ["“Lead” is waiting for your first contact"]
        )
        self.assertFalse(self._told(lead, self.leader))
        self._pass(47 * MINUTE)
        self.assertEqual(len(self._told(lead, self.rep)), 1)

    def test_reminder_in_the_language_of_the_salesperson(self):
        self.rep.lang = "fr_FR"
        self._promise()
        lead = self._lead()
        seen = []
        tell = type(lead).message_notify

        def note(lead, **values):
            seen.append(lead.env.lang)
            return tell(lead, **values)

        self.patch(type(lead), "message_notify", note)
        self._pass(46 * MINUTE)
        self.assertEqual(seen, ["fr_FR"])

    def test_leader(self):
        self._promise()
        lead = self._lead()
        self._pass(46 * MINUTE)
        self._pass(71 * MINUTE)
        self.assertEqual(
            self._told(lead, self.leader), ["“Lead” has been waiting too long"]
        )
        self.assertEqual(len(self._told(lead, self.rep)), 1)
        self.assertEqual(lead.user_id, self.rep)

    def test_leader_of_a_lead_that_nobody_has(self):
        self._promise()
        lead = self._lead(user_id=False, team_id=self.team.id)
        self._pass(lead.create_date - NOW + 41 * MINUTE)
        self.assertEqual(len(self._told(lead, self.leader)), 1)

    def test_team_without_a_leader(self):
        self._promise()
        self.team.user_id = False
        lead = self._lead()
        self._pass(71 * MINUTE)
        self.assertEqual(lead.user_id, self.rep)
        self.assertEqual(self._clock(lead).date_next, NOW + 2 * HOUR)

    def test_archived_colleague_is_told_nothing(self):
        self._promise()
        lead = self._lead()
        self.rep.active = False
        self._pass(46 * MINUTE)
        self.assertFalse(self._told(lead, self.rep))

    def test_taken_back_and_routed_to_somebody_else(self):
        self._promise()
        self._to_members(self.rep + self.rep_2)
        lead = self._lead()
        self._pass(46 * MINUTE)
        self._pass(71 * MINUTE)
        self._pass(121 * MINUTE)
        self.assertEqual(lead.user_id, self.rep_2)
        again, taken = self._logs(lead)
        self.assertEqual((taken.outcome, taken.trigger), ("taken_back", "sla"))
        self.assertEqual(taken.user_before_id, self.rep)
        self.assertIn("did not contact the lead in time", taken.explanation)
        self.assertEqual((again.outcome, again.trigger), ("assigned", "sla"))
        self.assertEqual(again.candidates["out"], [[self.rep.id, "had", None]])
        self.assertEqual(self._history(lead)[0], ("touch", "missed"))
        self.assertEqual(self._clock(lead).user_id, self.rep_2)

    def test_not_back_to_who_missed_it(self):
        self._promise()
        self._to_user(self.rep)
        lead = self._lead()
        self._pass(121 * MINUTE)
        self._run_cron("assign")
        self.assertFalse(lead.user_id)
        self.assertTrue(lead.assignment_pending)
        self.assertEqual(self._clock(lead).kind, "owner")

    def test_taken_back_without_rules_is_free(self):
        self._promise()
        lead = self._lead()
        self._pass(121 * MINUTE)
        self.assertFalse(lead.user_id)
        self.assertFalse(lead.assignment_pending)
        self.assertEqual(lead.company_id, self.company)

    def test_claimed_lead_is_taken_back(self):
        self._promise()
        self._to_pool(self._pool(claim_minutes=0), [("name", "=", "Pooled")])
        self._to_user(self.rep_2)
        lead = self._create(name="Pooled")
        self.env["crm.lead"].with_user(self.rep).action_pull_next()
        self._clock(lead)
        lead.name = "Not pooled"
        self._pass(121 * MINUTE)
        self.assertEqual(lead.user_id, self.rep_2)
        self.assertFalse(lead.pool_entry_ids or lead.assignment_pool_id)

    def test_after_a_downtime_only_the_last_step_is_taken(self):
        self._promise()
        self._to_members(self.rep + self.rep_2)
        lead = self._lead()
        self._pass(DAY)
        self.assertEqual(lead.user_id, self.rep_2)
        self.assertFalse(self._told(lead, self.rep) + self._told(lead, self.leader))

    def test_after_a_short_downtime_the_leader_only(self):
        self._promise()
        lead = self._lead()
        self._pass(75 * MINUTE)
        self.assertTrue(self._told(lead, self.leader))
        self.assertFalse(self._told(lead, self.rep))
        self.assertEqual(self._clock(lead).date_next, NOW + 2 * HOUR)

    def test_nothing_after_a_touch(self):
        self._promise()
        lead = self._lead()
        self._touch(lead)
        self._pass(DAY)
        self.assertFalse(self._told(lead, self.rep) + self._told(lead, self.leader))
        self.assertEqual(lead.user_id, self.rep)

    def test_steps_that_are_switched_off(self):
        self._promise(remind=False, tell_leader=False, take_back=False)
        lead = self._lead()
        self.assertFalse(self._clock(lead).date_next)
        self._pass(DAY)
        self.assertFalse(self._told(lead, self.rep) + self._told(lead, self.leader))
        self.assertEqual(lead.user_id, self.rep)

    def test_reminder_longer_before_than_there_is(self):
        self._promise(remind_before=600)
        lead = self._lead()
        self.assertEqual(self._clock(lead).date_next, NOW)
        self._pass(MINUTE)
        self.assertEqual(len(self._told(lead, self.rep)), 1)

    def test_notice_is_no_touch(self):
        self._promise()
        lead = self._lead()
        self._pass(46 * MINUTE)
        self.assertEqual(self._history(lead), [("touch", "running")])

    def test_one_that_fails_stops_no_other(self):
        self._promise()
        bad, good = self._lead(name="Bad"), self._lead(name="Good")
        tell = type(bad).message_notify

        def fail(lead, **values):
            if lead.name == "Bad":
                raise ValueError("broken on purpose")
            return tell(lead, **values)

        self.patch(type(bad), "message_notify", fail)
        logger = "odoo.addons.lead_management.models.assignment.sla.crm_lead_deadlines"
        with self.assertLogs(logger, "ERROR"):
            self._pass(46 * MINUTE)
        self.assertTrue(self._told(good, self.rep))
        self.assertFalse(self._told(bad, self.rep))


class TestMerge(ResponseCase):
    now = NOW

    def _merge(self, *leads):
        merged = self.env["crm.lead"].union(*leads).merge_opportunity()
        self.commit()
        self.env.invalidate_all()
        return merged

    def test_history_stays(self):
        self._promise()
        first, second = self._lead(), self._lead()
        merged = self._merge(first, second)
        self.assertEqual(
            sorted(self._history(merged)),
            [("touch", "cancelled"), ("touch", "running")],
        )

    def test_touched_lead_stays_touched(self):
        self._promise()
        touched = self._lead(stage_id=self._stage("qualified").id, probability=80)
        self._touch(touched)
        merged = self._merge(touched, self._lead())
        self.assertEqual(merged, touched)
        self.assertFalse(self._clock(merged))

    def test_with_another_owner(self):
        self._promise()
        free = self._lead(
            user_id=False, stage_id=self._stage("qualified").id, probability=80
        )
        merged = self._merge(free, self._lead())
        self.assertEqual(len(self._clock(merged)), 1)
        self.assertEqual(self._clock(merged).user_id, merged.user_id)


class TestField(ResponseCase):
    now = NOW

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.promise = cls._promise()

    def _find(self, *domain, user=None):
        Lead = self.env["crm.lead"].with_user(user or self.manager)
        found = Lead.search([*domain, ("id", "in", self.leads.ids)])
        return found.mapped("name")

    def setUp(self):
        super().setUp()
        self.leads = self._lead(name="First")
        with freeze_time(NOW + HOUR):
            self.leads += self._lead(name="Second")
        none = self._lead(name="None")
        self._touch(none)
        self.leads += none

    def test_search(self):
        due = NOW + HOUR
        for condition, expected in (
            (("=", False), ["None"]),
            (("!=", False), ["First", "Second"]),
            (("=", due), ["First"]),
            (("!=", due), ["None", "Second"]),
            (("<", due), []),
            (("<=", due), ["First"]),
            ((">", due), ["Second"]),
            ((">=", due), ["First", "Second"]),
            (("in", [due, due + HOUR]), ["First", "Second"]),
            (("in", [due, False]), ["First", "None"]),
            (("not in", [due]), ["None", "Second"]),
            (("not in", [due, False]), ["Second"]),
            (("<", "+2H"), ["First"]),
            (("<", "2026-11-24"), ["First", "Second"]),
        ):
            with self.subTest(condition):
                found = self._find(("assignment_due", *condition))
                self.assertEqual(sorted(found), expected)

    def test_negated(self):
        found = self._find("!", ("assignment_due", "<=", NOW + HOUR))
        self.assertEqual(sorted(found), ["None", "Second"])

    def test_filtered(self):
        found = self.leads.filtered_domain([("assignment_due", "<=", NOW + HOUR)])
        self.assertEqual(found.mapped("name"), ["First"])

    def test_value_for_a_rep(self):
        first, second, none = self.leads.with_user(self.rep)
        self.assertEqual(first.assignment_due, NOW + HOUR)
        self.assertEqual(first.assignment_due_kind, "touch")
        self.assertEqual(second.assignment_due, NOW + 2 * HOUR)
        self.assertFalse(none.assignment_due or none.assignment_due_kind)
        data = first.web_read({"assignment_due": {}, "assignment_due_kind": {}})
        self.assertEqual(data[0]["assignment_due_kind"], "touch")

    def test_search_as_a_rep(self):
        self.assertEqual(
            sorted(self._find(("assignment_due", "!=", False), user=self.rep)),
            ["First", "Second"],
        )
        self.assertFalse(self._find(("assignment_due", "!=", False), user=self.rep_2))

    def test_new_record(self):
        self.assertFalse(self.env["crm.lead"].new({"name": "x"}).assignment_due)

    def test_reps_change_nothing(self):
        lead = self.leads[0].with_user(self.rep)
        clock = lead.clock_ids
        for job in (
            lambda: clock.write({"date_due": "2030-01-01 00:00:00"}),
            lambda: clock.unlink(),
            lambda: lead.write({"clock_ids": [Command.clear()]}),
            lambda: self.promise.with_user(self.rep).write({"touch_minutes": 999}),
        ):
            with self.assertRaises(AccessError):
                job()

    def test_clocks_of_other_reps_and_companies(self):
        Clock = self.env["lead.sla.clock"]
        domain = [("lead_id", "in", self.leads.ids)]
        self.assertTrue(Clock.with_user(self.rep).search(domain))
        self.assertTrue(Clock.with_user(self.leader).search(domain))
        self.assertFalse(Clock.with_user(self.rep_2).search(domain))
        self.assertFalse(Clock.with_user(self.manager_b).search(domain))

    def test_percentage_of_those_that_were_kept(self):
        with freeze_time(NOW + 2 * HOUR):
            self._touch(self.leads[0])
        Clock = self.env["lead.sla.clock"].with_user(self.manager)
        [[kept]] = Clock._read_group(
            [("lead_id", "in", self.leads.ids), ("state", "in", ("kept", "missed"))],
            aggregates=["is_kept:avg"],
        )
        self.assertEqual(kept, 50)
