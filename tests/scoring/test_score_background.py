from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from odoo.addons.lead_management.models.base.derived import crm_lead_derived
from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestScoreBackground(LeadManagementCase):
    """A change of the rules over more leads than can be done while the user waits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("lead_management.ir_cron_rescore")
        cls.leads = cls.env["crm.lead"].create(
            [{"name": f"Lead {number}", "user_id": cls.rep.id} for number in range(5)]
        )
        cls.env.cr.flush()

    def _change_rules(self):
        self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)]).unlink()
        with patch.object(crm_lead_derived, "REFRESH_AT_ONCE", 1):
            self._new_score_rule([], 70)
        self.env.cr.flush()
        self.env.invalidate_all()

    def _read_progress(self):
        return self.env["crm.lead"].with_user(self.manager).action_refresh_progress()

    def test_done_by_the_cron(self):
        self._change_rules()
        self.assertEqual(set(self.leads.mapped("score_total")), {0})
        self.assertTrue(self._read_progress()["running"])
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(set(self.leads.mapped("score_total")), {70})

    def test_nothing_happens_because_of_the_rules(self):
        self._change_rules()
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(set(self.leads.mapped("score_temperature")), {"hot"})
        self.assertFalse(self.env["lead.score.change"].search([]))

    def test_a_lead_that_changes_later_counts_again(self):
        self._change_rules()
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        rule = self._new_score_rule([("phone", "!=", False)], -60)
        self.env.cr.flush()
        self.leads[0].phone = "+1 202 555 0100"
        self.env.cr.flush()
        changes = self.env["lead.score.change"].search([])
        self.assertEqual(changes.lead_id, self.leads[0])
        self.assertEqual((changes.before, changes.temperature), ("hot", "cold"))
        self.assertTrue(rule.active)

    def test_progress(self):
        self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)]).unlink()
        progress = self.env["ir.cron.progress"].create(
            {"cron_id": self.cron.id, "done": 45_000, "remaining": 55_000}
        )
        self.assertEqual(
            self._read_progress(),
            {"running": True, "done": 45_000, "total": 100_000, "percent": 45},
        )
        progress.write({"done": 100_000, "remaining": 0})
        self.assertFalse(self._read_progress()["running"])

    def test_job_that_died_is_not_waited_for(self):
        self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)]).unlink()
        progress = self.env["ir.cron.progress"].create(
            {"cron_id": self.cron.id, "done": 45_000, "remaining": 55_000}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_cron_progress SET write_date = %s WHERE id = %s",
            [self.env.cr.now() - timedelta(hours=1), progress.id],
        )
        self.env.invalidate_all()
        self.assertFalse(self._read_progress()["running"])

    def test_progress_is_for_people_of_the_sales(self):
        user = new_test_user(self.env, "lm_nobody", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.env["crm.lead"].with_user(user).action_refresh_progress()
