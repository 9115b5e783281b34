"""Who is no person is no answer: out-of-office notices, bounces, and their likes."""

from unittest.mock import patch

from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.lead_management.models.messaging.outbox import mail_thread
from odoo.addons.lead_management.tests.common import LeadManagementCase

MAIL = """From: {sender}
To: {to}
Subject: {subject}
Message-Id: <{number}@mx.example.com>
{more}Content-Type: text/plain; charset=utf-8

{text}
"""
# Servers as they really write: name of the sender, subject, further headers. The first
# ones are reports as Odoo knows them, the last six come without one.
BOUNCES = (
    ("Mail Delivery Subsystem <MAILER-DAEMON@mx.example.com>", "Returned mail", ""),
    ("Mailer-Daemon@mx.example.com", "Mail delivery failed", ""),
    ('"Relay" <>', "Mail Error", "Precedence: bulk\n"),
    (
        "System Administrator <postmaster@mx.example.com>",
        "Undeliverable: [List] your offer",
        "X-MS-Embedded-Report: \n",
    ),
    (
        "postmaster@mx.example.com (Automated response)",
        'FAILED MAIL to "ada" regarding "Hello"',
        "Precedence: bulk\n",
    ),
    (
        "System Administrator <postmaster@mx.example.com>",
        "Undeliverable: RE: Hello",
        "Return-Path: <MAILER-DAEMON>\n",
    ),
    ("MDaemon@mx.example.com", "Permanent Delivery Failure", ""),
    ('"Postmaster" <postmaster@192.0.2.1>', " Undeliverable Mail", ""),
)
# Programs that answer for somebody: subject, headers.
AUTOMATIC = (
    ("Re: Hello", "Auto-Submitted: auto-replied\n"),
    ("Re: Hello", "Auto-Submitted: auto-generated (vacation)\n"),
    ("Re: Hello", "X-Autoreply: yes\n"),
    ("Re: Hello", "X-Autorespond: Hello\n"),
    ("Re: Hello", "Precedence: auto_reply\n"),
    ("Re: Hello", "X-POST-MessageClass: 9; Autoresponder\n"),
    ("Re: Hello", "Return-Path: <>\n"),
    ("Automatic reply: Hello", ""),
    ("Out of Office AutoReply: Hello", ""),
    ("Réponse automatique : Hello", ""),
    ("Respuesta automática: Hello", ""),
    ("Automatyczna odpowiedź: Hello", ""),
    ("Automatische Antwort: Hello", ""),
)
# People, whatever their subjects and mail programs look like.
PEOPLE = (
    ("Re: Hello", ""),
    ("Re: Hello", "Auto-Submitted: no\n"),
    ("Re: Hello", "X-Auto-Response-Suppress: All\n"),
    ("Re: Hello", "Precedence: list\nList-Id: <team.example.com>\n"),
    ("Re: Hello", "Precedence: bulk\n"),
    ("Re: Hello", "X-Mailer: Autoresponder Pro\n"),
    ("Re: Automatic reply: offer", ""),
    ("Absence de réponse à votre offre", ""),
    ("Out of office supplies?", ""),
    ("Undeliverable: who takes the parcel?", ""),
    ("RE: Mail delivery failed for our order", ""),
    ("Abwesenheitsnotiz einrichten", ""),
)


class AutomaticCase(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ada = cls.env["res.partner"].create(
            {"name": "Ada", "email": "ada@example.com"}
        )
        cls.lead = cls._new_lead(partner_id=cls.ada.id, name="Ada")
        cls.env["mail.alias.domain"].search([]).unlink()
        cls.env["mail.alias.domain"].create(
            {"name": "example.com", "bounce_alias": "b", "catchall_alias": "c"}
        )
        cls.team.write({"alias_name": "sales-a", "use_leads": True})
        cls.number = 0

    def _receive(self, subject="Re: Hello", more="", reference=None, **values):
        """Let a mail come in; return the leads that were made of it."""
        type(self).number += 1
        if reference:
            more += f"In-Reply-To: {reference}\nReferences: {reference}\n"
        last = self.env["crm.lead"].search([], order="id desc", limit=1)
        values = {
            "sender": "Ada <ada@example.com>",
            "to": "sales-a@example.com",
            "text": "I am away.",
            **values,
        }
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(
                None,
                MAIL.format(subject=subject, more=more, number=self.number, **values),
            )
        self.env.cr.flush()
        return self.env["crm.lead"].search([("id", ">", last.id)])

    def _ask(self, lead):
        """Write to a lead; return the reference of the mail."""
        message = lead.with_user(lead.user_id).message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=lead.partner_id.ids,
        )
        self.env.cr.flush()
        return message.message_id

    def _incoming(self, lead):
        return lead.touch_ids.filtered(lambda touch: touch.direction == "in")


class TestAutomaticMail(AutomaticCase):
    def test_an_automatic_answer_is_no_touch(self):
        reference = self._ask(self.lead)
        for subject, more in AUTOMATIC:
            with self.subTest(subject=subject, more=more):
                before = self.lead.message_ids
                self.assertFalse(self._receive(subject, more, reference))
                self.assertFalse(self._incoming(self.lead))
                note = self.lead.message_ids - before
                self.assertIn("I am away.", note.body)  # it is in the chatter
                self.assertEqual(note.author_id, self.ada)

    def test_an_answer_of_a_person_is_one(self):
        reference = self._ask(self.lead)
        for number, (subject, more) in enumerate(PEOPLE, 1):
            with self.subTest(subject=subject, more=more):
                self.assertFalse(self._receive(subject, more, reference))
                self.assertEqual(len(self._incoming(self.lead)), number)

    def test_a_postmaster_may_be_a_person(self):
        reference = self._ask(self.lead)
        self._receive(reference=reference, sender="Jo <postmaster@example.com>")
        self._receive(reference=reference, sender="Jo <bouncy@example.com>")
        self.assertEqual(len(self._incoming(self.lead)), 2)

    def test_bounces(self):
        reference = self._ask(self.lead)
        before = self.lead.message_ids
        for sender, subject, more in BOUNCES:
            for references in (reference, None):
                with self.subTest(sender=sender, subject=subject):
                    leads = self._receive(subject, more, references, sender=sender)
                    self.assertFalse(leads)
                    self.assertEqual(self.lead.message_ids, before)
        self.assertFalse(self._incoming(self.lead))

    def test_no_stage_moves(self):
        """Neither the first answer nor the return of a customer."""
        self.lead.stage_id = self._stage("open")
        reference = self._ask(self.lead)
        self.lead.stage_id = self._stage("open")
        self._receive(more="Auto-Submitted: auto-replied\n", reference=reference)
        self.assertEqual(self.lead.stage_type, "open")
        self._receive(reference=reference)
        self.assertEqual(self.lead.stage_type, "contacted")

    def test_the_win_of_an_inactive_customer_stays(self):
        self.lead.stage_id = self._stage("customer")
        self.lead.stage_id = self._stage("inactive")
        self.env.cr.flush()
        reference = self._ask(self.lead)
        closed = self.lead.date_closed
        for subject, more in AUTOMATIC:
            self._receive(subject, more, reference)
        self.assertEqual(self.lead.stage_type, "inactive")
        self.assertEqual(self.lead.won_status, "won")
        self.assertEqual(self.lead.date_closed, closed)
        self._receive(reference=reference)
        self.assertEqual(self.lead.stage_type, "open")

    def test_attempts_are_still_unanswered(self):
        reference = self._ask(self.lead)
        self._receive(more="X-Autoreply: yes\n", reference=reference)
        self.assertEqual(self.lead.touch_attempts, 1)

    def test_it_gives_no_points(self):
        self._new_score_rule(
            [],
            10,
            kind="activity",
            event_ids=self.env.ref("lead_management.score_event_mail_in").ids,
            days=90,
        )
        reference = self._ask(self.lead)
        self._receive(more="Auto-Submitted: auto-replied\n", reference=reference)
        self.assertEqual(self.lead.score_total, 0)
        self._receive(reference=reference)
        self.assertEqual(self.lead.score_total, 10)

    def test_who_wrote_to_the_lead_is_told(self):
        reference = self._ask(self.lead)
        self._receive(more="X-Autoreply: yes\n", reference=reference)
        note = self.lead.message_ids[0]
        self.assertEqual(note.notified_partner_ids, self.rep.partner_id)
        self.assertTrue(note.is_internal)


class TestFreshAutomaticMail(AutomaticCase):
    """A mail to the address of the team that answers nothing we know."""

    def test_a_stranger_who_is_away_is_no_lead(self):
        for subject, more in AUTOMATIC:
            if more.startswith(("Return-Path", "Auto-Submitted: auto-gen")):
                continue  # may be news: see below
            with self.subTest(subject=subject, more=more):
                with patch.object(mail_thread._logger, "info") as log:
                    leads = self._receive(subject, more, sender="Bob <bob@example.org>")
                self.assertFalse(leads)
                self.assertIn("bob@example.org", str(log.call_args))

    def test_it_is_noted_on_the_lead_that_is_known(self):
        other = self._new_lead(
            email_from="ada@example.com", user_id=self.rep_b.id, team_id=self.team_b.id
        )
        self.assertEqual(other.company_id, self.company_b)
        self._receive("Automatic reply: Hello")
        self.assertIn("I am away.", self.lead.message_ids[0].body)
        self.assertFalse(self._incoming(self.lead))
        self.assertNotIn("I am away.", other.message_ids[:1].body or "")

    def test_a_person_is_a_lead(self):
        for subject, more in PEOPLE:
            with self.subTest(subject=subject, more=more):
                lead = self._receive(subject, more, sender="Bob <bob@example.org>")
                self.assertEqual(len(lead), 1)
                self.assertEqual(len(self._incoming(lead)), 1)

    def test_a_form_that_writes_is_a_lead_and_no_touch(self):
        """Portals and forms of others send what people filled in."""
        lead = self._receive(
            "New enquiry",
            "Auto-Submitted: auto-generated\n",
            sender="Portal <noreply@portal.example.org>",
        )
        self.assertEqual(lead.name, "New enquiry")
        self.assertFalse(self._incoming(lead))
        self.assertIn("I am away.", "".join(lead.message_ids.mapped("body")))

    def test_other_models_get_their_mail(self):
        """Only what comes to leads is judged."""
        partner = self.env["res.partner"].create({"name": "P"})
        message = partner.message_post(body="Hello", message_type="comment")
        self._receive(
            more="X-Autoreply: yes\n",
            reference=message.message_id,
            to="c@example.com",
        )
        answer = partner.message_ids.filtered(lambda one: "away" in one.body)
        self.assertEqual(answer.message_type, "email")

    def test_a_colleague_who_is_away(self):
        user = new_test_user(self.env, "lm_away", "sales_team.group_sale_salesman")
        reference = self._ask(self.lead)
        before = self.lead.touch_ids
        sender = f"Away <{user.email_normalized}>"
        self._receive("Automatic reply: x", reference=reference, sender=sender)
        self.assertEqual(self.lead.touch_ids, before)


class TestReceipts(AutomaticCase):
    def test_a_receipt_is_no_failure(self):
        """A note that a mail was read comes as a report, too."""
        message = self._queue_message(self.lead)
        self._run_cron("messages")
        self.assertEqual(message.state, "sent")
        self.env["mail.thread"].message_process(
            None,
            "From: Ada <ada@example.com>\nTo: sales-a@example.com\n"
            "Subject: Read: Hello\nMessage-Id: <receipt@example.com>\n"
            "Content-Type: multipart/report; report-type=disposition-notification; "
            'boundary="B"\n\n--B\nContent-Type: text/plain\n\nRead.\n--B\n'
            "Content-Type: message/disposition-notification\n\n"
            "Disposition: manual-action; displayed\n--B\n"
            "Content-Type: text/rfc822-headers\n\n"
            f"Message-ID: {message.provider_ref}\n\n--B--\n",
        )
        self.assertEqual(message.state, "sent")
