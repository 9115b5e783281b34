from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestSimilarLeads(LeadManagementCase):
    """*Similar Leads* on a lead counts what its reader may open, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create({"name": "Ann"})
        cls.lead, cls.own, cls.free, cls.others, cls.of_b = (
            cls._new_lead(**{"email_from": "ann@firm.example", **values})
            for values in (
                {},
                {"partner_id": cls.partner.id},
                {"user_id": False, "company_id": cls.company.id},
                {"user_id": cls.rep_2.id},
                {"user_id": cls.rep_b.id, "company_id": cls.company_b.id},
            )
        )

    def _similar(self, user, lead=None):
        self.env.invalidate_all()
        lead = (lead or self.lead).with_user(user)
        found = lead.duplicate_lead_ids - lead
        self.assertEqual(len(found), lead.duplicate_lead_count)
        return found.sudo()

    def test_only_what_one_may_see(self):
        self.assertEqual(self._similar(self.rep), self.own + self.free)
        self.assertEqual(self._similar(self.leader), self.own + self.free + self.others)
        self.assertEqual(
            self._similar(self.manager), self.own + self.free + self.others
        )
        self.assertFalse(self._similar(self.manager_b, self.of_b))

    def test_another_company_counts_for_who_works_there_now(self):
        self.manager.company_ids += self.company_b
        lead = self.lead.with_user(self.manager)
        for companies, count in ((self.company, 3), (self.company + self.company_b, 4)):
            lead = lead.with_context(allowed_company_ids=companies.ids)
            self.assertEqual(lead.duplicate_lead_count, count)

    def test_what_waits_in_a_blind_pool_is_not_told(self):
        pool = self.env["lead.pool"].create({"name": "P", "team_id": self.team.id})
        self.env["lead.pool.entry"]._enter([(self.free.id, pool.id)])
        self.free.sudo().assignment_pool_id = pool
        self.assertEqual(self._similar(self.rep), self.own)

    def test_archived_ones_count(self):
        self.own.active = False
        self.assertEqual(self._similar(self.rep), self.own + self.free)

    def test_the_button_opens_what_it_counts(self):
        lead = self.lead.with_user(self.rep)
        action = lead.action_show_potential_duplicates()
        found = self.env["crm.lead"].with_user(self.rep).with_context(active_test=False)
        self.assertEqual(
            len(found.search(action["domain"])), lead.duplicate_lead_count + 1
        )

    def test_while_a_new_one_is_typed(self):
        lead = self.env["crm.lead"].with_user(self.rep)
        lead = lead.new({"name": "N", "email_from": "bob@firm.example"})
        self.assertEqual(lead.duplicate_lead_count, 3)  # the lead itself, own, free
