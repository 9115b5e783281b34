"""Salespeople pull the next lead, see what they may see, and keep what they touch."""

from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import mute_logger

from .common import AssignmentCase

MONDAY = datetime(2026, 11, 23, 10)
FAR = datetime(2026, 11, 23, 10) + timedelta(days=30)


class PoolCase(AssignmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._new_score_rule([("phone", "!=", False)], 60, name="Phone")
        cls._new_score_rule([("website", "!=", False)], 30, name="Website")
        cls.customer = cls.env["res.partner"].create(
            {"name": "Ann", "email": "ann@customer.example"}
        )

    def _filled(self, count=3, pool=None, **values):
        """Return a pool with leads in it, the second one the best."""
        pool = pool or self._pool(**values)
        rule = self._to_pool(pool, [("name", "=", pool.name)])
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": pool.name,
                    "user_id": False,
                    "phone": "1" if number == 1 else False,
                    "company_id": pool.company_id.id,
                }
                for number in range(count)
            ]
        )
        self.commit()
        rule.active = False
        self.assertEqual(leads.assignment_pool_id, pool)
        return pool, leads

    def _pull(self, user=None):
        """Return the lead somebody got, or nothing."""
        Lead = self.env["crm.lead"].with_user(user or self.rep)
        action = Lead.action_pull_next()
        self.commit()
        if action["type"] == "ir.actions.client":
            return self.env["crm.lead"]
        return self.env["crm.lead"].browse(action["res_id"])

    def _take(self, lead, user=None):
        lead.with_user(user or self.rep).action_take()
        self.commit()

    def _entry(self, lead):
        self.env.flush_all()
        return self.env["lead.pool.entry"].search([("lead_id", "=", lead.id)])


class TestPull(PoolCase):
    def test_next_is_the_highest_score_then_the_oldest(self):
        __, leads = self._filled(wip_limit=0)
        self.assertEqual([self._pull() for __ in leads], [leads[1], leads[0], leads[2]])

    def test_next_is_the_oldest_or_the_newest(self):
        for order, expected in (("oldest", [0, 1, 2]), ("newest", [2, 1, 0])):
            pool = self._pool(order=order, wip_limit=0, name=order)
            __, leads = self._filled(pool=pool)
            for number, lead in enumerate(leads):
                self.env.cr.execute(
                    "UPDATE crm_lead SET create_date = %s WHERE id = %s",
                    [MONDAY + timedelta(hours=number), lead.id],
                )
            leads.invalidate_recordset(["create_date"])
            pool.order = "score"
            pool.order = order
            self.assertEqual(
                [self._pull() for __ in leads], [leads[i] for i in expected]
            )
            pool.active = False

    def test_what_the_owner_gets(self):
        pool, leads = self._filled()
        lead = self._pull()
        self.assertEqual(lead.user_id, self.rep)
        self.assertEqual(lead.team_id, self.team)
        self.assertEqual(lead.assignment_pool_id, pool)
        self.assertTrue(lead.assignment_date)
        self.assertEqual(self._entry(lead).user_id, self.rep)
        self.assertTrue(lead.with_user(self.rep).read(["name", "score_total"]))
        self.assertIn(self.rep.partner_id, lead.message_partner_ids)

    def test_history_tells_the_best_of_how_many(self):
        pool, leads = self._filled(5)
        log = self._log(self._pull())
        self.assertEqual((log.outcome, log.trigger), ("claimed", "pull"))
        self.assertEqual((log.pool_id, log.user_id), (pool, self.rep))
        self.assertEqual((log.candidate_count, log.basis), (5, "best"))
        self.assertEqual(log.actor_id, self.rep)
        self.assertIn("the best of 5", log.explanation)

    def test_time_in_the_pool_is_noted(self):
        __, leads = self._filled(1)
        with freeze_time(leads.create_date + timedelta(minutes=30)):
            self._pull()
        self.assertAlmostEqual(self._log(leads).waited, 30, delta=1)

    def test_new_owner_is_tracked_and_not_notified(self):
        __, leads = self._filled(1)
        before = leads.message_ids
        self._pull()
        messages = (leads.message_ids - before).sudo()
        fnames = messages.tracking_value_ids.field_id.mapped("name")
        self.assertIn("user_id", fnames)
        self.assertFalse(messages.notified_partner_ids)

    def test_best_of_several_pools(self):
        first, first_leads = self._filled(2, name="First")
        second, second_leads = self._filled(2, name="Second")
        second_leads[0].website = "https://x.example"
        second_leads[1].write({"phone": "1", "website": "https://x.example"})
        self.commit()
        self.assertEqual(self._pull(), second_leads[1])
        self.assertEqual(self._pull(), first_leads[1])
        self.assertEqual(self._pull(), second_leads[0])

    def test_nothing_waits(self):
        self._pool()
        Lead = self.env["crm.lead"].with_user(self.rep)
        action = Lead.action_pull_next()
        self.assertEqual(action["tag"], "display_notification")

    def test_no_pool(self):
        with self.assertRaisesRegex(UserError, "not a member of any pool"):
            self._pull()

    def test_who_is_no_member(self):
        pool, leads = self._filled()
        pool.member_ids = self.rep_2
        with self.assertRaisesRegex(UserError, "not a member of any pool"):
            self._pull()
        self.assertTrue(self._pull(self.rep_2))

    def test_members_of_the_team(self):
        self._filled()
        with self.assertRaises(UserError):
            self._pull(self.leader)
        self.team.member_ids += self.leader
        self.assertTrue(self._pull(self.leader))
        self.team.member_ids -= self.rep_2
        with self.assertRaises(UserError):
            self._pull(self.rep_2)

    def test_archived_pool(self):
        pool, leads = self._filled()
        pool.active = False
        with self.assertRaisesRegex(UserError, "not a member of any pool"):
            self._pull()

    def test_only_salespeople(self):
        user = self.env.ref("base.user_admin").copy(
            {
                "login": "lm_office",
                "group_ids": [Command.set(self.env.ref("base.group_user").ids)],
            }
        )
        with self.assertRaises(AccessError):
            self._pull(user)
        status = self.env["lead.pool"].with_user(user).action_status()
        self.assertFalse(any(status.values()))

    def test_lead_that_was_closed_meanwhile_is_left_out(self):
        __, leads = self._filled(2)
        self.env.cr.execute(
            "UPDATE crm_lead SET active = false, won_status = 'lost' WHERE id = %s",
            [leads[1].id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._pull(), leads[0])
        self.assertFalse(self._entry(leads[1]))

    def test_status_of_the_top_bar(self):
        pool, leads = self._filled()
        lead = self._pull()
        status = self.env["lead.pool"].with_user(self.rep).action_status()
        self.assertEqual(
            status["pools"],
            [{"id": pool.id, "name": "Pool", "waiting": 2, "is_blind": True}],
        )
        due = fields.Datetime.to_string(self._entry(lead).claim_due)
        self.assertEqual(
            status["claims"], [{"lead_id": lead.id, "name": lead.name, "due": due}]
        )
        other = self.env["lead.pool"].with_user(self.rep_2).action_status()
        self.assertFalse(other["claims"])


class TestPullLimits(PoolCase):
    def test_untouched_at_a_time(self):
        self._filled(4, wip_limit=2)
        self._pull()
        lead = self._pull()
        with self.assertRaisesRegex(UserError, r"the maximum from “Pool” \(2\)"):
            self._pull()
        self._call(lead)
        self.assertTrue(self._pull())

    def _call(self, lead, user=None):
        call = self.env.ref("mail.mail_activity_data_call")
        lead = lead.with_user(user or lead.user_id)
        lead.activity_schedule(activity_type_id=call.id).action_feedback("Done")

    @freeze_time(MONDAY)
    def test_of_a_day(self):
        self._filled(4, wip_limit=0, day_limit=2)
        self._pull()
        self._pull()
        with self.assertRaisesRegex(UserError, r"daily limit of “Pool” \(2\)"):
            self._pull()
        self.assertTrue(self._pull(self.rep_2))
        with freeze_time(MONDAY + timedelta(days=1)):
            self.assertTrue(self._pull())

    def test_full_pool_leaves_the_others(self):
        first, first_leads = self._filled(2, name="First", wip_limit=1)
        __, second_leads = self._filled(2, name="Second", wip_limit=1)
        self.assertEqual(self._pull(), first_leads[1])
        self.assertEqual(self._pull(), second_leads[1])
        with self.assertRaises(UserError):
            self._pull()

    def test_capacity(self):
        self._filled(3, wip_limit=0)
        self._capacity(self.rep, open_limit=2)
        self._pull()
        self._pull()
        with self.assertRaisesRegex(UserError, r"limit of open leads \(2\)"):
            self._pull()

    def test_claims_count_for_the_day(self):
        self._filled(3, wip_limit=0)
        capacity = self._capacity(self.rep, day_limit=1)
        self._pull()
        self.assertEqual(capacity.day_count, 1)
        with self.assertRaisesRegex(UserError, r"daily limit of leads \(1\)"):
            self._pull()

    def test_pause(self):
        self._filled()
        Capacity = self.env["lead.assignment.capacity"].with_user(self.rep)
        Capacity.action_pause(1)
        with self.assertRaisesRegex(UserError, "You are paused"):
            self._pull()
        Capacity.action_pause(0)
        self.assertTrue(self._pull())

    @mute_logger("odoo.sql_db")
    def test_limits_are_not_negative(self):
        for name in ("wip_limit", "day_limit", "claim_minutes"):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._pool(**{name: -1})

    def test_pool_needs_somebody(self):
        with self.assertRaises(ValidationError):
            self._pool(team_id=False)


class TestBlind(PoolCase):
    """Nobody without the right to see all leads looks into it, by no way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.qualifier = cls._new_qualifier("Budget", "yes_no")

    def setUp(self):
        super().setUp()
        self.env["lead.sla"].create({"name": "S"})
        self.pool, self.leads = self._filled()
        self.leads.phone = "+33 1 23 45 67 89"
        self.leads._record_answers({self.qualifier.id: "yes"})
        self.commit()
        self.domain = [("id", "in", self.leads.ids)]
        self.hanging = {
            "lead.score": [("lead_id", "in", self.leads.ids)],
            "lead.profile": [("lead_id", "in", self.leads.ids)],
            "lead.score.change": [("lead_id", "in", self.leads.ids)],
            "lead.qualifier.answer": [("lead_id", "in", self.leads.ids)],
            "lead.assignment.log": [("lead_id", "in", self.leads.ids)],
            "lead.sla.clock": [("lead_id", "in", self.leads.ids)],
            "crm.activity.report": [("lead_id", "in", self.leads.ids)],
            "mail.message": [
                ("model", "=", "crm.lead"),
                ("res_id", "in", self.leads.ids),
            ],
        }

    def _call(self):
        call = self.env.ref("mail.mail_activity_data_call")
        for lead in self.leads:
            activity = lead.activity_schedule(
                activity_type_id=call.id, user_id=self.manager.id
            )
            activity.action_feedback("She has 90,000 to spend")
        self.commit()

    def test_rep_finds_nothing(self):
        Lead = self.env["crm.lead"].with_user(self.rep)
        self.assertFalse(Lead.search(self.domain))
        self.assertEqual(Lead.search_count(self.domain), 0)
        self.assertFalse(Lead.search([("assignment_pool_id", "=", self.pool.id)]))
        self.assertFalse(Lead.name_search("Pool", operator="="))

    def test_rep_counts_nothing(self):
        Lead = self.env["crm.lead"].with_user(self.rep)
        for groupby in ("assignment_pool_id", "user_id", "score_temperature"):
            rows = Lead._read_group(self.domain, [groupby], ["__count"])
            self.assertFalse([row for row in rows if row[-1]])
        report = Lead.formatted_read_group(self.domain, ["stage_id"], ["__count"])
        self.assertFalse([row for row in report if row["__count"]])

    def test_rep_reads_and_writes_nothing(self):
        lead = self.leads[0].with_user(self.rep)
        self.env.invalidate_all()
        for job in (
            lambda: lead.read(["name"]),
            lambda: lead.read(["score_total", "assignment_story"]),
            lambda: lead.write({"name": "Mine"}),
            lambda: lead.write({"user_id": self.rep.id}),
            lambda: lead.write({"assignment_pool_id": False}),
            lambda: lead.action_take(),
            lambda: lead.action_release("x"),
            lambda: lead.copy(),
            lambda: lead.message_post(body="x"),
            lambda: lead.unlink(),
        ):
            with self.assertRaises(AccessError):
                job()
        self.assertFalse(self.leads.user_id)

    def test_rep_reads_nothing_that_hangs_on_them(self):
        self._call()
        self.env.invalidate_all()
        for model, domain in self.hanging.items():
            with self.subTest(model):
                self.assertTrue(self.env[model].search(domain))
                Model = self.env[model].with_user(self.rep)
                self.assertFalse(Model.search(domain))
                self.assertFalse(Model.search_count(domain))

    def test_rep_reads_no_entries(self):
        Entry = self.env["lead.pool.entry"].with_user(self.rep)
        with self.assertRaises(AccessError):
            Entry.search([])
        with self.assertRaises(AccessError):
            self.pool.with_user(self.rep).entry_ids.mapped("priority")

    def test_rep_sees_the_pool_and_how_many_wait(self):
        pool = self.pool.with_user(self.rep)
        self.assertEqual(pool.name, "Pool")
        with self.assertRaises(AccessError):
            pool.name = "Mine"

    def test_rep_sees_what_he_pulled(self):
        self._call()
        lead = self._pull()
        self.env.invalidate_all()
        for model, domain in self.hanging.items():
            with self.subTest(model):
                found = self.env[model].with_user(self.rep).search(domain)
                self.assertTrue(found)
                leads = (
                    found.mapped("res_id")
                    if model == "mail.message"
                    else found.lead_id.ids
                )
                self.assertEqual(set(leads), set(lead.ids))

    def test_leader_and_manager_see_all(self):
        self._call()
        self.env.invalidate_all()
        for user in (self.leader, self.manager):
            Lead = self.env["crm.lead"].with_user(user)
            self.assertEqual(Lead.search_count(self.domain), 3)
            for model, domain in self.hanging.items():
                with self.subTest(user=user.login, model=model):
                    self.assertTrue(self.env[model].with_user(user).search(domain))

    def test_rep_who_becomes_a_leader_sees_all(self):
        Lead = self.env["crm.lead"].with_user(self.rep)
        self.assertFalse(Lead.search(self.domain))
        self.rep.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.assertTrue(Lead.search(self.domain))

    def test_opened_and_closed_again(self):
        Lead = self.env["crm.lead"].with_user(self.rep)
        for is_blind in (False, True):
            self.pool.is_blind = is_blind
            self.assertEqual(bool(Lead.search(self.domain)), not is_blind)

    def test_other_unassigned_leads_are_seen(self):
        lead = self._new_lead(user_id=False)
        self.assertTrue(lead.with_user(self.rep).name)

    def test_manager_of_another_company_sees_nothing(self):
        for model, domain in self.hanging.items():
            with self.subTest(model):
                self.assertFalse(
                    self.env[model].with_user(self.manager_b).search(domain)
                )
        Lead = self.env["crm.lead"].with_user(self.manager_b)
        self.assertFalse(Lead.search(self.domain))


class TestOpen(PoolCase):
    def test_rep_looks_through_it(self):
        pool, leads = self._filled(is_blind=False)
        Lead = self.env["crm.lead"].with_user(self.rep)
        found = Lead.search([("assignment_pool_id", "=", pool.id)])
        self.assertEqual(found, leads)
        self.assertTrue(found[0].score_reasons is not None)

    def test_rep_takes_the_one_he_likes(self):
        pool, leads = self._filled(is_blind=False)
        self._take(leads[0])
        self.assertEqual(leads[0].user_id, self.rep)
        self.assertEqual(leads[0].assignment_pool_id, pool)
        self.assertEqual(self._entry(leads[0]).user_id, self.rep)
        log = self._log(leads[0])
        self.assertEqual((log.outcome, log.trigger), ("claimed", "take"))
        self.assertIn("claimed the lead from", log.explanation)

    def test_how_good_it_was_is_noted(self):
        __, leads = self._filled(4, is_blind=False, wip_limit=0)
        leads[0].write({"phone": "1", "website": "https://x.example"})
        leads[2].website = "https://x.example"
        self.commit()
        for lead, rank in (
            (leads[0], 1),
            (leads[3], 0),
            (leads[2], 0),
            (leads[1], 0.5),
        ):
            self._take(lead)
            self.assertAlmostEqual(self._log(lead).pick_rank, rank)

    def test_equal_leads_are_no_cherries(self):
        __, leads = self._filled(1, is_blind=False)
        pool = leads.assignment_pool_id
        __, more = self._filled(1, pool=pool)
        self._take(leads)
        self.assertAlmostEqual(self._log(leads).pick_rank, 0.5)

    def test_colleague_was_faster(self):
        __, leads = self._filled(is_blind=False)
        self._take(leads[0])
        with self.assertRaisesRegex(UserError, f"claimed by {self.rep.login}"):
            self._take(leads[0], self.leader)

    def test_who_is_no_member(self):
        __, leads = self._filled(is_blind=False, member_ids=[Command.set(self.rep.ids)])
        with self.assertRaisesRegex(UserError, "not a member of the pool"):
            self._take(leads[0], self.rep_2)

    def test_limits_hold(self):
        __, leads = self._filled(is_blind=False, wip_limit=1)
        self._take(leads[0])
        with self.assertRaisesRegex(UserError, "claimed the maximum"):
            self._take(leads[2])

    def test_capacity_holds(self):
        __, leads = self._filled(is_blind=False)
        self._capacity(self.rep, open_limit=1)
        self._take(leads[0])
        with self.assertRaisesRegex(UserError, "limit of open leads"):
            self._take(leads[2])

    def test_writing_the_owner_is_taking(self):
        """The same limits hold where a rep writes the field himself."""
        pool, leads = self._filled(is_blind=False, wip_limit=1)
        leads[0].with_user(self.rep).user_id = self.rep
        self.assertEqual(self._entry(leads[0]).user_id, self.rep)
        self.assertTrue(self._entry(leads[0]).claim_due)
        self.assertEqual(leads[0].assignment_pool_id, pool)
        with self.assertRaisesRegex(UserError, "claimed the maximum"):
            leads[1].with_user(self.rep).user_id = self.rep

    def test_writing_the_owner_as_no_member(self):
        __, leads = self._filled(is_blind=False, member_ids=[Command.set(self.rep.ids)])
        with self.assertRaisesRegex(UserError, "not a member of the pool"):
            leads[0].with_user(self.rep_2).user_id = self.rep_2

    def test_unassigned_lead_of_no_pool(self):
        lead = self._new_lead(user_id=False)
        self._take(lead)
        self.assertEqual(lead.user_id, self.rep)
        self.assertFalse(self._entry(lead))
        self.assertIn("claimed the lead (unassigned)", self._log(lead).explanation)
        report = self.env["lead.assignment.report"].with_user(self.manager)
        [[index]] = report._read_group(
            [("lead_id", "=", lead.id)], aggregates=["pick_rank:avg"]
        )
        self.assertIs(index, False)

    def test_pulling_picks_no_cherries(self):
        __, leads = self._filled()
        lead = self._pull()
        report = self.env["lead.assignment.report"].with_user(self.manager)
        [[index, count]] = report._read_group(
            [("lead_id", "=", lead.id)], aggregates=["pick_rank:avg", "__count"]
        )
        self.assertIs(index, False)
        self.assertEqual(count, 1)

    def test_lead_of_somebody_else(self):
        with self.assertRaises(AccessError):
            self._take(self._new_lead(user_id=self.rep_2.id))


class TestRelease(PoolCase):
    def test_goes_back_with_the_reason(self):
        pool, __ = self._filled()
        lead = self._pull()
        lead.with_user(self.rep).action_release("Wrong language")
        self.assertFalse(lead.user_id)
        self.assertFalse(lead.assignment_pending)
        self.assertEqual(lead.assignment_pool_id, pool)
        entry = self._entry(lead)
        self.assertFalse(entry.user_id or entry.claim_due or entry.claim_date)
        log = self._log(lead)
        self.assertEqual((log.outcome, log.pool_id), ("released", pool))
        self.assertIn("Wrong language", log.explanation)

    def test_is_offered_to_others_only(self):
        __, leads = self._filled(1)
        self._pull().with_user(self.rep).action_release("Wrong language")
        self.assertFalse(self._pull())
        self.assertEqual(self._pull(self.rep_2), leads)

    def test_frees_a_place(self):
        self._filled(wip_limit=1)
        self._pull().with_user(self.rep).action_release("Wrong language")
        self.assertTrue(self._pull())

    def test_after_a_touch_too(self):
        """Whoever gives up a lead of a pool later lets the pool have it again."""
        pool, leads = self._filled(1)
        lead = self._pull()
        self.env["lead.pool.entry"]._leave(lead.ids)
        lead.with_user(self.rep).action_release("Too large for me")
        self.assertEqual(self._pull(self.rep_2), lead)

    def test_of_an_archived_pool_goes_to_the_rules(self):
        pool, leads = self._filled(1)
        lead = self._pull()
        pool.active = False
        self._to_user(self.rep_2)
        lead.with_user(self.rep).action_release("No time")
        self.commit()
        self.assertEqual(lead.user_id, self.rep_2)
        self.assertFalse(lead.assignment_pool_id)
        self.assertFalse(self._entry(lead))

    def test_owner_written_away_puts_it_back(self):
        """Without the button, and whoever does it: nothing gets lost in a pool."""
        pool, leads = self._filled(2, wip_limit=0)
        for user in (self.rep, self.manager):
            lead = self._pull()
            lead.with_user(user).user_id = False
            entry = self._entry(lead)
            self.assertEqual(entry.pool_id, pool)
            self.assertFalse(entry.user_id)
            self.assertEqual(self._pull(self.rep_2), lead)


class TestExpiry(PoolCase):
    """Monday to Friday, 8 to 12 and 13 to 17, in UTC."""

    now = MONDAY

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "UTC"
        (cls.rep + cls.rep_2).tz = "UTC"

    def _expire(self, at):
        with freeze_time(at):
            self._run_cron("deadlines")

    def test_due_in_working_minutes(self):
        self._filled(claim_minutes=180)
        lead = self._pull()
        # two hours until noon, one after lunch
        self.assertEqual(self._entry(lead).claim_due, datetime(2026, 11, 23, 14))
        self.assertIn(
            "it returns to the pool", lead.with_user(self.rep).assignment_claim
        )

    def test_the_earlier_of_two_deadlines_is_shown(self):
        """The response time, or what the pool grants: also without one of them."""
        for granted, promised, expected in (
            (60, None, 60),
            (0, 30, 30),
            (60, 30, 30),
            (60, 120, 60),
        ):
            with self.subTest(granted=granted, promised=promised):
                self.env["lead.sla"].search([]).active = False
                if promised:
                    self.env["lead.sla"].create(
                        {
                            "name": "Promise",
                            "calendar": "always",
                            "touch_minutes": promised,
                        }
                    )
                self._filled(claim_minutes=granted)
                lead = self._pull()
                self.commit()
                due = MONDAY + timedelta(minutes=expected)
                lead = lead.with_user(self.rep)
                self.assertEqual(lead.assignment_due, due)
                self.assertEqual(lead.assignment_due_kind, "touch")
                late, soon = (
                    lead.search([("id", "=", lead.id), ("assignment_due", "<", moment)])
                    for moment in (due, due + timedelta(minutes=1))
                )
                self.assertEqual((late, soon), (lead.browse(), lead))
                without = [("id", "=", lead.id), ("assignment_due", "=", False)]
                self.assertFalse(lead.search(without))
                # what is pulled next is of the next pool
                lead.with_user(self.rep)._assignment_touch()
                self.env["lead.pool"].search([]).active = False

    def test_due_over_the_weekend(self):
        self._filled(claim_minutes=120)
        with freeze_time(datetime(2026, 11, 27, 16)):
            lead = self._pull()
        self.assertEqual(self._entry(lead).claim_due, datetime(2026, 11, 30, 9))

    def test_untouched_goes_back(self):
        pool, __ = self._filled(claim_minutes=60)
        lead = self._pull()
        self._expire(MONDAY + timedelta(minutes=59))
        self.assertEqual(lead.user_id, self.rep)
        self._expire(MONDAY + timedelta(minutes=61))
        self.assertFalse(lead.user_id)
        self.assertFalse(self._entry(lead).user_id)
        log = self._log(lead)
        self.assertEqual((log.outcome, log.trigger), ("expired", "sla"))
        self.assertEqual(log.user_before_id, self.rep)
        self.assertIn("did not contact the lead in time", log.explanation)

    def test_not_to_him_again(self):
        __, leads = self._filled(1, claim_minutes=60)
        self._pull()
        self._expire(MONDAY + timedelta(minutes=61))
        self.assertFalse(self._pull())
        self.assertEqual(self._pull(self.rep_2), leads)

    def test_never(self):
        self._filled(claim_minutes=0)
        lead = self._pull()
        self.assertFalse(self._entry(lead).claim_due)
        self.assertFalse(lead.assignment_claim)
        self._expire(FAR)
        self.assertEqual(lead.user_id, self.rep)

    def test_one_that_fails_stops_no_other(self):
        self._filled(3, claim_minutes=60)
        first, second = self._pull(), self._pull()
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET name = 'Bad' WHERE id = %s", first.ids)
        self.env.invalidate_all()
        release = type(first)._release

        def fail(lead, *args, **kwargs):
            if lead.name == "Bad":
                raise ValueError("broken on purpose")
            return release(lead, *args, **kwargs)

        self.patch(type(first), "_release", fail)
        logger = "odoo.addons.lead_management.models.assignment.sla.crm_lead_deadlines"
        with self.assertLogs(logger, "ERROR"):
            self._expire(MONDAY + timedelta(minutes=61))
        self.assertEqual(first.user_id, self.rep)
        self.assertFalse(second.user_id)

    def test_of_an_archived_pool_goes_to_the_rules(self):
        pool, __ = self._filled(claim_minutes=60)
        lead = self._pull()
        self._to_user(self.rep_2)
        pool.active = False
        self._expire(MONDAY + timedelta(minutes=61))
        self.assertEqual(lead.user_id, self.rep_2)


class TestTouch(PoolCase):
    now = MONDAY

    def setUp(self):
        super().setUp()
        self.pool, __ = self._filled(claim_minutes=60)
        self.lead = self._pull().with_user(self.rep)

    def _assert_touched(self, is_touched=True):
        self.env.flush_all()
        self.assertEqual(not self._entry(self.lead), is_touched)
        with freeze_time(FAR):
            self._run_cron("deadlines")
        self.assertEqual(bool(self.lead.sudo().user_id), is_touched)
        if is_touched:
            self.assertEqual(self.lead.assignment_pool_id, self.pool)

    def _post(self, **values):
        values = {"body": "Hello", "message_type": "comment", **values}
        return self.lead.message_post(**values)

    def _do(self, xmlid):
        type_ = self.env.ref(xmlid)
        self.lead.activity_schedule(activity_type_id=type_.id).action_feedback("Done")

    def test_message_to_the_customer(self):
        self._post(
            partner_ids=self.customer.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self._assert_touched()

    def test_mail_sent(self):
        self._post(message_type="email_outgoing", partner_ids=self.customer.ids)
        self._assert_touched()

    def test_text_message(self):
        self._post(message_type="sms")
        self._assert_touched()

    def test_call_that_is_done(self):
        self._do("mail.mail_activity_data_call")
        self._assert_touched()

    def test_meeting(self):
        self.env["calendar.event"].with_user(self.rep).create(
            {
                "name": "Meeting",
                "start": MONDAY,
                "stop": MONDAY + timedelta(hours=1),
                "opportunity_id": self.lead.id,
            }
        )
        self._assert_touched()

    def test_note(self):
        self._post(subtype_xmlid="mail.mt_note")
        self._assert_touched(False)

    def test_message_to_a_colleague(self):
        self._post(partner_ids=self.rep_2.partner_id.ids)
        self._assert_touched(False)

    def test_mail_of_the_customer(self):
        self.lead.sudo().message_post(
            body="Hello?", message_type="email", author_id=self.customer.id
        )
        self._assert_touched(False)

    def test_look(self):
        self.lead.read(["name", "phone", "assignment_story"])
        self.lead.web_read({"name": {}})
        self._assert_touched(False)

    def test_change(self):
        self.lead.write({"name": "Renamed", "stage_id": self._stage("contacted").id})
        self._assert_touched(False)

    def test_call_that_is_planned(self):
        call = self.env.ref("mail.mail_activity_data_call")
        self.lead.activity_schedule(activity_type_id=call.id)
        self._assert_touched(False)

    def test_other_activity(self):
        self._do("mail.mail_activity_data_todo")
        self._assert_touched(False)


class TestInStep(PoolCase):
    """Pools follow whatever happens to their leads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "UTC"

    def test_closing_takes_it_out(self):
        for close in ("action_set_won", "action_set_lost", "action_archive"):
            __, leads = self._filled(1, name=close)
            getattr(leads.with_user(self.manager), close)()
            with self.subTest(close):
                self.assertFalse(self._entry(leads))

    def test_closing_ends_a_claim(self):
        self._filled(wip_limit=1)
        self._pull().with_user(self.rep).action_set_lost()
        self.assertTrue(self._pull())

    def test_reopening_puts_it_back(self):
        pool, leads = self._filled(1)
        leads.with_user(self.manager).action_set_lost()
        leads.with_user(self.manager).action_unarchive()
        self.assertEqual(self._entry(leads).pool_id, pool)
        self.assertEqual(self._pull(), leads)

    def test_manager_gives_a_waiting_lead(self):
        __, leads = self._filled()
        leads[1].with_user(self.manager).user_id = self.rep_2
        self.assertFalse(self._entry(leads[1]))
        self.assertFalse(leads[1].assignment_pool_id)
        self.assertEqual(self._pull(), leads[0])

    def test_manager_gives_a_claimed_lead(self):
        """The claim of the one before must not take it from the new owner later."""
        __, leads = self._filled(1, claim_minutes=60, wip_limit=1)
        self._pull()
        leads.with_user(self.manager).user_id = self.rep_2
        self.assertFalse(self._entry(leads))
        with freeze_time(fields.Datetime.now() + timedelta(days=30)):
            self._run_cron("deadlines")
        self.assertEqual(leads.user_id, self.rep_2)

    def test_rep_hands_a_claimed_lead_over(self):
        __, leads = self._filled(1, claim_minutes=60)
        self._pull()
        leads.with_user(self.rep).user_id = self.rep_2
        self.assertFalse(self._entry(leads))
        self.assertEqual(leads.user_id, self.rep_2)

    def test_same_owner_again_keeps_the_claim(self):
        pool, leads = self._filled(1)
        self._pull()
        leads.with_user(self.rep).write({"user_id": self.rep.id, "color": 4})
        self.assertEqual(self._entry(leads).user_id, self.rep)
        self.assertEqual(leads.assignment_pool_id, pool)

    def test_rules_take_a_waiting_lead(self):
        __, leads = self._filled(1)
        self._to_user(self.rep_2)
        leads.with_user(self.manager).action_route()
        self.assertEqual(leads.user_id, self.rep_2)
        self.assertFalse(self._entry(leads))
        self.assertFalse(leads.assignment_pool_id)

    def test_rules_take_a_claimed_lead(self):
        __, leads = self._filled(1, claim_minutes=60)
        self._pull()
        self._to_user(
            self.leader,
            trigger="stage",
            trigger_stage_ids=[Command.set(self._stage("qualified").ids)],
        )
        leads.with_user(self.rep).stage_id = self._stage("qualified")
        self.commit()
        self.assertEqual(leads.user_id, self.leader)
        with freeze_time(fields.Datetime.now() + timedelta(days=30)):
            self._run_cron("deadlines")
        self.assertEqual(leads.user_id, self.leader)

    def test_rules_move_it_to_another_pool(self):
        __, leads = self._filled(1)
        other = self._pool(name="Other", member_ids=[Command.set(self.rep_2.ids)])
        self._to_pool(other)
        leads.with_user(self.manager).action_route()
        self.assertEqual(self._entry(leads).pool_id, other)
        self.assertEqual(leads.assignment_pool_id, other)
        self.assertFalse(self._pull())
        self.assertEqual(self._pull(self.rep_2), leads)

    def test_rules_put_an_owned_lead_into_a_pool(self):
        pool = self._pool()
        self._to_pool(pool)
        lead = self._new_lead()
        lead.with_user(self.manager).action_route()
        self.assertFalse(lead.user_id)
        self.assertEqual(self._pull(self.rep_2), lead)

    def test_scores_reorder(self):
        __, leads = self._filled(3)
        leads[2].write({"phone": "1", "website": "https://x.example"})
        self.commit()
        self.assertEqual(self._pull(), leads[2])

    def test_new_rules_of_the_score_reorder(self):
        __, leads = self._filled(3)
        leads[2].email_from = "ann@customer.example"
        self._new_score_rule([("email_from", "!=", False)], 90)
        self.commit()
        self.assertEqual(self._pull(), leads[2])

    def test_other_orders_follow_no_score(self):
        pool, leads = self._filled(3, order="oldest")
        before = self.env["lead.pool.entry"].search([]).mapped("priority")
        leads[2].write({"phone": "1", "website": "https://x.example"})
        self.commit()
        self.env.invalidate_all()
        self.assertEqual(
            self.env["lead.pool.entry"].search([]).mapped("priority"), before
        )

    def test_deleted_lead(self):
        __, leads = self._filled(2)
        leads[1].unlink()
        self.assertEqual(self._pull(), leads[0])

    def test_merged_lead(self):
        pool, leads = self._filled(2)
        merged = leads.with_user(self.manager).merge_opportunity()
        self.assertEqual(self._entry(merged).pool_id, pool)
        self.assertEqual(self._pull(), merged)

    def test_counts(self):
        pool, __ = self._filled()
        self._pull()
        self.env.invalidate_all()
        pool = pool.with_user(self.manager)
        self.assertEqual((pool.waiting_count, pool.claimed_count), (2, 1))
        action = pool.action_view_leads()
        self.assertEqual(action["domain"], [("assignment_pool_id", "=", pool.id)])

    def test_pool_with_leads_is_not_deleted(self):
        pool, leads = self._filled()
        with self.assertRaisesRegex(ValidationError, "Leads are waiting in"):
            pool.with_user(self.manager).unlink()
        leads.with_user(self.manager).action_set_lost()
        self.env["lead.assignment.rule"].with_context(active_test=False).search(
            [("pool_id", "=", pool.id)]
        ).unlink()
        pool.with_user(self.manager).unlink()
        self.assertFalse(leads.assignment_pool_id)

    def test_leads_of_an_archived_pool_are_routed_anew(self):
        pool, leads = self._filled(1)
        pool.active = False
        self._to_user(self.rep_2)
        leads.with_user(self.manager).action_route()
        self.assertEqual(leads.user_id, self.rep_2)
        self.assertFalse(self._entry(leads))

    def test_leads_of_an_archived_pool_are_free_to_take(self):
        pool, leads = self._filled(2)
        pool.active = False
        self._take(leads[0])
        leads[1].with_user(self.rep).user_id = self.rep
        self.assertEqual(leads.user_id, self.rep)
        self.assertFalse(self._entry(leads[0]) + self._entry(leads[1]))


class TestCompanies(PoolCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool_b = cls._pool(name="B", team_id=cls.team_b.id)

    def test_company_of_the_team(self):
        self.assertEqual(self.pool_b.company_id, self.company_b)
        self.assertFalse(
            self.env["lead.pool"].with_user(self.manager).search([("name", "=", "B")])
        )

    def test_each_pulls_from_the_own_company(self):
        __, leads = self._filled(1)
        __, leads_b = self._filled(1, pool=self.pool_b)
        self.assertEqual(self._pull(), leads)
        self.assertEqual(self._pull(self.rep_b), leads_b)
        self.assertEqual(leads_b.company_id, self.company_b)

    def test_member_of_another_company(self):
        self.pool_b.member_ids = self.rep + self.rep_b
        self._filled(1, pool=self.pool_b)
        with self.assertRaisesRegex(UserError, "not a member of any pool"):
            self._pull()

    def test_member_of_two_companies(self):
        self.rep.company_ids += self.company_b
        self.pool_b.member_ids = self.rep
        __, leads = self._filled(1, pool=self.pool_b)
        self.assertEqual(self._pull(), leads)
        self.assertEqual(leads.company_id, self.company_b)
        self.assertEqual(leads.team_id, self.team_b)

    def test_full_in_one_company_pulls_in_the_other(self):
        self.rep.company_ids += self.company_b
        self.pool_b.member_ids = self.rep
        self._filled(1)
        __, leads_b = self._filled(1, pool=self.pool_b)
        self._capacity(self.rep, open_limit=1, company_id=self.company.id)
        self._new_lead()
        self.assertEqual(self._pull(), leads_b)
