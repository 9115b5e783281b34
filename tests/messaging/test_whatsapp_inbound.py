from unittest.mock import patch

from .whatsapp_common import NUMBER, WhatsappCase

EVENTS = "odoo.addons.lead_management.models.messaging.whatsapp.lead_whatsapp_event"


class TestWhatsappInbound(WhatsappCase):
    """What leads write: it lands with the right one, whatever it is."""

    def _text(self, body, key="wamid.in.1", **more):
        return self._message(key, type="text", text={"body": body}, **more)

    # ------------------------------------------------------------
    # In the chatter
    # ------------------------------------------------------------

    def test_message_lands_in_the_chatter(self):
        event = self._receive(self._text("Do you have it in <b>red</b>?"))
        post = self._last_post(self.lead)
        self.assertEqual(event.state, "done")
        self.assertEqual(event.mail_message_id, post)
        self.assertIn("Do you have it in &lt;b&gt;red&lt;/b&gt;?", post.body)
        self.assertFalse(post.author_id)
        self.assertEqual(post.email_from, f"Ann Smith ({NUMBER})")
        self.assertEqual(post.subtype_id, self.env.ref("mail.mt_comment"))

    def test_it_is_a_touch_of_the_lead(self):
        self._receive(self._text("Hello"))
        touch = self.lead.touch_ids
        self.assertEqual((touch.channel, touch.direction), ("whatsapp", "in"))
        self.assertFalse(touch.user_id)

    def test_what_a_colleague_sends_is_a_touch_out(self):
        self.lead.with_user(self.rep).message_post(
            body="Hello", message_type="whatsapp_message"
        )
        touch = self.lead.touch_ids
        self.assertEqual((touch.channel, touch.direction), ("whatsapp", "out"))
        self.assertEqual(touch.user_id, self.rep)
        self.assertTrue(touch.message_id._is_lead_contacted())

    def test_author_is_the_contact_of_the_lead(self):
        self.lead.partner_id = self.env["res.partner"].create(
            {"name": "Ann", "phone": NUMBER, "email": "ann@example.com"}
        )
        self._receive(self._text("Hello"))
        post = self._last_post(self.lead)
        self.assertEqual(post.author_id, self.lead.partner_id)
        self.assertEqual(self.lead.touch_ids[:1].direction, "in")

    def test_colleague_is_never_the_author(self):
        self.lead.partner_id = self.rep_2.partner_id
        self._receive(self._text("Hello"))
        self.assertFalse(self._last_post(self.lead).author_id)
        self.assertEqual(self.lead.touch_ids[:1].direction, "in")

    def test_owner_is_told_and_nobody_outside(self):
        outside = self.env["res.partner"].create(
            {"name": "Friend", "email": "friend@example.com"}
        )
        self.lead.message_subscribe((outside + self.rep_2.partner_id).ids)
        self._receive(self._text("Hello"))
        told = self._last_post(self.lead).notified_partner_ids
        self.assertIn(self.rep.partner_id, told)
        self.assertIn(self.rep_2.partner_id, told)
        self.assertNotIn(outside, told)

    def test_kinds_of_messages(self):
        place = {"latitude": 48.8, "longitude": 2.3, "name": "Office"}
        people = [{"name": {"formatted_name": "Bob"}, "phones": [{"phone": "+1 555"}]}]
        reply = {"type": "list_reply", "list_reply": {"id": "1", "title": "Tuesday"}}
        items = [{"product_retailer_id": "SKU-7", "quantity": 2}]
        cases = {
            "Yes please": {"type": "button", "button": {"text": "Yes please"}},
            "Tuesday": {"type": "interactive", "interactive": reply},
            "mlat=48.800000": {"type": "location", "location": place},
            "Bob +1 555": {"type": "contacts", "contacts": people},
            "2 × SKU-7": {"type": "order", "order": {"product_items": items}},
            "👍": {"type": "reaction", "reaction": {"emoji": "👍", "message_id": "x"}},
            "+33699": {"type": "system", "system": {"wa_id": "33699", "body": "x"}},
            "does not pass on": {"type": "unsupported", "errors": [{"code": 131051}]},
            "of a type": {"type": "brand_new", "brand_new": [1, 2]},
            "type that": {"type": ["odd"]},
        }
        for number, (text, content) in enumerate(cases.items()):
            with self.subTest(text):
                event = self._receive(self._message(f"wamid.kind.{number}", **content))
                self.assertEqual(event.state, "done")
                self.assertIn(text, event.mail_message_id.body)
                self.assertEqual(event.lead_id, self.lead)

    def test_reaction_that_is_taken_back(self):
        event = self._receive(
            self._message(type="reaction", reaction={"message_id": "x", "emoji": ""})
        )
        self.assertEqual(event.state, "ignored")
        self.assertFalse(self._last_post(self.lead))

    def test_hostile_text(self):
        for number, text in enumerate(
            (
                "<script>alert(1)</script>",
                "<img src=x onerror=alert(1)>",
                "{{ object.user_id }}",
                '<t t-out="object"/>',
                "javascript:alert(1)",
                "x" * 100_000,
                "\u202e\u200bhidden",
                "=1+1",
            )
        ):
            event = self._receive(self._text(text, f"wamid.hostile.{number}"))
            self.assertEqual(event.state, "done")
            body = event.mail_message_id.body
            self.assertNotIn("<script", body)
            self.assertNotIn("<img", body)
            self.assertNotIn('href="javascript', body)

    # ------------------------------------------------------------
    # The right lead
    # ------------------------------------------------------------

    def test_newest_open_lead_with_an_owner(self):
        newer = self._new_lead(name="Newer", phone=NUMBER)
        self._new_lead(name="Nobody's", phone=NUMBER, user_id=False)
        closed = self._new_lead(name="Lost", phone=NUMBER)
        closed.stage_id = self._stage("unqualified")
        event = self._receive(self._text("Hello"))
        self.assertEqual(event.lead_id, newer)

    def test_own_number_for_whatsapp(self):
        lead = self._new_lead(phone="+33700000000", whatsapp="+33711111111")
        event = self._receive(self._message(sender="33711111111"))
        self.assertEqual(event.lead_id, lead)

    def test_other_spelling_of_the_number(self):
        lead = self._new_lead(phone="+52 55 1234 5678")
        event = self._receive(self._message(sender="5215512345678"))
        self.assertEqual(event.lead_id, lead)

    def test_closed_lead_gets_it_when_there_is_no_other(self):
        self.lead.stage_id = self._stage("customer")
        self.assertEqual(self._receive(self._text("Hello")).lead_id, self.lead)

    def test_archived_lead_does_not(self):
        self.lead.active = False
        lead = self._receive(self._text("Hello")).lead_id
        self.assertNotEqual(lead, self.lead)
        self.assertTrue(lead.active)

    def test_lead_of_the_message_that_is_answered(self):
        older, newer = self.lead, self._new_lead(phone=NUMBER)
        message = self._new_message(older)
        message._move("sending")
        message._move("sent", provider_ref="wamid.ours")
        event = self._receive(self._message(context={"id": "wamid.ours"}, **_hello()))
        self.assertEqual(event.lead_id, older)
        self.assertNotEqual(event.lead_id, newer)

    def test_two_companies_know_the_same_number(self):
        lead_b = self._new_lead(
            name="B", phone=NUMBER, user_id=self.rep_b.id, company_id=self.company_b.id
        )
        event = self._receive(self._text("For A"))
        self.assertEqual(event.lead_id, self.lead)
        payload = self._envelope(
            messages=[self._text("For B")],
            phone_number_id=self.account_b.phone_number_id,
        )
        event = self._work_in(payload, self.account_b)
        self.assertEqual(event.lead_id, lead_b)
        self.assertIn("For B", self._last_post(lead_b).body)
        self.assertIn("For A", self._last_post(self.lead).body)
        self.assertEqual(self._last_post(lead_b).record_company_id, self.company_b)

    def test_lead_of_the_other_company_only(self):
        self.lead.company_id = self.company
        payload = self._envelope(
            messages=[self._text("Hello")],
            phone_number_id=self.account_b.phone_number_id,
        )
        event = self._work_in(payload, self.account_b)
        self.assertNotEqual(event.lead_id, self.lead)
        self.assertEqual(event.lead_id.company_id, self.company_b)

    # ------------------------------------------------------------
    # Unknown numbers
    # ------------------------------------------------------------

    def test_unknown_number_becomes_a_lead(self):
        self.account.team_id = self.team
        event = self._receive(self._message(sender="34600111222"), name="Rosa")
        lead = event.lead_id
        self.assertEqual(lead.phone_sanitized, "+34600111222")
        self.assertEqual(lead.contact_name, "Rosa")
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.team_id, self.team)
        self.assertEqual(lead.company_id, self.company)
        self.assertEqual(lead.source_id.name, "WhatsApp")
        self.assertIn("Hello there", self._last_post(lead).body)

    def test_second_message_of_an_unknown_number(self):
        first = self._receive(self._message("wamid.a", sender="34600111222"))
        second = self._receive(self._message("wamid.b", sender="34600111222"))
        self.assertEqual(first.lead_id, second.lead_id)

    def test_advertisement(self):
        referral = {"source_url": "https://fb.me/x", "headline": "Summer sale"}
        event = self._receive(
            self._message(sender="34600111222", referral=referral, **_hello())
        )
        self.assertEqual(event.lead_id.referred, "Summer sale")
        self.assertIn("Summer sale", event.mail_message_id.body)

    def test_hidden_number(self):
        """Who uses a name in place of a number is known by an ID of Meta."""
        hidden = "US.13491208655302741918"
        first = self._receive(self._message("wamid.a", sender=hidden), name="Ann")
        second = self._receive(self._message("wamid.b", sender=hidden), name="Ann")
        self.assertTrue(first.lead_id)
        self.assertFalse(first.lead_id.phone)
        self.assertEqual(first.lead_id, second.lead_id)

    def test_merged_lead(self):
        hidden = "US.13491208655302741918"
        first = self._receive(self._message("wamid.a", sender=hidden))
        merged = (first.lead_id + self.lead)._merge_opportunity()
        second = self._receive(self._message("wamid.b", sender=hidden))
        self.assertEqual(second.lead_id, merged)
        self.assertEqual(first.lead_id, merged)

    def test_capture_is_one_hook(self):
        other = self._new_lead(name="Chosen by capture")
        seen = []

        def capture(leads, account, message):
            seen.append((account, message))
            return other

        Lead = self.registry["crm.lead"]
        with patch.object(Lead, "_whatsapp_capture", capture):
            event = self._receive(self._message(sender="34600111222"))
        self.assertEqual(event.lead_id, other)
        account, message = seen[0]
        self.assertEqual(account, self.account)
        self.assertEqual(message["phone"], "+34600111222")
        self.assertEqual(message["text"], "Hello there")

    # ------------------------------------------------------------
    # The window, replies
    # ------------------------------------------------------------

    def test_message_opens_the_window(self):
        message = self._new_message()
        self.assertFalse(message._whatsapp_is_open())
        self._receive(self._text("Hello"))
        self.assertTrue(message._whatsapp_is_open())

    def test_older_message_does_not_shorten_it(self):
        self._receive(self._text("Hello"))
        late = self._text("Late", "wamid.late")
        late["timestamp"] = str(int(late["timestamp"]) - 86400)
        self._receive(late)
        self.assertTrue(self._new_message()._whatsapp_is_open())

    def test_number_without_a_sender(self):
        event = self._receive({"id": "wamid.x", "type": "text"})
        self.assertEqual(event.state, "ignored")


def _hello():
    return {"type": "text", "text": {"body": "Hello"}}
