"""No merge crosses a company, on whatever road and by whomever."""

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase

EMAIL = "ada@example.com"
REFUSED = "Leads of several companies cannot be merged"


class TestMergeCompanies(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls._new_user("lm_both", "manager")
        cls.both_rep = cls._new_user("lm_both_rep", "salesman_all_leads")
        companies = cls.company + cls.company_b
        (cls.both + cls.both_rep).company_ids = [Command.set(companies.ids)]
        cls.lead = cls._new_lead(name="A", email_from=EMAIL, team_id=cls.team.id)
        cls.twin = cls._new_lead(name="A 2", email_from=EMAIL, team_id=cls.team.id)
        cls.lead_b = cls._new_lead(
            name="B",
            email_from=EMAIL,
            user_id=cls.rep_b.id,
            team_id=cls.team_b.id,
            company_id=cls.company_b.id,
        )
        cls.free = cls._new_lead(name="Free", email_from=EMAIL, user_id=False)
        cls.free.write({"team_id": False, "company_id": False})
        cls.env.flush_all()

    def _as(self, user):
        companies = (self.company + self.company_b).ids
        return self.env(user=user.id, context={"allowed_company_ids": companies})

    def test_nobody_merges_across_companies(self):
        self.assertEqual(self.lead.company_id, self.company)
        self.assertEqual(self.lead_b.company_id, self.company_b)
        superuser = self.env["res.users"].browse(SUPERUSER_ID)
        for user in (self.both_rep, self.both, superuser):
            leads = (self.lead + self.lead_b).with_env(self._as(user))
            for method in ("merge_opportunity", "_merge_opportunity"):
                with self.subTest(user=user.login, method=method):
                    with self.assertRaisesRegex(UserError, REFUSED):
                        getattr(leads, method)()
        with self.assertRaisesRegex(UserError, "“B” to Company B"):
            (self.lead + self.lead_b).merge_opportunity()
        self.assertTrue((self.lead + self.lead_b).exists() == self.lead + self.lead_b)

    def test_a_lead_without_company_does_not_join_two(self):
        with self.assertRaisesRegex(UserError, REFUSED):
            (self.free + self.lead + self.lead_b).merge_opportunity()

    def test_within_a_company(self):
        leads = (self.lead + self.twin + self.free).with_env(self._as(self.both))
        survivor = leads.merge_opportunity()
        self.assertEqual(len(leads.exists()), 1)
        self.assertEqual(survivor.company_id.id, self.company.id)

    def test_wizard_of_the_list(self):
        wizard = (
            self._as(self.both)["crm.merge.opportunity"]
            .with_context(active_ids=(self.lead + self.lead_b).ids)
            .create({})
        )
        with self.assertRaisesRegex(UserError, REFUSED):
            wizard.action_merge()
        self.assertTrue(self.lead_b.exists())

    def test_conversion_offers_duplicates_of_the_company(self):
        for lead, duplicates in (
            (self.lead, self.lead + self.twin + self.free),
            (self.lead_b, self.lead_b + self.free),
        ):
            lead.type = "lead"
            wizard = (
                self._as(self.both)["crm.lead2opportunity.partner"]
                .with_context(active_model="crm.lead", active_id=lead.id)
                .create({"lead_id": lead.id})
            )
            self.assertEqual(wizard.duplicated_lead_ids.ids, duplicates.sorted().ids)
        wizard.name = "merge"
        wizard.action_apply()
        self.assertEqual(len((self.lead_b + self.free).exists()), 1)
        self.assertTrue(self.lead.exists() and self.twin.exists())
        wizard = wizard.create({"lead_id": self.lead.id, "name": "merge"})
        wizard.duplicated_lead_ids += (self.lead_b + self.free).exists()
        with self.assertRaisesRegex(UserError, REFUSED):
            wizard.action_apply()

    def _convert(self, leads):
        leads.type = "lead"
        wizard = (
            self._as(self.both)["crm.lead2opportunity.partner.mass"]
            .with_context(active_model="crm.lead", active_ids=leads.ids)
            .create({"deduplicate": True})
        )
        wizard.action_mass_convert()

    def test_conversion_of_a_selection(self):
        with self.assertRaisesRegex(UserError, "one company at a time"):
            self._convert(self.lead + self.lead_b)
        twin = self.lead_b.copy({"company_id": self.company_b.id})
        self.assertEqual(twin.company_id, self.company_b)
        self._convert(self.lead_b + twin)
        leads = self.lead_b + twin + self.free
        self.assertEqual(len(leads.exists()), 1)
        self.assertTrue(self.lead.exists() and self.twin.exists())

    def test_allocation_to_teams(self):
        """Odoo's own run merges in each company, and goes on."""
        self.env["crm.team"].search([]).assignment_optout = True
        domain = f"[('email_normalized', '=', '{EMAIL}')]"
        teams = self.team + self.team_b
        teams.write({"assignment_optout": False, "assignment_domain": domain})
        teams.crm_team_member_ids.assignment_max = 30
        self.twin.write({"user_id": False, "team_id": False, "company_id": False})
        another = self.lead_b.copy({"user_id": False, "team_id": False})
        self.env.flush_all()
        teams.with_user(SUPERUSER_ID)._allocate_leads()
        self.assertTrue(self.lead.exists() or self.lead_b.exists())
        everyone = self.lead + self.twin + self.lead_b + self.free + another
        left = everyone.exists()
        self.assertEqual(left.company_id, self.company + self.company_b)


class TestMergeScores(LeadManagementCase):
    def _record(self, lead, moment, date, total):
        self.env.cr.execute(
            "INSERT INTO lead_score_snapshot (lead_id, moment, date, total)"
            " VALUES (%s, %s, %s, %s) ON CONFLICT (lead_id, moment)"
            " DO UPDATE SET date = excluded.date, total = excluded.total",
            (lead.id, moment, date, total),
        )

    def test_moments_and_changes_stay(self):
        first, second = self._new_lead(name="1"), self._new_lead(name="2")
        self.env.cr.flush()
        self._record(first, "capture", "2026-01-02", 10)
        self._record(second, "capture", "2026-01-01", 20)
        self._record(first, "assignment", "2026-01-03", 30)
        self._record(second, "assignment", "2026-01-03", 30)
        self._record(second, "contact", "2026-01-04", 40)
        self.env["lead.score.change"].create(
            [
                {"lead_id": lead.id, "before": "cold", "temperature": "hot"}
                for lead in (first, second)
            ]
        )
        merged = (first + second).with_user(self.manager).merge_opportunity()
        self.env.cr.flush()
        self.env.invalidate_all()
        changes = self.env["lead.score.change"].search([("lead_id", "=", merged.id)])
        self.assertEqual(len(changes), 2)
        totals = {s.moment: s.total for s in merged.score_snapshot_ids}
        self.assertEqual(totals, {"capture": 20, "assignment": 30, "contact": 40})
