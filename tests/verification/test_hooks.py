from datetime import timedelta

from odoo import fields

from .common import GOOD_MAIL, VerificationCase


class TestHooks(VerificationCase):
    """What happens to a lead says something about its data."""

    def test_a_returned_mail_turns_all_and_a_correction_clears_all(self):
        self._new_score_rule([("verification_email", "=", "wrong")], -30)
        self._new_score_rule([], 50)
        before = self.lead.score_total
        message = self.env["lead.message"]._queue(
            [{"lead_id": self.lead.id, "channel": "email", "body": "B"}]
        )
        message.write({"state": "sent", "sent_date": fields.Datetime.now()})
        message._bounce("5.1.1", "550 5.1.1 User unknown")
        self.assertEqual(
            self._told(self.lead, "email"), ("wrong", "confirmed", "bounce")
        )
        self.assertEqual(self.lead.verification_state, "wrong")
        self.assertLess(self.lead.score_total, before)
        task = self.lead.activity_ids.filtered("verification_datum")
        self.assertEqual(task.user_id, self.rep)
        # once
        self.lead._message_address_dead("email", GOOD_MAIL, "again")
        self.assertEqual(self.lead.activity_ids.filtered("verification_datum"), task)
        self.lead.with_user(self.rep).email_from = "ruth@hollis.example"
        self.assertEqual(self._told(self.lead, "email")[0], "ok")
        self.assertEqual(self.lead.score_total, before)
        self.assertFalse(task.exists().filtered("active"))

    def _return_mail(self):
        """Let mail come back; return the task that follows."""
        self.lead._message_address_dead("email", GOOD_MAIL, "550 5.1.1")
        self.env.cr.flush()
        self.assertEqual(self._told(self.lead, "email")[0], "wrong")
        return self.lead.activity_ids.filtered("verification_datum")

    def _is_done(self, task):
        self.env.cr.flush()
        self.env.invalidate_all()
        return not task.exists().filtered("active")

    def test_the_task_waits_for_a_right_value(self):
        task = self._return_mail()
        lead = self.lead.with_user(self.rep)
        lead.email_from = "ruth@hollis"
        self.assertFalse(self._is_done(task))
        lead.email_from = False
        self.assertFalse(self._is_done(task))
        lead.email_from = GOOD_MAIL
        self.assertFalse(self._is_done(task))
        lead.email_from = False
        self.env.cr.flush()
        lead.email_from = "ruth@hollis.example"
        self.assertTrue(self._is_done(task))

    def test_the_task_is_done_when_the_value_was_right_after_all(self):
        task = self._return_mail()
        self.lead._verify_evidence("email", "reply", "ok", "confirmed")
        self.assertTrue(self._is_done(task))

    def test_a_colleague_may_keep_what_came_back(self):
        task = self._return_mail()
        lead = self.lead.with_user(self.rep)
        offers = lead.action_verification_details("email")["offers"]
        self.assertEqual([offer["kind"] for offer in offers], ["keep"])
        lead.action_verification_apply("email", "keep")
        self.assertEqual(self._told(self.lead, "email"), ("ok", "plausible", "user"))
        self.assertTrue(self._is_done(task))
        # until it comes back once more
        self.lead._message_address_dead("email", GOOD_MAIL, "550 5.1.1")
        self.assertEqual(self._told(self.lead, "email")[2], "bounce")

    def test_a_returned_mail_of_an_old_address_says_nothing(self):
        self.lead._message_address_dead("email", "old@firm.example", "550")
        self.assertEqual(self._told(self.lead, "email")[0], "ok")

    def test_delivered(self):
        message = self.env["lead.message"]._queue(
            [{"lead_id": self.lead.id, "channel": "email", "body": "B"}]
        )
        message.write({"state": "sent"})
        message._apply_status("delivered", fields.Datetime.now())
        self.assertEqual(self._told(self.lead, "email"), ("ok", "exists", "delivered"))

    def test_a_reply_by_mail_confirms_and_a_form_does_not(self):
        values = {
            "message_type": "email",
            "email_from": f"Ruth <{GOOD_MAIL}>",
            "body": "x",
        }
        self.lead.message_post(**values)
        self.assertEqual(self._told(self.lead, "email")[1], "plausible")
        self.lead.message_post(**values, message_id="<1@mail.firm.example>")
        self.assertEqual(self._told(self.lead, "email"), ("ok", "confirmed", "reply"))

    def test_a_mail_of_somebody_else_says_nothing(self):
        self.lead.message_post(
            message_type="email",
            email_from="other@firm.example",
            body="x",
            message_id="<2@mail.firm.example>",
        )
        self.assertEqual(self._told(self.lead, "email")[1], "plausible")

    def _touch(self, **values):
        self.env["lead.touch"]._record(
            [
                {
                    "lead_id": self.lead.id,
                    "channel": "call",
                    "user_id": self.rep.id,
                    **values,
                }
            ]
        )

    def test_calls(self):
        wrong = self.env["lead.touch.outcome"].create(
            {"name": "W", "invalid_number": True}
        )
        self._touch(outcome_id=wrong.id)
        self.assertEqual(
            self._told(self.lead, "phone"), ("wrong", "confirmed", "wrong_number")
        )
        self.assertEqual(self._current(self.lead, "phone").author_id, self.rep)
        self._touch(is_contact=True)
        self.assertEqual(self._told(self.lead, "phone"), ("ok", "confirmed", "call"))
        self.assertEqual(self._told(self.lead, "name"), ("ok", "confirmed", "call"))

    def test_meetings_and_messages(self):
        self._touch(channel="meeting", is_contact=True)
        self.assertEqual(self._told(self.lead, "name"), ("ok", "confirmed", "meeting"))
        self._touch(channel="whatsapp", direction="in", user_id=False)
        self.assertEqual(self._told(self.lead, "phone"), ("ok", "confirmed", "reply"))

    def test_a_second_source_agrees_and_the_same_one_does_not(self):
        Source = self.env["lead.capture.source"]
        one, other = Source.create([{"name": "One"}, {"name": "Other"}])
        self.lead.capture_source_id = one
        for source, level in ((one, "plausible"), (other, "confirmed")):
            entry = self.env["lead.capture.entry"].new({"source_id": source.id})

            class Said:
                email = GOOD_MAIL
                texts = {}
                more = {}
                consents = []

            self.lead._verify_by_submission(entry, Said)
            self.assertEqual(self._told(self.lead, "email")[1], level)

    def test_the_preference_page(self):
        Consent = self.env["lead.consent"].sudo()

        class Visitor:
            email = GOOD_MAIL
            company = self.lead.company_id

        Consent._confirm_address(Visitor)
        self.assertEqual(self._told(self.lead, "email"), ("ok", "confirmed", "page"))

    def test_a_kind_of_scoring_rule_reads_it(self):
        rule = self._new_score_rule([], 0, kind="verification")
        rule.band_ids.unlink()
        rule.band_ids = [
            fields.Command.create({"value_from": low, "points": points})
            for low, points in ((0, 0), (50, 5), (100, 20))
        ]
        full = self.lead.score_fit
        self.lead.phone = "12"
        self.assertLess(self.lead.score_fit, full)

    def test_nobody_is_told_of_what_the_job_finds(self):
        """Checked for the first time, a thousand leads may turn hot at once."""
        self._assert_quiet(self._run_cron)

    def test_nobody_is_told_of_what_a_chosen_run_finds(self):
        def run():
            found = self.env["lead.check.run"]._begin(self.lead.with_user(self.rep))
            found.sudo()._verify_batch(10)

        self._assert_quiet(run)

    def _assert_quiet(self, run):
        """Assert that a lead whose score moves as it is verified is told to nobody."""
        self._new_score_rule([("verification_email", "=", "ok")], 100)
        self.env["lead.score.change"].search([]).unlink()
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM lead_check WHERE lead_id = %s", [self.lead.id])
        self.env["lead.verification"]._refresh()
        self.env["lead.score"]._refresh()
        self.env.invalidate_all()
        before = self.lead.score_temperature
        run()
        self.env.cr.flush()
        self.lead.invalidate_recordset()
        self.assertNotEqual(self.lead.score_temperature, before)
        changes = self.env["lead.score.change"].search([("lead_id", "=", self.lead.id)])
        self.assertFalse(changes)

    def test_expired_checks_are_found_by_the_job(self):
        later = fields.Datetime.now() - timedelta(days=1)
        self.lead._verify_evidence("email", "page", "ok", "confirmed", expiry=later)
        self._run_cron()
        self.assertEqual(self._told(self.lead, "email")[2], "email_fine")
