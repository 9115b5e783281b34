"""What the rules would do, before they do it."""

from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form

from .common import AssignmentCase

DRY_RUN = "odoo.addons.lead_management.models.assignment.log.lead_assignment_dry_run"
NOW = datetime(2026, 11, 23, 10)
TABLES = (
    "crm_lead",
    "lead_assignment_log",
    "lead_assignment_turn",
    "lead_assignment_rule",
    "lead_assignment_capacity",
    "lead_pool_entry",
    "lead_sla_clock",
    "mail_message",
    "mail_tracking_value",
    "mail_notification",
    "mail_followers",
    "ir_cron_trigger",
)


class DryRunCase(AssignmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].search([]).active = False
        cls.company.resource_calendar_id.tz = "UTC"
        (cls.rep + cls.rep_2 + cls.rep_3 + cls.manager).tz = "UTC"

    def _waiting(self, count=1, **values):
        """Create leads that nobody has and no rule saw."""
        leads = self.env["crm.lead"].create(
            [{"name": "New", "user_id": False, **values}] * count
        )
        leads.sudo().assignment_pending = False
        self.commit()
        return leads

    def _run(self, user=None, **values):
        run = (
            self.env["lead.assignment.dry.run"]
            .with_user(user or self.manager)
            .create(values)
        )
        run.action_run()
        return run

    def _chosen(self, leads, **values):
        return self._run(scope="chosen", lead_ids=[Command.set(leads.ids)], **values)

    def _content(self):
        """Return every row of what a routing writes."""
        self.env.flush_all()
        content = {}
        for table in TABLES:
            self.env.cr.execute(f"SELECT * FROM {table} ORDER BY id")
            content[table] = self.env.cr.fetchall()
        return content


class TestNow(DryRunCase):
    def test_nothing_is_written(self):
        rule = self._to_members(self.rep + self.rep_2)
        self._to_pool(self._pool(), [("name", "=", "Pooled")], sequence=1)
        spam = self._create()
        spam.stage_id = self._stage("unqualified")
        self.env["lead.sla"].create({"name": "S"})
        leads = self._waiting(5) + self._waiting(name="Pooled") + self._new_lead()
        before = self._content()
        run = self._chosen(leads)
        self.assertEqual(self._content(), before)
        self.assertEqual(len(run.line_ids), 7)
        self.assertEqual(spam.assignment_log_ids.turn_state, "returning")
        self.assertEqual(sum(rule.turn_ids.mapped("turns")), 1)

    def test_nothing_is_written_about_those_that_wait(self):
        self._capacity(self.rep, is_paused=True)
        self._to_user(self.rep)
        leads = self._create(3)
        before = self._content()
        run = self._chosen(leads)
        self.assertEqual(self._content(), before)
        self.assertEqual(set(run.line_ids.mapped("outcome")), {"no_candidate"})
        self.assertIn("paused", run.line_ids[0].explanation)

    def test_routing_then_does_the_same(self):
        self._new_score_rule([("phone", "!=", False)], 60)
        pool = self._pool()
        self._to_pool(pool, [("name", "=", "Pooled")], sequence=1)
        self._capacity(self.rep, open_limit=3)
        rule = self._to_members(
            self.rep + self.rep_2 + self.rep_3, strategy="weighted", sequence=2
        )
        self._turn(rule, self.rep_3).write(
            {"weight": 3, "domain": "[('phone', '!=', False)]"}
        )
        self._create(4)
        leads = (
            self._waiting(5)
            + self._waiting(5, phone="+33 1 23 45 67 89")
            + self._waiting(2, name="Pooled")
        )
        run = self._run(scope="unassigned")
        expected = {
            line.lead_id: (line.user_id, line.pool_id, line.outcome, line.explanation)
            for line in run.line_ids
        }
        self.assertEqual(expected.keys(), set(leads))
        run.action_route()
        for lead in leads:
            log = self._log(lead)
            self.assertEqual(
                (lead.user_id, lead.assignment_pool_id, log.outcome, log.explanation),
                expected[lead],
            )

    def test_unassigned_open_leads_only(self):
        self._new_assignment_rule()
        lead = self._waiting()
        self._new_lead()
        self._waiting().action_set_lost()
        self._waiting(stage_id=self._stage("customer").id)
        self.assertEqual(self._run(scope="unassigned").line_ids.lead_id, lead)

    def test_chosen_leads_come_from_the_list(self):
        self._new_assignment_rule()
        leads = self._waiting(2)
        Run = self.env["lead.assignment.dry.run"].with_user(self.manager)
        form = Form(Run.with_context(active_model="crm.lead", active_ids=leads.ids))
        self.assertEqual(form.scope, "chosen")
        run = form.save()
        run.action_run()
        self.assertEqual(run.line_ids.lead_id, leads)

    def test_from_the_rules(self):
        rule = self._new_assignment_rule().with_user(self.manager)
        action = rule.action_dry_run()
        self.assertEqual(action["res_model"], "lead.assignment.dry.run")

    def test_line_tells_who_has_it_now_and_why(self):
        rule = self._to_user(self.rep_2, name="Everything")
        lead = self._new_lead()
        line = self._chosen(lead).line_ids
        self.assertEqual(line.user_before_id, self.rep)
        self.assertEqual(line.user_id, self.rep_2)
        self.assertEqual(line.rule_id, rule)
        self.assertIn("Everything", line.explanation)
        self.assertEqual(line.score, lead.score_total)

    def test_no_rule(self):
        self._new_assignment_rule([("name", "=", "Other")])
        line = self._chosen(self._waiting()).line_ids
        self.assertEqual(line.outcome, "no_rule")
        self.assertFalse(line.user_id or line.rule_id)

    def test_again_shows_the_new_result(self):
        rule = self._to_user(self.rep)
        run = self._chosen(self._waiting(2))
        rule.user_id = self.rep_2
        run.action_run()
        self.assertEqual(len(run.line_ids), 2)
        self.assertEqual(run.line_ids.user_id, self.rep_2)
        self.assertEqual(run.share_ids.user_id, self.rep_2)

    def test_stops_at_a_thousand(self):
        self._new_assignment_rule()
        leads = self._waiting(4)
        with patch(f"{DRY_RUN}.LIMIT", 3):
            run = self._chosen(leads)
        self.assertTrue(run.is_cut)
        self.assertEqual((run.lead_count, len(run.line_ids)), (3, 3))
        self.assertFalse(self._chosen(leads).is_cut)


class TestSummary(DryRunCase):
    def test_sums(self):
        rule = self._to_members(self.rep + self.rep_2, strategy="weighted", sequence=2)
        self._turn(rule, self.rep).weight = 3
        pool = self._pool()
        self._to_pool(pool, [("name", "=", "Pooled")], sequence=1)
        self._capacity(self.rep_3, is_paused=True)
        self._to_user(self.rep_3, [("name", "=", "Waits")], sequence=1)
        leads = (
            self._waiting(8, expected_revenue=100)
            + self._waiting(2, name="Pooled", expected_revenue=50)
            + self._waiting(1, name="Waits")
        )
        run = self._chosen(leads)
        shares = {share.user_id or share.pool_id: share for share in run.share_ids}
        self.assertEqual(sum(run.share_ids.mapped("lead_count")), 11)
        self.assertEqual(sum(run.share_ids.mapped("revenue")), 900)
        self.assertEqual(
            (shares[self.rep].lead_count, shares[self.rep].expected), (6, 6)
        )
        self.assertEqual(
            (shares[self.rep_2].lead_count, shares[self.rep_2].expected), (2, 2)
        )
        self.assertEqual(shares[pool].lead_count, 2)
        self.assertEqual(shares[self.env["lead.pool"]].lead_count, 1)
        self.assertEqual(
            run.share_ids.sorted("lead_count", reverse=True).ids, run.share_ids.ids
        )

    def test_candidate_who_would_get_none_is_shown(self):
        self._to_members(self.rep + self.rep_2)
        run = self._chosen(self._waiting())
        counts = {share.user_id: share.lead_count for share in run.share_ids}
        self.assertEqual(counts, {self.rep: 1, self.rep_2: 0})
        self.assertEqual(run.share_ids.mapped("expected"), [0.5, 0.5])

    def test_average_score(self):
        self._new_score_rule([("phone", "!=", False)], 60)
        self._to_user(self.rep)
        leads = self._waiting() + self._waiting(phone="+33 1 23 45 67 89")
        self.assertEqual(self._chosen(leads).share_ids.score, 30)

    def test_no_leads(self):
        self._new_assignment_rule()
        run = self._chosen(self.env["crm.lead"])
        self.assertFalse(run.line_ids + run.line_ids.browse())
        self.assertEqual(run.lead_count, 0)
        notice = run.action_run()
        self.assertIn("No lead matches", notice["params"]["message"])


class TestReplay(DryRunCase):
    now = NOW

    def _past(self, moment, user=None, **values):
        """A lead that came in some time ago, as it was dealt with."""
        user_id = user.id if user else False
        lead = self._new_lead(user_id=user_id, **values)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s", [moment, lead.id]
        )
        lead.invalidate_recordset(["create_date"])
        return lead

    def _replay(self, start="2026-10-01", end="2026-10-31", **values):
        return self._run(scope="replay", date_from=start, date_to=end, **values)

    def test_leads_of_last_month_with_their_owners(self):
        self._to_members(self.rep + self.rep_2)
        leads = self.env["crm.lead"].browse()
        for day in range(1, 5):
            leads += self._past(datetime(2026, 10, day, 9), self.rep)
        before = self._content()
        run = self._replay()
        self.assertEqual(self._content(), before)
        self.assertEqual(run.line_ids.lead_id, leads)
        self.assertEqual(run.line_ids.user_before_id, self.rep)
        self.assertEqual(
            run.line_ids.mapped("user_id.login"), [self.rep.login, self.rep_2.login]
        )
        self.assertEqual(run.same_count, 2)

    def test_period_in_the_time_zone_of_the_user(self):
        self.manager.tz = "Europe/Paris"
        self._to_user(self.rep)
        inside = self._past(datetime(2026, 9, 30, 22, 30))
        self._past(datetime(2026, 9, 30, 21, 30))
        inside += self._past(datetime(2026, 10, 31, 22, 30))
        self._past(datetime(2026, 10, 31, 23, 30))
        self.assertEqual(self._replay().line_ids.lead_id, inside)

    def test_closed_leads_are_there(self):
        self._to_user(self.rep)
        lead = self._past(datetime(2026, 10, 5, 9), self.rep_2)
        lead.action_set_lost()
        self.assertEqual(self._replay().line_ids.lead_id, lead)

    def test_limits_of_each_day(self):
        self._capacity(self.rep, day_limit=1)
        self._to_members(self.rep, fallback="leader", team_id=self.team.id)
        for day, hour in ((5, 9), (5, 10), (6, 9), (6, 10), (7, 9)):
            self._past(datetime(2026, 10, day, hour))
        users = [line.user_id for line in self._replay().line_ids]
        self.assertEqual(
            users, [self.rep, self.leader, self.rep, self.leader, self.rep]
        )

    def _got(self, *days):
        """Return on which days somebody would have got a lead."""
        self._to_user(self.rep)
        for month, day in days:
            self._past(datetime(2026, month, day, 9))
        lines = self._replay(end="2026-11-30").line_ids.filtered("user_id")
        return [(d.month, d.day) for d in lines.lead_id.mapped("create_date")]

    def test_limits_of_each_week(self):
        self._capacity(self.rep, week_limit=1)
        days = (10, 5), (10, 6), (10, 12), (10, 18), (10, 19)
        self.assertEqual(self._got(*days), [(10, 5), (10, 12), (10, 19)])

    def test_limits_of_each_month(self):
        self._capacity(self.rep, month_limit=1)
        self.assertEqual(self._got((10, 30), (10, 31), (11, 2)), [(10, 30), (11, 2)])

    def test_who_was_off_then(self):
        self._to_members(self.rep + self.rep_2)
        resource = self._capacity(self.rep)._get_resource()
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": resource.id,
                "date_from": datetime(2026, 10, 5),
                "date_to": datetime(2026, 10, 7),
            }
        )
        for day in (5, 6, 8, 9):
            self._past(datetime(2026, 10, day, 9))
        users = [line.user_id for line in self._replay().line_ids]
        self.assertEqual(users[:2], [self.rep_2, self.rep_2])
        self.assertEqual(set(users[2:]), {self.rep, self.rep_2})

    def test_working_hours_then(self):
        self._to_user(self.rep, working_hours=True)
        self._past(datetime(2026, 10, 5, 9))
        self._past(datetime(2026, 10, 5, 20))
        outcomes = self._replay().line_ids.mapped("outcome")
        self.assertEqual(outcomes, ["assigned", "no_candidate"])

    def test_from_empty_turns_and_loads(self):
        self._to_members(self.rep + self.rep_2)
        self._create(3)
        for __ in range(5):
            self._new_lead()
        self._capacity(self.rep, open_limit=2)
        for day in (5, 6, 7, 8):
            self._past(datetime(2026, 10, day, 9))
        counts = {s.user_id: s.lead_count for s in self._replay().share_ids}
        self.assertEqual(counts, {self.rep: 2, self.rep_2: 2})

    def test_wrong_periods_are_refused(self):
        for start, end in (
            ("2026-10-31", "2026-10-01"),
            (False, "2026-10-01"),
            ("2026-10-01", False),
        ):
            with self.subTest(start=start, end=end), self.assertRaises(UserError):
                self._replay(start, end)

    def test_period_of_last_month_by_default(self):
        run = self.env["lead.assignment.dry.run"].with_user(self.manager).new({})
        self.assertEqual(
            (run.date_from, run.date_to), (date(2026, 10, 1), date(2026, 10, 31))
        )


class TestDone(DryRunCase):
    """After the leads were assigned, the run says what was done."""

    def setUp(self):
        super().setUp()
        self._to_user(self.rep, [("city", "=", "East")])
        self.leads = self._waiting(2, city="East") + self._waiting(city="West")
        self.dry_run = self._chosen(self.leads)

    def test_says_what_was_done(self):
        self.assertFalse(self.dry_run.done)
        self.dry_run.action_route()
        self.assertIn("2 of 3", self.dry_run.done)
        lines = {line.lead_id: line for line in self.dry_run.line_ids}
        for lead in self.leads:
            self.assertEqual(lines[lead].user_id, lead.user_id)
            log = self._log(lead)
            self.assertEqual(lines[lead].outcome, log.outcome)
            self.assertEqual(lines[lead].explanation, log.explanation)

    def test_what_came_in_between_is_shown_as_it_is(self):
        """Somebody changed the rules since: the run shows who has the leads."""
        self.env["lead.assignment.rule"].search([]).user_id = self.rep_2
        self.dry_run.action_route()
        self.assertEqual(self.dry_run.line_ids.user_id, self.rep_2)

    def test_lead_that_is_gone(self):
        self.leads[0].unlink()
        self.dry_run.action_route()
        self.assertIn("1 of 2", self.dry_run.done)

    def test_another_run_is_another_one(self):
        self.dry_run.action_route()
        self.dry_run.action_run()
        self.assertFalse(self.dry_run.done)


class TestRights(DryRunCase):
    def test_managers_only(self):
        for user in (self.rep, self.leader):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._run(user, scope="unassigned")

    def test_own_companies_only(self):
        self._to_members(self.rep + self.rep_b)
        lead = self._waiting(company_id=self.company.id)
        lead_b = self._waiting(company_id=self.company_b.id, team_id=self.team_b.id)
        self.assertEqual(self._run(scope="unassigned").line_ids.lead_id, lead)
        run_b = self._run(self.manager_b, scope="unassigned")
        self.assertEqual(run_b.line_ids.lead_id, lead_b)

    def test_chosen_lead_of_another_company(self):
        self._new_assignment_rule()
        lead = self._waiting(company_id=self.company.id)
        with self.assertRaises(AccessError):
            self._run(self.manager_b, scope="chosen", lead_ids=[Command.set(lead.ids)])

    def test_each_sees_the_own_runs(self):
        """The lines name what others may not see."""
        self.manager_2 = self._new_user("lm_manager_2", "manager")
        self._new_assignment_rule()
        run = self._chosen(self._waiting())
        self.env.invalidate_all()
        for records in (run, run.line_ids, run.share_ids):
            for user in (self.manager_b, self.manager_2):
                others = records.with_user(user)
                with self.subTest(records._name), self.assertRaises(AccessError):
                    others.read(["display_name"])
                self.assertFalse(others.search([("id", "in", records.ids)]))

    def test_routing_for_good_is_for_managers(self):
        self._new_assignment_rule()
        run = self._chosen(self._waiting())
        self.manager.group_ids -= self.env.ref("sales_team.group_sale_manager")
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            run.action_route()
