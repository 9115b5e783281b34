from collections import Counter

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase


def shares(leads):
    """Return how many of the leads each owner has, fewest first."""
    return sorted(Counter(lead.user_id for lead in leads).values())


class TestCapture(LeadManagementCase):
    """What happens to the owner of a lead when it is created."""

    def _create(self, user, **values):
        lead = self.env["crm.lead"].with_user(user).create({"name": "New", **values})
        self.commit()
        return lead.sudo()

    def test_without_rules_all_is_as_in_odoo(self):
        lead = self._create(self.rep)
        self.assertEqual(lead.user_id, self.rep)
        self.assertFalse(lead.assignment_pending)
        self.assertFalse(lead.assignment_log_ids)

    def test_rules_decide_when_nobody_chose(self):
        self._new_assignment_rule(target="user", user_id=self.rep_2.id)
        lead = self._create(self.manager)
        self.assertEqual(lead.user_id, self.rep_2)
        self.assertEqual(lead.team_id, self.team)
        self.assertEqual(lead.company_id, self.company)
        self.assertFalse(lead.assignment_pending)
        self.assertTrue(lead.assignment_date)

    def test_a_chosen_owner_stays(self):
        self._new_assignment_rule(target="user", user_id=self.rep_2.id)
        self.assertEqual(self._create(self.rep, user_id=self.rep.id).user_id, self.rep)
        lead = (
            self.env["crm.lead"]
            .with_user(self.rep)
            .with_context(default_user_id=self.rep.id)
            .create({"name": "From my pipeline"})
        )
        self.commit()
        self.assertEqual(lead.user_id, self.rep)
        self.assertFalse(lead.assignment_pending)

    def test_explicitly_unassigned_is_routed(self):
        self._new_assignment_rule(target="user", user_id=self.rep_2.id)
        self.assertEqual(self._create(self.manager, user_id=False).user_id, self.rep_2)

    def test_nobody_becomes_owner_by_accident(self):
        """OdooBot and the public user own no lead once rules exist."""
        self._new_assignment_rule([("name", "=", "Other")])
        lead = self._create(self.env.ref("base.user_root"))
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.assignment_log_ids.outcome, "no_rule")
        self.assertIn("No assignment rule", lead.assignment_explanation)

    def test_first_match_wins(self):
        first = self._new_assignment_rule(
            [("expected_revenue", ">", 1000)],
            sequence=1,
            target="user",
            user_id=self.rep.id,
        )
        last = self._new_assignment_rule(
            sequence=2, target="user", user_id=self.rep_2.id
        )
        big = self._create(self.manager, expected_revenue=5000)
        small = self._create(self.manager, expected_revenue=500)
        self.assertEqual(big.user_id, self.rep)
        self.assertEqual(big.assignment_log_ids.rule_id, first)
        self.assertEqual(small.user_id, self.rep_2)
        self.assertEqual(small.assignment_log_ids.rule_id, last)

    def test_rule_on_the_score(self):
        self._new_score_rule([("phone", "!=", False)], 80)
        self._new_assignment_rule(
            [("score_temperature", "=", "hot")], target="user", user_id=self.rep.id
        )
        self.assertEqual(self._create(self.manager, phone="1").user_id, self.rep)
        self.assertFalse(self._create(self.manager).user_id)

    def test_the_log_tells_the_rule(self):
        rule = self._new_assignment_rule(name="East")
        lead = self._create(self.manager)
        log = lead.assignment_log_ids
        self.assertEqual(log.outcome, "assigned")
        self.assertEqual(log.trigger, "capture")
        self.assertEqual(log.rule_id, rule)
        self.assertEqual(log.user_id, lead.user_id)
        self.assertEqual(log.candidate_count, 3)
        self.assertIn("East", lead.assignment_explanation)
        self.assertIn(lead.user_id.name, lead.assignment_explanation)

    def test_new_owner_follows_the_lead(self):
        self._new_assignment_rule()
        lead = self._create(self.manager)
        self.assertIn(lead.user_id.partner_id, lead.message_partner_ids)

    def test_owner_given_in_the_same_transaction_stays(self):
        self._new_assignment_rule(target="user", user_id=self.rep_2.id)
        lead = self.env["crm.lead"].with_user(self.manager).create({"name": "New"})
        lead.user_id = self.rep
        self.commit()
        self.assertEqual(lead.user_id, self.rep)
        self.assertFalse(lead.assignment_pending)
        self.assertEqual(lead.assignment_log_ids.mapped("trigger"), ["hand"])

    def test_rolled_back_lead_is_not_routed(self):
        self._new_assignment_rule()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.env["crm.lead"].create({"name": "Gone"})
            raise ZeroDivisionError
        self.commit()
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "Gone")]))

    def test_cron_routes_what_waits(self):
        rule = self._new_assignment_rule()
        leads = self.env["crm.lead"].create([{"name": "Waiting"}] * 7)
        self.env.cr.flush()
        self.env.cr.postcommit.clear()  # as if the server had died after the commit
        self.assertEqual(set(leads.mapped("assignment_pending")), {True})
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("lead_management.ir_cron_assign").method_direct_trigger()
        leads.invalidate_recordset()
        self.assertEqual(set(leads.mapped("assignment_pending")), {False})
        self.assertEqual(shares(leads), [2, 2, 3])
        self.assertEqual(rule.assigned_count, 7)


class TestRotation(LeadManagementCase):
    def _deal(self, count, **values):
        leads = self.env["crm.lead"].create([{"name": "New", **values}] * count)
        self.commit()
        return leads

    def test_even_in_one_batch(self):
        self._new_assignment_rule()
        self.assertEqual(shares(self._deal(30)), [10, 10, 10])

    def test_even_one_by_one_over_many_transactions(self):
        """The turn lasts: three runs with one lead each reach three people."""
        self._new_assignment_rule()
        leads = self.env["crm.lead"]
        for __ in range(7):
            leads += self._deal(1)
        self.assertEqual(shares(leads), [2, 2, 3])

    def test_each_rule_has_its_own_turns(self):
        self._new_assignment_rule([("name", "=", "New")], sequence=1)
        self._new_assignment_rule(sequence=2)
        self._deal(3)
        other = self.env["crm.lead"].create([{"name": "Other"}] * 3)
        self.commit()
        self.assertEqual(shares(other), [1, 1, 1])

    def test_newcomer_is_not_flooded(self):
        rule = self._new_assignment_rule(
            target="members", member_ids=[Command.set((self.rep + self.rep_2).ids)]
        )
        self._deal(20)
        rule.member_ids += self.rep_3
        leads = self._deal(9)
        self.assertEqual(shares(leads), [3, 3, 3])

    def test_archived_member_is_skipped(self):
        self._new_assignment_rule()
        self.rep_2.active = False
        leads = self._deal(4)
        self.assertEqual(set(leads.user_id), {self.rep, self.rep_3})

    def test_nobody_available_is_said(self):
        self._new_assignment_rule(
            target="members", member_ids=[Command.set(self.rep_2.ids)]
        )
        self.rep_2.active = False
        lead = self._deal(1)
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.assignment_log_ids.outcome, "no_candidate")
        self.assertTrue(lead.assignment_pending)  # somebody may come

    def test_deleting_a_rule_keeps_the_history(self):
        rule = self._new_assignment_rule()
        lead = self._deal(1)
        rule.unlink()
        self.assertEqual(len(lead.assignment_log_ids), 1)
        self.assertTrue(lead.assignment_log_ids.explanation)


class TestCompanies(LeadManagementCase):
    """Law 6: no assignment crosses a company."""

    def _deal(self, **values):
        lead = self.env["crm.lead"].create(
            {"name": "New", "user_id": False, "team_id": False, **values}
        )
        self.commit()
        return lead

    def test_rule_belongs_to_the_company_of_its_team(self):
        rule = self._new_assignment_rule(team_id=self.team_b.id)
        self.assertEqual(rule.company_id, self.company_b)

    def test_rule_of_another_company_does_not_apply(self):
        self._new_assignment_rule(team_id=self.team_b.id, sequence=1)
        self._new_assignment_rule(sequence=2)
        lead = self._deal(company_id=self.company.id)
        self.assertIn(lead.user_id, self.team.member_ids)
        lead_b = self._deal(company_id=self.company_b.id)
        self.assertEqual(lead_b.user_id, self.rep_b)
        self.assertEqual(lead_b.company_id, self.company_b)

    def test_global_rule_never_moves_a_lead_to_another_company(self):
        self._new_assignment_rule(
            team_id=False,
            target="members",
            member_ids=[Command.set((self.rep + self.rep_b).ids)],
        )
        for __ in range(3):
            lead = self._deal(company_id=self.company.id)
            self.assertEqual(lead.user_id, self.rep)
            self.assertEqual(lead.company_id, self.company)

    def test_global_rule_without_anybody_in_the_company(self):
        self._new_assignment_rule(
            team_id=False, target="members", member_ids=[Command.set(self.rep_b.ids)]
        )
        lead = self._deal(company_id=self.company.id)
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.assignment_log_ids.outcome, "no_candidate")

    def test_log_is_not_seen_in_another_company(self):
        self._new_assignment_rule()
        lead = self._deal(company_id=self.company.id)
        Log = self.env["lead.assignment.log"]
        own = Log.with_user(self.manager).search([("lead_id", "=", lead.id)])
        self.assertEqual(len(own), 1)
        self.assertFalse(
            Log.with_user(self.manager_b).search([("lead_id", "=", lead.id)])
        )


class TestRouteNow(LeadManagementCase):
    def test_manager_routes_a_selection(self):
        self._new_assignment_rule()
        leads = self.env["crm.lead"].create(
            [{"name": "Old", "user_id": self.manager.id}] * 6
        )
        action = leads.with_user(self.manager).action_route()
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(shares(leads), [2, 2, 2])
        self.assertEqual(set(leads.assignment_log_ids.mapped("trigger")), {"manual"})

    def test_change_of_owner_is_tracked(self):
        self._new_assignment_rule(target="user", user_id=self.rep_2.id)
        lead = self._new_lead()
        self.flush_tracking()
        lead.with_user(self.manager).action_route()
        self.flush_tracking()
        tracked = lead.message_ids.tracking_value_ids.field_id.mapped("name")
        self.assertIn("user_id", tracked)

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.flush()

    def test_rep_may_not(self):
        self._new_assignment_rule()
        with self.assertRaises(AccessError):
            self._new_lead().with_user(self.rep).action_route()

    def test_without_rules_it_says_what_to_do(self):
        with self.assertRaises(UserError):
            self._new_lead().with_user(self.manager).action_route()

    def test_manager_of_another_company_may_not(self):
        self._new_assignment_rule(team_id=self.team_b.id)
        lead = self._new_lead(company_id=self.company.id)
        with self.assertRaises(AccessError):
            lead.with_user(self.manager_b).action_route()

    def test_rule_needs_a_target(self):
        with self.assertRaises(ValidationError):
            self._new_assignment_rule(team_id=False)
        with self.assertRaises(ValidationError):
            self._new_assignment_rule(target="user")

    def test_merge_keeps_the_decisions(self):
        self._new_assignment_rule()
        leads = self.env["crm.lead"].create([{"name": "A"}, {"name": "B"}])
        self.commit()
        merged = leads.merge_opportunity()
        self.assertEqual(len(merged.assignment_log_ids), 2)
