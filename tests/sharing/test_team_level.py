"""Own, team, all: who sees which leads, and what belongs to them."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase

TEAM = "lead_management.group_team_leads"


class TestTeamLevel(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.teamster = cls._new_user("lm_teamster", "salesman")
        cls.teamster.group_ids = [Command.set(cls.env.ref(TEAM).ids)]
        cls.other_team = cls.env["crm.team"].create(
            {"name": "Team C", "company_id": cls.company.id}
        )
        cls.of_team = cls._new_lead(team_id=cls.team.id)
        cls.of_other = cls._new_lead(user_id=cls.rep_2.id, team_id=cls.other_team.id)
        cls.env.cr.flush()

    def _sees(self, user=None):
        both = self.of_team + self.of_other
        leads = self.env["crm.lead"].with_user(user or self.teamster)
        return leads.search([("id", "in", both.ids)]).sudo()

    def test_the_groups_stand_in_a_row(self):
        team, every = (
            self.env.ref(TEAM),
            self.env.ref("sales_team.group_sale_salesman_all_leads"),
        )
        self.assertIn(self.env.ref("sales_team.group_sale_salesman"), team.implied_ids)
        self.assertIn(team, every.implied_ids)
        levels = team.privilege_id.group_ids.sorted("sequence")
        self.assertEqual(levels.ids[1], team.id)

    def test_what_is_seen_follows_membership(self):
        self.assertFalse(self._sees())
        member = self.env["crm.team.member"].create(
            {"crm_team_id": self.team.id, "user_id": self.teamster.id}
        )
        self.assertEqual(self._sees(), self.of_team)
        member.active = False
        self.assertFalse(self._sees())
        self.other_team.user_id = self.teamster
        self.assertEqual(self._sees(), self.of_other)
        self.other_team.active = False
        self.assertFalse(self._sees())
        self.other_team.active = True
        self.assertEqual(self._sees(), self.of_other)
        self.other_team.user_id = False
        self.assertFalse(self._sees())

    def test_several_teams_count_all(self):
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", True)
        self.env["crm.team.member"].create(
            [
                {"crm_team_id": team.id, "user_id": self.teamster.id}
                for team in self.team + self.other_team
            ]
        )
        self.assertEqual(self._sees(), self.of_team + self.of_other)

    def test_rows_follow(self):
        """Each model of rows of leads, and what Odoo keeps of them."""
        self.other_team.user_id = self.teamster
        lead = self.of_other
        touch = self.env["lead.touch"].create(
            {"lead_id": lead.id, "channel": "call", "direction": "out"}
        )
        self.assertTrue(touch.with_user(self.teamster).has_access("read"))
        self.assertFalse(touch.with_user(self.rep).has_access("read"))
        lead.with_user(self.teamster).priority = "2"
        message = lead.message_post(body="x")
        self.assertTrue(message.with_user(self.teamster).has_access("read"))

    def test_companies_and_blind_pools_hold(self):
        lead_b = self._new_lead(user_id=self.rep_b.id, team_id=self.team_b.id)
        # who was a member when the team had no company yet
        self.env.cr.execute(
            "UPDATE crm_team SET user_id = %s WHERE id = %s",
            [self.teamster.id, self.team_b.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        leads = self.env["crm.lead"].with_user(self.teamster)
        self.assertFalse(leads.search([("id", "=", lead_b.id)]))
        pool = self.env["lead.pool"].create(
            {"name": "P", "team_id": self.other_team.id, "is_blind": True}
        )
        self.other_team.user_id = self.teamster
        self.env.cr.execute(
            "UPDATE crm_lead SET assignment_pool_id = %s, user_id = NULL WHERE id = %s",
            [pool.id, self.of_other.id],
        )
        self.env.invalidate_all()
        self.assertFalse(self._sees())


class TestColleague(LeadManagementCase):
    def setUp(self):
        super().setUp()
        self.lead = self._new_lead()
        self.until = fields.Date.today() + timedelta(days=3)

    def _share(self, user, access="read", until=None, by=None):
        leads = self.lead.with_user(by or self.rep)
        return leads.env["lead.colleague"]._share(
            leads, user, access, until or self.until
        )

    def _may(self, user, operation="read"):
        self.env.invalidate_all()
        return self.lead.with_user(user).has_access(operation)

    def test_a_colleague_reads_until_a_day(self):
        self.assertFalse(self._may(self.rep_2))
        row = self._share(self.rep_2)
        self.assertTrue(self._may(self.rep_2))
        self.assertFalse(self._may(self.rep_2, "write"))
        self.assertFalse(self._may(self.rep_3))
        self.assertTrue(
            self.lead.with_user(self.rep_2).search([("id", "=", self.lead.id)])
        )
        row.until = fields.Date.today() - timedelta(days=1)
        self.assertFalse(self._may(self.rep_2))

    def test_a_colleague_edits(self):
        self._share(self.rep_2, "write")
        self.lead.with_user(self.rep_2).priority = "2"
        with self.assertRaises(AccessError):
            self.lead.with_user(self.rep_2).unlink()

    def test_only_who_may_change_the_lead_shares_it(self):
        with self.assertRaises(AccessError):
            self._share(self.rep_3, by=self.rep_2)
        row = self._share(self.rep_2)
        with self.assertRaises(AccessError):
            self._share(self.rep_3, by=self.rep_2)
        with self.assertRaises(AccessError):
            row.sudo(False).with_user(self.rep_2).action_end()
        with self.assertRaises(AccessError):
            row.sudo(False).with_user(self.rep_2).write({"access": "write"})
        row.sudo(False).with_user(self.rep).action_end()
        self.assertFalse(self._may(self.rep_2))

    def test_no_company_is_crossed(self):
        with self.assertRaises(UserError):
            self._share(self.rep_b)

    def test_the_dialog_tells_the_colleague(self):
        action = self.lead.with_user(self.rep).action_share_colleague()
        dialog = self.env["lead.colleague.dialog"].with_user(self.rep)
        dialog = dialog.with_context(**action["context"])
        dialog.create({"user_id": self.rep_2.id}).action_share()
        self.assertTrue(self._may(self.rep_2))
        message = self.env["mail.message"].search(
            [("notified_partner_ids", "in", self.rep_2.partner_id.ids)], limit=1
        )
        self.assertIn(self.rep.name, message.subject)
