from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import AccessError

from .common import VerificationCase

RECHECK = "odoo.addons.lead_management.models.verification.crm_lead_recheck"


class TestMany(VerificationCase):
    """Many leads are verified in the background, and it can be watched."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leads = cls.env["crm.lead"].create(
            [
                {"name": f"L{n}", "user_id": cls.rep.id, "email_from": mail}
                for n, mail in enumerate(["a@b.example", "a@b", "c@d.example"] * 2)
            ]
        )
        cls.env.cr.flush()

    @contextmanager
    def _time(self, batches=99):
        """Let a job have the time for so many batches."""
        left = iter([1] * batches + [0])
        progress = patch.object(
            type(self.env["ir.cron"]),
            "_commit_progress",
            lambda *args, **values: next(left) if args[1:] else 1,
        )
        with progress:
            yield

    def _begin(self, user=None):
        with patch(f"{RECHECK}.AT_ONCE", 2):
            action = self.leads.with_user(user or self.rep).action_verify()
        return self.env["lead.check.run"].browse(action["res_id"]), action

    def test_begins_in_the_background_and_is_watched(self):
        run, action = self._begin()
        self.assertEqual((action["res_model"], action["target"]), (run._name, "new"))
        own = run.with_user(self.rep)
        self.assertEqual(
            own.action_progress(), {"running": True, "total": 6, "done": 0, "wrong": 0}
        )
        checks = self.leads.lead_check_ids
        with self._time(batches=1):
            run._cron_verify_run(batch_size=2)
        self.assertEqual(
            own.action_progress(), {"running": True, "total": 6, "done": 4, "wrong": 1}
        )
        with self._time():
            run._cron_verify_run(batch_size=2)
        self.assertEqual(
            own.action_progress(), {"running": False, "total": 6, "done": 6, "wrong": 2}
        )
        self.leads.invalidate_recordset(["lead_check_ids"])
        renewed = (self.leads.lead_check_ids - checks).filtered("is_current")
        self.assertEqual(renewed.lead_id, self.leads)

    def test_it_is_the_business_of_whoever_asked(self):
        run, __ = self._begin()
        for user in (self.rep_2, self.manager, self.rep_b):
            with self.assertRaises(AccessError):
                run.with_user(user).action_progress()
        with self.assertRaises(AccessError):
            run.with_user(self.rep).total = 0
        with self.assertRaises(AccessError):
            run.with_user(self.rep).action_cron_verify_run()
        with self.assertRaises(AccessError):
            self._begin(self.rep_2)
        self.assertNotIn("lead_ids", run.with_user(self.rep).read()[0])

    def test_leads_that_are_gone_or_fail_keep_nobody_waiting(self):
        run, __ = self._begin()
        self.leads[0].unlink()
        lead_class = type(self.env["crm.lead"])
        ask, bad = lead_class._verification_ask, self.leads[1].id

        def fail(leads, data):
            if bad in leads.ids:
                raise ValueError("no")
            ask(leads, data)

        with (
            patch.object(lead_class, "_verification_ask", fail),
            self.assertLogs("odoo.addons.lead_management", "ERROR"),
            self._time(),
        ):
            run._cron_verify_run()
        self.assertTrue(run.finished)
        self.assertFalse(run.lead_ids)

    def test_old_runs_are_forgotten(self):
        run, __ = self._begin()
        run.write({"finished": "2020-01-01 00:00:00"})
        with self._time():
            run._cron_verify_run()
        self.assertFalse(run.exists())

    def test_the_daily_job_goes_on_where_its_time_was_over(self):
        self.env.cr.execute("DELETE FROM lead_check")
        self.env.invalidate_all()
        CrmLead = self.env["crm.lead"]
        first = CrmLead.with_context(active_test=False).search([], limit=2, order="id")
        with self._time(batches=0):
            CrmLead._cron_verify(batch_size=2)
        checked = self.env["lead.check"].search([]).lead_id
        self.assertLessEqual(checked, first)
        with self._time():
            CrmLead._cron_verify(batch_size=500)
        checked = self.env["lead.check"].search([]).lead_id
        self.assertLessEqual(self.leads, checked)
        reached = "lead_management.verified_up_to"
        self.assertFalse(self.env["ir.config_parameter"].get_param(reached))
