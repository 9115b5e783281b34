"""The entries of a pool follow whatever happens to its leads."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase


class PoolCase(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool = cls._new_pool()
        cls._new_assignment_rule(target="pool", team_id=False, pool_id=cls.pool.id)

    @classmethod
    def _new_pool(cls, **values):
        return cls.env["lead.pool"].create(
            {"name": "Pool", "team_id": cls.team.id, "wip_limit": 0, **values}
        )

    def _create(self, count=1, **values):
        leads = self.env["crm.lead"].create([{"name": "New", **values}] * count)
        self.commit()
        return leads

    def _pull(self, user):
        action = self.env["crm.lead"].with_user(user).action_pull_next()
        return self.env["crm.lead"].browse(action.get("res_id", ()))

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("lead_management.ir_cron_deadlines").method_direct_trigger()
        self.env.invalidate_all()

    def _claim(self, user=None):
        self._create()
        return self._pull(user or self.rep)

    def _get_log(self, lead):
        Log = self.env["lead.assignment.log"]
        return Log.search([("lead_id", "=", lead.id)], limit=1)

    def assertWaits(self, lead):
        entry = lead.pool_entry_ids
        self.assertEqual(entry.pool_id, lead.assignment_pool_id)
        self.assertFalse(entry.user_id or entry.claim_date or entry.claim_due)
        self.assertFalse(lead.user_id)

    def assertLeft(self, lead):
        self.assertFalse(lead.pool_entry_ids)
        self.assertFalse(lead.assignment_pool_id)


class TestClaimedLead(PoolCase):
    def test_handed_over_by_its_owner_is_no_claim_any_more(self):
        lead = self._claim()
        lead.with_user(self.rep).user_id = self.rep_2
        self.assertLeft(lead)
        self.assertEqual(self._get_log(lead).outcome, "assigned")

    def test_handed_over_is_not_taken_from_the_new_owner(self):
        lead = self._claim()
        lead.pool_entry_ids.claim_due = fields.Datetime.now() - timedelta(hours=1)
        lead.with_user(self.manager).user_id = self.rep_2
        self._run_cron()
        self.assertEqual(lead.user_id, self.rep_2)

    def test_taken_away_by_a_manager_waits_again(self):
        lead = self._claim()
        lead.with_user(self.manager).user_id = False
        self.assertWaits(lead)
        self.assertFalse(self._pull(self.rep))
        self.assertEqual(self._pull(self.rep_2), lead)

    def test_routed_anew_to_somebody_is_no_claim_any_more(self):
        lead = self._claim()
        self._new_assignment_rule(sequence=1, target="user", user_id=self.rep_2.id)
        lead.with_user(self.manager).action_route()
        self.assertEqual(lead.user_id, self.rep_2)
        self.assertLeft(lead)

    def test_routed_anew_to_another_pool_waits_there(self):
        lead = self._claim()
        other = self._new_pool()
        self._new_assignment_rule(
            sequence=1, target="pool", team_id=False, pool_id=other.id
        )
        lead.with_user(self.manager).action_route()
        self.assertEqual(lead.assignment_pool_id, other)
        self.assertWaits(lead)

    def test_taken_back_for_its_deadline_is_no_claim_any_more(self):
        self.env["lead.sla"].search([]).active = False
        self.env["lead.sla"].create(
            {
                "name": "Fast",
                "calendar": "always",
                "touch_minutes": 10,
                "take_back": True,
                "take_back_after": 0,
            }
        )
        lead = self._claim()
        self.commit()
        clock = lead.clock_ids.filtered(lambda clock: clock.state == "running")
        past = fields.Datetime.now() - timedelta(minutes=1)
        clock.write({"date_take_back": past, "date_next": past})
        self.env["lead.assignment.rule"].search([]).active = False
        self._run_cron()
        self.assertFalse(lead.user_id)
        self.assertLeft(lead)

    def test_lost_is_no_claim_and_restored_stays_with_its_owner(self):
        lead = self._claim()
        lead.with_user(self.rep).action_set_lost()
        self.assertFalse(lead.pool_entry_ids)
        lead.with_user(self.rep).action_restore()
        self.assertFalse(lead.pool_entry_ids)
        self.assertEqual(lead.user_id, self.rep)


class TestWaitingLead(PoolCase):
    def test_given_to_somebody_by_a_manager_leaves(self):
        lead = self._create()
        lead.with_user(self.manager).user_id = self.rep
        self.assertLeft(lead)

    def test_lost_and_restored_waits_again(self):
        lead = self._create()
        lead.with_user(self.manager).action_set_lost()
        self.assertFalse(lead.pool_entry_ids)
        lead.with_user(self.manager).action_restore()
        self.assertWaits(lead)
        self.assertEqual(self._pull(self.rep), lead)

    def test_archived_pool_is_left_when_routed_anew(self):
        lead = self._create()
        self.pool.active = False
        self._new_assignment_rule(sequence=1, target="user", user_id=self.rep_2.id)
        lead.with_user(self.manager).action_route()
        self.assertLeft(lead)


class TestLimits(PoolCase):
    def test_claims_by_hand_count_for_the_day(self):
        self.pool.write({"is_blind": False, "day_limit": 2})
        leads = self._create(3).with_user(self.rep)
        leads[0].user_id = self.rep
        self._pull(self.rep)
        with self.assertRaisesRegex(UserError, "daily limit"):
            leads[2].user_id = self.rep

    def test_claims_by_hand_of_many_at_once(self):
        for limits in ({"day_limit": 2}, {"wip_limit": 2}):
            with self.subTest(limits=limits):
                pool = self._new_pool(is_blind=False, **limits)
                self.env["lead.assignment.rule"].search([]).pool_id = pool
                leads = self._create(3).with_user(self.rep)
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    leads.user_id = self.rep
                leads[:2].user_id = self.rep
                self.assertEqual(len(leads.filtered("user_id")), 2)

    def test_history_says_that_a_lead_was_claimed_by_hand(self):
        self.pool.is_blind = False
        lead = self._create().with_user(self.rep)
        lead.user_id = self.rep
        log = self._get_log(lead)
        self.assertEqual(
            (log.outcome, log.trigger, log.pool_id), ("claimed", "take", self.pool)
        )
        self.assertIn("claimed the lead from", log.explanation)


class TestOrder(PoolCase):
    def test_moments_far_away(self):
        """A number of seconds ends in 2038, dates of imported leads do not."""
        leads = self._create(4)
        moments = (
            "1890-01-01",
            "2026-01-01 10:00:00",
            "2026-01-01 10:00:01",
            "9999-01-01",
        )
        for lead, moment in zip(leads, moments, strict=True):
            self.env.cr.execute(
                "UPDATE crm_lead SET create_date = %s WHERE id = %s", [moment, lead.id]
            )
        leads.invalidate_recordset(["create_date"])
        pairs = [(lead.id, self.pool.id) for lead in leads]
        for order, expected in (("oldest", leads), ("newest", leads[::-1])):
            self.pool.order = order
            self.env["lead.pool.entry"]._enter(pairs)
            entries = self.env["lead.pool.entry"].search(
                [("lead_id", "in", leads.ids)], order="priority desc"
            )
            self.assertEqual(entries.lead_id, expected)


class TestTooLate(PoolCase):
    """Who wants a lead that is not to be had is told why, and nothing else."""

    def _take(self, user, lead):
        return lead.with_user(user).action_take()

    def test_taken_from_an_open_pool(self):
        self.pool.is_blind = False
        lead = self._create()
        self._take(self.rep_2, lead)
        with self.assertRaises(UserError) as caught:
            self._take(self.rep, lead)
        self.assertIn(f"claimed by {self.rep_2.name}", str(caught.exception))

    def test_lead_of_a_blind_pool_stays_a_secret(self):
        lead = self._claim(self.rep_2)
        with self.assertRaisesRegex(UserError, "top-secret"):
            self._take(self.rep, lead)

    def test_lead_of_another_company_stays_a_secret(self):
        lead = self._new_lead(user_id=self.rep_b.id, company_id=self.company_b.id)
        with self.assertRaisesRegex(UserError, "top-secret"):
            self._take(self.rep, lead)

    def test_lead_that_has_its_owner_for_long_stays_a_secret(self):
        lead = self._new_lead(user_id=self.rep_2.id)
        lead.assignment_date = fields.Datetime.now() - timedelta(days=2)
        with self.assertRaisesRegex(UserError, "top-secret"):
            self._take(self.rep, lead)

    def test_lead_that_nobody_else_ever_saw_stays_a_secret(self):
        """A rule, a manager, or its author gave it to a colleague from the start."""
        self._new_assignment_rule(target="user", user_id=self.rep_2.id, sequence=0)
        by_rule = self._create()
        self.assertEqual(by_rule.user_id, self.rep_2)
        by_hand = self.env["crm.lead"].with_user(self.manager)
        by_hand = by_hand.create({"name": "L", "user_id": self.rep_2.id})
        own = self.env["crm.lead"].with_user(self.rep_2)
        own = own.create({"name": "L", "user_id": self.rep_2.id})
        for lead in (by_rule, by_hand, own):
            lead.sudo().assignment_date = fields.Datetime.now()
            with self.assertRaisesRegex(UserError, "top-secret"):
                self._take(self.rep, lead)


class TestCompanies(PoolCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool.write(
            {
                "team_id": False,
                "company_id": False,
                "member_ids": [Command.set((cls.rep + cls.rep_b).ids)],
            }
        )
        cls.env["lead.assignment.rule"].search([]).company_id = False

    def test_pool_of_no_company_gives_each_the_leads_of_his_own(self):
        theirs = self._create(2, company_id=self.company_b.id)
        ours = self._create(2, company_id=self.company.id)
        for user, leads in ((self.rep, ours), (self.rep_b, theirs)):
            self.assertEqual({self._pull(user) for __ in leads}, set(leads))
            self.assertFalse(self._pull(user))
        self.assertEqual(ours.company_id, self.company)
        self.assertEqual(theirs.company_id, self.company_b)

    def test_lead_that_moved_to_another_company_blocks_nobody(self):
        first, second = self._create(2, company_id=self.company.id)
        first.company_id = self.company_b
        self.assertEqual(self._pull(self.rep), second)
