"""Rules offer leads to others; what nobody wants is for the rules after them."""

from datetime import timedelta

from odoo.fields import Command

from .common import SharingCase


class TestOfferRule(SharingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._new_assignment_rule(
            name="Away",
            target="offer",
            team_id=False,
            share_policy_id=cls.policy.id,
            sequence=1,
        )
        cls.own = cls._new_assignment_rule(
            name="Own", target="user", team_id=False, user_id=cls.rep_2.id, sequence=5
        )
        cls.env.cr.flush()

    def _capture(self):
        lead = self.env["crm.lead"].create(
            {"name": "New", "user_id": False, "company_id": self.company.id}
        )
        self.commit()
        lead.invalidate_recordset()
        return lead

    def _get_share(self, lead):
        return self.env["lead.share"].search([("lead_id", "=", lead.id)])

    def test_offered_and_accepted(self):
        lead = self._capture()
        share = self._get_share(lead)
        self.assertEqual(share.state, "offered")
        self.assertFalse(lead.user_id)
        self.assertFalse(lead.assignment_pending)
        self.assertIn(
            "offered the lead to Company B", lead.assignment_log_ids[0].explanation
        )
        self._accept(share)
        self.commit()
        self.assertFalse(lead.user_id)

    def test_what_is_declined_goes_on(self):
        lead = self._capture()
        share = self._get_share(lead)
        share.sudo(False).with_user(self.rep_b)._get_ours("offered")._decline("region")
        self.assertTrue(lead.assignment_pending)
        self.commit()
        lead.invalidate_recordset()
        self.assertEqual(lead.user_id, self.rep_2, lead.assignment_explanation)
        self.assertEqual(len(self._get_share(lead)), 1)

    def test_what_expires_goes_on(self):
        lead = self._capture()
        share = self._get_share(lead)
        share.term = share.date - timedelta(minutes=1)
        share._expire_due()
        self.commit()
        lead.invalidate_recordset()
        self.assertEqual(lead.user_id, self.rep_2)

    def test_nobody_may_get_more(self):
        self.policy.max_open = 1
        first, second = self._capture(), self._capture()
        self.assertTrue(self._get_share(first))
        self.assertFalse(self._get_share(second))
        self.assertEqual(second.user_id, self.rep_2)

    def test_the_dry_run_tells(self):
        lead = self._new_lead(user_id=False, company_id=self.company.id)
        run = self.env["lead.assignment.dry.run"].with_user(self.manager)
        run = run.create({"lead_ids": [Command.set(lead.ids)]})
        run.action_run()
        self.assertEqual(run.line_ids.outcome, "offered")
        self.assertFalse(self._get_share(lead))
