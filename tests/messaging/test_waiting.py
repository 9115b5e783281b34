"""What waits says so: on the button, afterwards, in the chatter and the outbox."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields

from odoo.addons.mail.tools.discuss import Store

from .test_send_dialog import SendCase

# A Saturday evening.
NOW = datetime(2026, 1, 10, 20, 30)


class WaitCase(SendCase):
    def setUp(self):
        super().setUp()
        self.rep.tz = "Europe/Brussels"
        self.company.write(
            {
                "message_quiet_on": True,
                "message_quiet_start": 20,
                "message_quiet_end": 8,
                "message_quiet_sunday": True,
                "message_quiet_email": True,
            }
        )
        self.lead.partner_id = self.env["res.partner"].create(
            {"name": "Anna Kowalska", "email": "anna@example.com", "tz": "Asia/Tokyo"}
        )
        self.startPatcher(freeze_time(NOW))

    def _plain(self, text):
        return text.replace("\u202f", " ")


class TestTheDialog(WaitCase):
    def test_the_button_says_when(self):
        dialog = self._open()
        self.assertEqual(self._plain(dialog.send_label), "Send Mon 8:00 AM, their time")
        self.assertIn("(Tokyo)", dialog.summary["later_at"])
        self.assertIn("allowed hours", dialog.summary["later_reason"])

    def test_nothing_waits(self):
        self.company.message_quiet_on = False
        self.assertEqual(self._open().send_label, "Send")

    def test_scheduled_by_the_clock_of_the_rep(self):
        self.company.message_quiet_on = False
        dialog = self._open()
        dialog.when = "tomorrow"
        self.assertEqual(self._plain(dialog.send_label), "Send Sun 9:00 AM (Brussels)")
        dialog.write({"when": "later", "send_at": NOW + timedelta(days=30)})
        self.assertEqual(
            self._plain(dialog.send_label), "Send Mon, Feb 9 9:30 PM (Brussels)"
        )

    def test_some_wait(self):
        self.company.message_quiet_sunday = False
        near = self._new_lead(
            contact_name="Near", email_from="near@example.com", phone="+1 212 555 0100"
        )
        dialog = self._open(self.lead + near)
        self.assertEqual(dialog.send_label, "Send: 1 now, 1 later")
        message = self._plain(dialog.action_send()["params"]["message"])
        self.assertIn("Being sent: 1.", message)
        self.assertIn("Later: 1, the first Sun 8:00 AM, their time (Tokyo).", message)

    def test_what_is_said_afterwards(self):
        params = self._open().action_send()["params"]
        self.assertEqual(
            self._plain(params["message"]),
            "The message will be sent Mon 8:00 AM, their time (Tokyo).",
        )
        self.assertEqual(params["type"], "success")

    def test_in_the_language_of_the_rep(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.rep.lang = "fr_FR"
        dialog = self._open().with_context(lang="fr_FR")
        self.assertIn("lun. 08:00", self._plain(dialog.summary["later_at"]))


class TestTheOutbox(WaitCase):
    def _wait(self, message=None):
        message = (message or self._messages()).with_user(self.rep)
        message.invalidate_recordset()
        return self._plain(message.wait or "")

    def test_when_and_why(self):
        self._open().action_send()
        self.assertEqual(
            self._wait(),
            "Mon 8:00 AM, their time (Tokyo). Outside the allowed hours for this lead.",
        )
        message = self._messages()
        message.write({"send_at": NOW + timedelta(hours=2), "gate": False})
        self.assertEqual(
            self._wait(),
            "Sat 11:30 PM (Brussels). The message is scheduled for this time.",
        )
        message.write({"next_try": NOW + timedelta(hours=1), "error": "Server down"})
        self.assertEqual(self._wait(), "Sat 10:30 PM (Brussels). Server down")
        message.write({"next_try": False, "error": False, "send_at": False})
        self.assertEqual(self._wait(), "In a few minutes.")
        message.state = "sending"
        self.assertEqual(self._wait(), "The message is being sent.")
        message.state = "sent"
        self.assertEqual(self._wait(), "")

    def test_a_copy_says_that_it_sends_nothing(self):
        self._open().action_send()
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "1")
        self.assertIn("test database", self._wait())

    def test_put_off_again_it_says_why(self):
        """What was to go at once meets a quiet time when it is claimed."""
        self.company.message_quiet_on = False
        self._open().action_send()
        self.company.message_quiet_on = True
        self.env.flush_all()
        self.assertFalse(self.env["lead.message"]._claim(1, 10))
        self.assertIn("their time (Tokyo)", self._wait())


class TestTheChatter(WaitCase):
    def _fetch(self, user=None):
        lead = self.lead.with_user(user or self.rep)
        store = Store()
        lead._thread_to_store(store, [], request_list=["scheduledMessages"])
        [thread] = [
            thread
            for thread in store.get_result()["mail.thread"]
            if "leadMessagesWaiting" in thread
        ]
        return thread["leadMessagesWaiting"]

    def test_what_waits_is_there_until_it_went(self):
        self.assertEqual(self._fetch(), [])
        self._open().action_send()
        [waiting] = self._fetch()
        self.assertEqual(waiting["recipient"], "anna@example.com")
        self.assertEqual(waiting["sender"], self.rep.name)
        self.assertIn("Hello Anna,", waiting["text"])
        self.assertNotIn("<p>", waiting["text"])
        self.assertIn("their time (Tokyo)", waiting["wait"])
        message = self._messages()
        message._move("sending")
        self.assertTrue(self._fetch()[0]["is_sending"])
        message._move("sent", sent_date=fields.Datetime.now())
        self.assertEqual(self._fetch(), [])

    def test_it_says_where_it_would_go_now(self):
        self._open().action_send()
        self.lead.email_from = "right@example.com"
        self.assertEqual(self._fetch()[0]["recipient"], "right@example.com")

    def test_whoever_may_not_read_messages_sees_none(self):
        self._open().action_send()
        user = self.env["res.users"].create(
            {"name": "Other", "login": "lm_other", "group_ids": [(6, 0, [])]}
        )
        user.group_ids = self.env.ref("base.group_user")
        lead = self.lead.with_user(user)
        self.assertEqual(lead._get_waiting_messages(), [])


class TestTheProposal(SendCase):
    def test_a_template_nobody_may_get_is_not_proposed(self):
        launch = self._new_template(
            text="New!", purpose="launch", sequence=1, stage_ids=self.lead.stage_id
        )
        self.company.message_optin_sms = True
        dialog = self._open(channel="sms")
        ranked = [item["id"] for item in dialog.choices["templates"]]
        self.assertEqual(ranked[0], launch.id, "it would be the first")
        self.assertEqual(dialog.template_id, self.sms)
        self.lead.with_user(self.manager).action_record_consent(
            "given", source="Fair", text="News by SMS"
        )
        self.assertEqual(self._open(channel="sms").template_id, launch)

    def test_what_was_sent_just_now_comes_last(self):
        self._open(channel="sms").action_send()
        # with a reason it may be sent again
        self.assertEqual(self._open(channel="sms").template_id, self.sms)
        other = self._new_template(text="Another", sequence=99)
        self.assertEqual(self._open(channel="sms").template_id, other)

    def test_nothing_is_proposed_to_who_wants_nothing(self):
        self.env["phone.blacklist"].create({"number": self.lead.phone_sanitized})
        self.assertFalse(self._open(channel="sms").template_id)

    def test_of_many_one_is_enough(self):
        self._open(channel="sms").action_send()
        other = self._new_lead(contact_name="Bob", phone="+33 6 98 76 54 32")
        dialog = self._open(self.lead + other, channel="sms")
        self.assertEqual(dialog.template_id, self.sms)
