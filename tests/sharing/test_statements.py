"""Many leads at once cost a constant number of statements."""

from odoo.addons.lead_management.tests.common import LeadManagementCase

from .common import SharingCase

COUNT = 200


class TestStatements(SharingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # no share is the first one, and rights are known as in service
        first = cls._new_lead().with_user(cls.rep)
        first.env["lead.share"]._offer(first, cls.policy)
        cls.us = cls.env.ref("base.us").id
        cls.leads = cls.env["crm.lead"].create(
            [
                {
                    "name": f"L{number}",
                    "user_id": cls.rep.id,
                    "email_from": f"l{number}@example.com",
                    "country_id": cls.us,
                    "expected_revenue": 100 * number,
                }
                for number in range(COUNT)
            ]
        )
        cls.env.cr.flush()

    def _count(self, job):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        job()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_offer_and_accept_200(self):
        shares = self.env["lead.share"].with_user(self.rep)
        leads = self.leads.with_user(self.rep)
        made = []

        def offer():
            made.append(shares._offer(leads, self.policy))

        offered = self._count(offer)
        self.assertEqual(len(made[0]), COUNT)
        mine = made[0].sudo(False).with_user(self.rep_b)
        accepted = self._count(mine.action_accept)
        self.assertEqual(set(made[0].mapped("state")), {"accepted"})
        print(f"offer {COUNT}: {offered} statements, accept: {accepted}")
        self.assertLessEqual(offered, 10)
        self.assertLessEqual(accepted, 8 * COUNT)


class TestNothingShared(LeadManagementCase):
    def test_no_statement_where_nothing_is_shared(self):
        lead = self._new_lead()
        self.env["lead.share.commission"].search([]).unlink()
        self.env["lead.share"].search([]).unlink()
        self.env.registry.clear_cache()
        self.assertFalse(self.env["lead.share"]._is_used())
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.assertFalse(lead.share_note)
        self.assertEqual(self.env.cr.sql_log_count, before)
