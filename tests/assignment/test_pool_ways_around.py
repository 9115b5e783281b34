"""Leads that cannot be given, pools that are archived, leads that are merged."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from .test_pools import PoolCase

POOL = "odoo.addons.lead_management.models.assignment.pool.crm_lead_pool"


class TestRefusedOwner(PoolCase):
    """Another addon, or a constraint, does not let a lead be written."""

    def setUp(self):
        super().setUp()
        CrmLead = self.registry["crm.lead"]
        write = CrmLead._write_owner

        def refuse(leads, vals):
            if leads in self.refused:
                raise ValidationError("Not this one")
            return write(leads, vals)

        self.refused = self.env["crm.lead"]
        self.startPatcher(patch.object(CrmLead, "_write_owner", refuse))

    @mute_logger(POOL)
    def test_the_next_one_is_given(self):
        __, leads = self._filled(3)
        self.refused = leads[1]
        self.assertEqual(self._pull(), leads[0])
        self.assertFalse(leads[1].user_id)
        self.assertEqual(self._log(leads[1]).outcome, "failed")
        self.assertEqual(self._log(leads[1]).detail, "Not this one")

    def test_it_is_reported_once_and_waits_behind_the_others(self):
        __, leads = self._filled(2)
        self.refused = leads[1]
        with self.assertLogs(POOL, "WARNING") as logs:
            self.assertEqual(self._pull(), leads[0])
            with self.assertRaisesRegex(UserError, "Not this one"):
                self._pull(self.rep_2)
        self.assertEqual(len(logs.output), 1)
        self.assertEqual(len(self._logs(leads[1])), 2)

    @mute_logger(POOL)
    def test_once_mended_it_is_given(self):
        __, leads = self._filled(2)
        self.refused = leads[1]
        self._pull()
        self.refused = self.env["crm.lead"]
        self.assertEqual(self._pull(), leads[1])

    @mute_logger(POOL)
    def test_new_score_lets_it_be_tried_in_its_turn(self):
        __, leads = self._filled(2)
        self.refused = leads[1]
        self._pull()
        leads[1].website = "https://example.com"
        self.commit()
        self.assertEqual(leads[1].sudo().pool_entry_ids.priority, 90)

    @mute_logger(POOL)
    def test_error_that_meets_everybody_empties_no_pool(self):
        pool, leads = self._filled(8)
        self.refused = leads
        with (
            patch.object(
                self.registry["crm.lead"],
                "_write_owner",
                lambda leads, vals: self.env["no.such.model"],
            ),
            self.assertRaises(UserError),
        ):
            self._pull()
        self.env.invalidate_all()
        self.assertEqual(pool.waiting_count, 8)


class TestArchivedPool(PoolCase):
    def test_rules_decide_on_what_waits(self):
        pool, leads = self._filled(3)
        self._to_user(self.rep_2)
        pool.with_user(self.manager).active = False
        self.commit()
        self.assertEqual(leads.user_id, self.rep_2)
        self.assertFalse(leads.assignment_pool_id)
        self.assertFalse(pool.entry_ids)

    def test_who_claimed_keeps_his_lead(self):
        pool, leads = self._filled(2)
        mine = self._pull()
        self._to_user(self.rep_2)
        pool.active = False
        self.commit()
        self.assertEqual(mine.user_id, self.rep)
        self.assertEqual((leads - mine).user_id, self.rep_2)
        self.assertEqual(pool.entry_ids.lead_id, mine)

    def test_rule_of_that_pool_lets_them_wait(self):
        pool = self._pool()
        self._to_pool(pool)
        lead = self._create()
        pool.active = False
        self.commit()
        self.assertTrue(lead.assignment_pending)
        self.assertFalse(lead.assignment_pool_id)
        pool.active = True
        self._run_cron("assign")
        self.assertEqual(lead.assignment_pool_id, pool)
        self.assertEqual(self._pull(), lead)

    def test_without_rules_they_are_unassigned(self):
        pool, leads = self._filled(2, is_blind=True)
        pool.active = False
        self.commit()
        self.assertFalse(leads.assignment_pool_id)
        self.assertEqual(set(leads.mapped("assignment_pending")), {False})
        self.assertEqual(
            self.env["crm.lead"].with_user(self.rep).search([("id", "in", leads.ids)]),
            leads,
        )

    def test_more_than_a_batch_is_left_to_the_cron(self):
        pool, leads = self._filled(5)
        self._to_user(self.rep_2)
        dissolve = self.registry["crm.lead"]._pool_reassign
        with patch.object(
            self.registry["crm.lead"],
            "_pool_reassign",
            lambda model, limit=2: dissolve(model, 2),
        ):
            pool.active = False
            self.commit()
            self.assertEqual(len(leads.filtered("user_id")), 2)
            self._run_cron("assign")
        self.assertEqual(leads.user_id, self.rep_2)
        self.assertEqual(len(leads.filtered("user_id")), 5)


class TestMerge(PoolCase):
    """A lead that waits gets to nobody around limits, membership and history."""

    def _merge(self, leads, user=None, **values):
        merged = leads.with_user(user or self.rep).merge_opportunity(**values)
        self.commit()
        return merged.sudo()

    def _own(self, user=None):
        return self._new_lead(user_id=(user or self.rep).id)

    def test_into_ones_own_lead_is_a_claim(self):
        pool, leads = self._filled(2, is_blind=False, wip_limit=1)
        merged = self._merge(self._own() + leads[0])
        self.assertEqual(merged.user_id, self.rep)
        claims = merged.assignment_log_ids.filtered(
            lambda log: log.outcome == "claimed"
        )
        self.assertEqual((claims.user_id, claims.pool_id), (self.rep, pool))

    def test_time_waited_is_that_of_the_lead_that_waited(self):
        __, leads = self._filled(1, is_blind=False)
        own = self._own()
        own.stage_id = self._stage("qualified")  # the one that stays
        for lead, hours in ((own, 2000), (leads, 1)):
            self.env.cr.execute(
                "UPDATE crm_lead SET create_date = create_date - %s WHERE id = %s",
                [timedelta(hours=hours), lead.id],
            )
        self.env.invalidate_all()
        merged = self._merge(own + leads)
        self.assertEqual(merged, own)
        claim = merged.assignment_log_ids.filtered(lambda log: log.outcome == "claimed")
        self.assertAlmostEqual(claim.waited, 60, delta=2)

    def test_limits_hold(self):
        __, leads = self._filled(3, is_blind=False, day_limit=1)
        with self.assertRaisesRegex(UserError, "tomorrow"), self.env.cr.savepoint():
            self._merge(self._own() + leads[:2])
        self.assertEqual(leads.exists(), leads)
        self._merge(self._own() + leads[0])
        with self.assertRaisesRegex(UserError, "tomorrow"):
            self._merge(self._own() + leads[1])

    def test_capacity_holds(self):
        self._capacity(self.rep, open_limit=1)
        __, leads = self._filled(1, is_blind=False)
        with self.assertRaises(UserError):
            self._merge(self._own() + leads)

    def test_pool_of_others(self):
        __, leads = self._filled(
            1, is_blind=False, team_id=False, member_ids=self.rep_2.ids
        )
        with self.assertRaisesRegex(UserError, "not a member of the pool"):
            self._merge(self._own() + leads)

    def test_naming_the_owner(self):
        __, leads = self._filled(2, is_blind=False, day_limit=1)
        with self.assertRaisesRegex(UserError, "tomorrow"):
            self._merge(leads, user_id=self.rep.id)

    def test_duplicates_within_the_pool_go_on_waiting(self):
        pool, leads = self._filled(2, is_blind=False, day_limit=1)
        merged = self._merge(leads)
        self.assertFalse(merged.user_id)
        self.assertEqual(merged.assignment_pool_id, pool)
        self.assertEqual(self._pull(), merged)

    def test_manager_is_above_it(self):
        __, leads = self._filled(2, is_blind=False, day_limit=1)
        merged = self._merge(self._own() + leads, self.manager)
        self.assertEqual(merged.user_id, self.rep)
