"""What is put right, withdrawn or closed later is told to whoever got the lead."""

import json

from odoo.exceptions import UserError
from odoo.fields import Command

from .common import SECRETS, SharingCase


class TestCorrect(SharingCase):
    def setUp(self):
        super().setUp()
        self.lead = self._new_secret_lead()
        self.share = self._offer(self.lead)

    def _correct(self, **values):
        self.lead.with_user(self.rep).write(values)
        self.share.invalidate_recordset()

    def _events(self, kind):
        return self.share.event_ids.filtered(lambda event: event.kind == kind)

    def test_nothing_is_told_before_acceptance(self):
        self._correct(phone="+32470111111")
        self.assertFalse(self._events("correct"))
        self.assertFalse(self.share.marks)

    def test_a_correction_reaches_the_copy(self):
        copy = self._accept(self.share)
        copy.user_id = self.rep_b
        self._correct(phone="+32470111111", street="Hill 1", zip=False)
        self.assertEqual((copy.phone, copy.street), ("+32470111111", "Hill 1"))
        self.assertFalse(copy.zip)
        event = self._events("correct")
        self.assertEqual(event.fact_names, ["address", "phone"])
        self.assertFalse(event.detail)
        note = copy.message_ids[0]
        self.assertIn("+32470111111", note.body)
        self.assertEqual(note.notified_partner_ids, self.rep_b.partner_id)
        # the same again is nothing new
        self._correct(phone="+32470111111", priority="2")
        self.assertEqual(len(self._events("correct")), 1)

    def test_what_they_edited_is_for_them_to_decide(self):
        copy = self._accept(self.share)
        copy.with_user(self.rep_b).user_id = self.rep_b
        copy.with_user(self.rep_b).phone = "+32470222222"
        self._correct(phone="+32470111111")
        self.assertEqual(copy.phone, "+32470222222")
        self.assertIn("+32470111111", copy.message_ids[0].body)

    def test_an_erased_datum_is_told_and_not_erased_by_itself(self):
        copy = self._accept(self.share)
        self._correct(phone=False)
        self.assertEqual(copy.phone, SECRETS["phone"])
        self.assertIn("erased: Phone", copy.message_ids[0].body)
        self.assertEqual(self._events("correct").fact_names, ["phone"])

    def test_what_was_never_shared_is_not_told(self):
        self.policy.fact_ids.filtered(lambda line: line.fact == "phone").unlink()
        self.lead = self._new_secret_lead()
        self.share = self._offer(self.lead)
        copy = self._accept(self.share)
        self.assertFalse(copy.phone)
        self._correct(phone="+32470111111")
        self.assertFalse(copy.phone)
        self.assertFalse(self._events("correct"))

    def test_a_contact_that_is_corrected(self):
        contact = self.env["res.partner"].create(
            {"name": "Ann", "email": "ann@example.com"}
        )
        self.lead.write({"partner_id": contact.id})
        copy = self._accept(self.share)
        contact.email = "anna@example.com"
        self.env.flush_all()
        self.env["lead.share"]._correct_by_contact()
        self.assertEqual(self.lead.email_from, "anna@example.com")
        self.assertEqual(copy.email_from, "anna@example.com")

    def test_a_partner_by_link_is_told(self):
        self.policy.recipient_ids = [Command.set(self.partner_link.ids)]
        self.lead = self._new_secret_lead()
        self.share = self._offer(self.lead)
        self.share._accept(who="Nordfit")
        self._correct(phone="+32470111111", function=False)
        self.assertEqual(self.share.data["phone"], "+32470111111")
        self.assertNotIn("function", self.share.data)
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertIn("Corrected", mail.subject)
        self.assertNotIn("32470111111", mail.body_html)

    def test_a_consent_withdrawn_later(self):
        copy = self._accept(self.share)
        Consent = self.env["lead.consent"]
        Consent._record(self.lead, "given", purpose="service", channel="sms")
        Consent._record(self.lead, "withdrawn", purpose="marketing", channel="email")
        said = Consent.search([("company_id", "=", self.company_b.id)])
        self.assertEqual(said.mapped("state"), ["withdrawn"])
        self.assertEqual((said.lead_id, said.how), (copy, "share"))
        self.assertEqual(len(self._events("consent")), 1)

    def test_marks_go_with_an_erasure(self):
        self._accept(self.share)
        self.assertTrue(self.share.marks)
        self.assertNotIn("470987654", json.dumps(self.share.marks))
        self.lead.with_user(self.manager)._erase_personal_data()
        self.assertFalse(self.share.marks)


class TestClosed(SharingCase):
    """Leads that are closed or deleted on one side, and the share between them."""

    def setUp(self):
        super().setUp()
        self.lead = self._new_secret_lead()
        self.share = self._offer(self.lead)

    def test_offers_of_closed_leads_are_taken_back(self):
        self.lead.with_user(self.rep).action_set_won()
        self.assertEqual(self.share.state, "withdrawn")
        other = self._new_secret_lead()
        share = self._offer(other)
        other.with_user(self.rep).action_archive()
        self.assertEqual(share.state, "withdrawn")
        with self.assertRaises(UserError):
            self._accept(share)

    def test_offers_of_deleted_leads_are_taken_back(self):
        self.lead.unlink()
        self.assertEqual(self.share.state, "withdrawn")
        self.assertEqual(self.share.event_ids[-1].kind, "withdraw")

    def test_who_deletes_what_it_got_gives_it_back(self):
        activity = self.lead.activity_schedule(summary="Call", user_id=self.rep.id)
        copy = self._accept(self.share)
        self.assertFalse(activity.active)
        copy.with_user(self.manager_b).unlink()
        self.assertEqual(self.share.state, "returned")
        self.assertTrue(activity.active)

    def test_a_recalled_lead_that_is_deleted_is_erased(self):
        copy = self._accept(self.share)
        self.share._recall("Please")
        copy.with_user(self.manager_b).unlink()
        self.assertEqual(self.share.state, "erased")
        self.assertEqual(self.share.event_ids[-1].kind, "erase")

    def test_the_record_outlives_the_leads(self):
        copy = self._accept(self.share)
        copy.with_user(self.rep_b).action_set_won()
        copy.unlink()
        self.lead.unlink()
        self.assertEqual(self.share.state, "won")
        self.assertIn("accept", self.share.event_ids.mapped("kind"))

    def test_many_refused_at_once(self):
        """Who is next is asked for all of them together."""
        company_c = self.env["res.company"].create({"name": "Company C"})
        self.policy.recipient_ids += self.partner_b.create(
            {"company_id": self.company.id, "to_company_id": company_c.id}
        )
        leads = self._new_lead() + self._new_lead() + self._new_lead()
        shares = self._offer(leads)
        before = self.env.cr.sql_log_count
        shares.sudo(False).with_user(self.rep_b)._get_ours("offered")._decline("region")
        self.env.flush_all()
        one = self.env.cr.sql_log_count - before
        following = self.env["lead.share"].search(
            [("lead_id", "in", leads.ids), ("to_company_id", "=", company_c.id)]
        )
        self.assertEqual(following.lead_id, leads)
        more = self.env["crm.lead"].concat(*(self._new_lead() for __ in range(9)))
        shares = self._offer(more)
        before = self.env.cr.sql_log_count
        shares.sudo(False).with_user(self.rep_b)._get_ours("offered")._decline("region")
        self.env.flush_all()
        self.assertLessEqual(self.env.cr.sql_log_count - before, one + 12)
