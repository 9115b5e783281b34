"""One company offers leads to another: what becomes of them on either side."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import html2plaintext

from .common import SECRETS, SharingCase


class TestOffer(SharingCase):
    def test_an_offer_is_accepted_and_won(self):
        lead = self._new_secret_lead()
        share = self._offer(lead)
        self.assertEqual(share.state, "offered")
        self.assertEqual(share.teaser["amount"]["from"], 10000)
        self.assertEqual(share.teaser["region"], {"country": "US", "state": "WI"})
        copy = self._accept(share)
        self.assertEqual(share.state, "accepted")
        self.assertEqual(copy.company_id, self.company_b)
        self.assertFalse(copy.user_id)
        self.assertFalse(copy.partner_id)
        for name, value in SECRETS.items():
            if name != "description":
                self.assertEqual(copy[name], value)
        self.assertIn("Zanzibarnotes", copy.description)
        self.assertEqual(copy.expected_revenue, 13572)
        copy.with_user(self.rep_b).user_id = self.rep_b
        copy.with_user(self.rep_b).expected_revenue = 20000
        copy.with_user(self.rep_b).action_set_won()
        self.assertEqual((share.state, share.value), ("won", 20000))
        commission = self.env["lead.share.commission"].search(
            [("share_id", "=", share.id)]
        )
        self.assertEqual((commission.amount, commission.state), (1600, "due"))
        self.assertEqual(share.event_ids.mapped("kind")[:2], ["offer", "accept"])
        accepted = share.event_ids[1]
        self.assertIn("email", accepted.fact_names)
        self.assertNotIn("email", share.event_ids[0].fact_names)

    def test_the_lead_of_the_giver_rests_until_it_is_back(self):
        lead = self._new_secret_lead()
        activity = lead.activity_schedule(summary="Call", user_id=self.rep.id)
        share = self._offer(lead)
        copy = self._accept(share)
        self.assertFalse(activity.active)
        self.assertIn("With Company B", lead.with_user(self.rep).share_note)
        self.assertIn(self.company.name, copy.with_user(self.rep_b).share_note)
        mine = share.sudo(False).with_user(self.rep_b)
        reply = self.env["lead.share.reply"].with_user(self.rep_b)
        reply.create(
            {"kind": "return", "share_ids": mine.ids, "reason": "capacity"}
        ).action_apply()
        self.assertEqual(share.state, "returned")
        self.assertTrue(activity.active)
        self.assertFalse(copy.active)
        self.assertFalse(lead.share_state)

    def test_nothing_is_due_here_while_somebody_else_works_on_it(self):
        self.env["lead.followup.policy"].create(
            {
                "name": "First call",
                "trigger": "owner",
                "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
            }
        )
        self.env["lead.sla"].create({"name": "Within the hour", "touch_minutes": 60})
        # offered and accepted before what follows from the new salesperson is planned
        lead = self._new_secret_lead(user_id=self.rep.id)
        share = self._offer(lead)
        self._accept(share)
        self.env.cr.flush()
        self.assertTrue(lead.is_on_hold)
        self.assertFalse(lead.activity_ids)
        self.assertFalse(lead.assignment_due)
        lead.user_id = self.manager
        self.env.cr.flush()
        self.assertFalse(lead.activity_ids)
        self.assertFalse(lead.clock_ids.filtered(lambda c: c.state == "running"))
        day = self.env["crm.lead"].with_user(self.manager)
        self.assertEqual(day.action_my_day("me")["counts"].get("no_next_step", 0), 0)
        share._return("capacity")
        self.env.cr.flush()
        self.assertFalse(lead.is_on_hold)
        self.assertEqual(day.action_my_day("me")["counts"]["no_next_step"], 1)
        self.assertTrue(lead.assignment_due)
        lead.user_id = self.rep
        self.env.cr.flush()
        self.assertEqual(lead.activity_ids.user_id, self.rep)

    def test_a_locked_lead_cannot_be_changed(self):
        self.policy.is_locked = True
        lead = self._new_secret_lead()
        self._accept(self._offer(lead))
        with self.assertRaises(UserError):
            lead.with_user(self.rep).priority = "2"

    def test_only_once(self):
        lead = self._new_secret_lead()
        share = self._offer(lead)
        self.assertFalse(self._offer(lead))
        self._accept(share)
        self.assertFalse(self._offer(lead))
        with self.assertRaises(UserError):
            self._accept(share, self.manager_b)
        # a second tap of the same user
        action = share.sudo(False).with_user(self.rep_b).action_accept()
        self.assertEqual(action["res_id"], share.copy_id.id)
        self.assertEqual(share.event_ids.mapped("kind").count("accept"), 1)

    def test_too_late(self):
        share = self._offer(self._new_secret_lead())
        share.term = fields.Datetime.now() - timedelta(minutes=1)
        with self.assertRaises(UserError):
            self._accept(share)
        share._expire_due()
        self.assertEqual(share.state, "expired")

    def test_who_may(self):
        lead = self._new_secret_lead(user_id=self.rep_2.id)
        with self.assertRaises(AccessError):
            self._offer(lead)
        share = self._offer(lead, user=self.rep_2)
        for user in (self.rep_2, self.manager):
            with self.assertRaises(AccessError):
                share.sudo(False).with_user(user).action_accept()
        with self.assertRaises(AccessError):
            share.sudo(False).with_user(self.rep).action_withdraw()
        with self.assertRaises(AccessError):
            share.sudo(False).with_user(self.rep_b).action_withdraw()
        with self.assertRaises(AccessError):
            share.sudo(False).with_user(self.rep_b).write({"state": "won"})
        share.sudo(False).with_user(self.rep_2).action_withdraw()
        self.assertEqual(share.state, "withdrawn")

    def test_the_next_is_asked(self):
        company_c = self.env["res.company"].create({"name": "Company C"})
        rep_c = self._new_user("lm_rep_c", "salesman", company_c)
        partner_c = self.partner_b.create(
            {
                "company_id": self.company.id,
                "to_company_id": company_c.id,
                "sequence": 30,
            }
        )
        self.policy.recipient_ids += partner_c
        lead = self._new_secret_lead()
        share = self._offer(lead)
        self.assertEqual(share.to_company_id, self.company_b)
        share.sudo(False).with_user(self.rep_b)._get_ours("offered")._decline("region")
        following = share.search([("lead_id", "=", lead.id)]) - share
        self.assertEqual(following.to_company_id, company_c)
        following.term = fields.Datetime.now() - timedelta(minutes=1)
        following._expire_due()
        self.assertEqual(following.state, "expired")
        self.assertEqual(share.search_count([("lead_id", "=", lead.id)]), 2)

        self.policy.order = "first"
        other = self._new_secret_lead()
        both = self._offer(other)
        self.assertEqual(both.to_company_id, self.company_b + company_c)
        to_b = both.filtered(lambda s: s.to_company_id == self.company_b)
        self._accept(both - to_b, rep_c)
        to_b.invalidate_recordset()
        self.assertEqual(to_b.state, "withdrawn")

    def test_not_more_than_they_may_have(self):
        self.policy.max_open = 2
        leads = self._new_lead() + self._new_lead() + self._new_lead()
        self.assertEqual(len(self._offer(leads)), 2)

    def test_accepted_automatically(self):
        self.policy.is_automatic = True
        share = self._offer(self._new_secret_lead())
        self.assertEqual(share.state, "accepted")
        self.assertEqual(share.copy_id.company_id, self.company_b)

    def test_what_names_a_person_is_never_in_a_preview(self):
        line = self.policy.fact_ids.filtered(lambda line: line.fact == "person")
        with self.assertRaises(ValidationError):
            line.preview = "exact"

    def test_a_no_travels_and_a_yes_does_not(self):
        lead = self._new_secret_lead()
        Consent = self.env["lead.consent"]
        Consent._record(lead, "withdrawn", purpose="marketing", channel="email")
        Consent._record(lead, "given", purpose="service", channel="sms")
        copy = self._accept(self._offer(lead))
        said = Consent.search([("lead_id", "=", copy.id)]) or Consent.search(
            [("company_id", "=", self.company_b.id)]
        )
        self.assertEqual(said.mapped("state"), ["withdrawn"])
        self.assertEqual((said.purpose, said.channel), ("marketing", "email"))

    def test_that_the_person_is_known_is_told_to_the_receiver_alone(self):
        self._new_lead(
            name="Known", user_id=self.rep_b.id, email_from=SECRETS["email_from"]
        )
        lead = self._new_secret_lead()
        share = self._offer(lead)
        copy = self._accept(share)
        self.assertIn("Known", "".join(copy.message_ids.mapped("body")))
        self.assertNotIn("Known", "".join(lead.message_ids.mapped("body")))

    def test_a_merge_keeps_the_share(self):
        lead = self._new_secret_lead()
        share = self._offer(lead)
        copy = self._accept(share)
        other = self._new_lead(user_id=self.rep_b.id)
        merged = (other + copy).with_user(self.manager_b).merge_opportunity()
        share.invalidate_recordset()
        self.assertEqual(share.copy_id, merged)

    def test_a_dispute(self):
        share = self._offer(self._new_secret_lead())
        copy = self._accept(share)
        copy.with_user(self.rep_b).action_set_won()
        commission = self.env["lead.share.commission"].search(
            [("share_id", "=", share.id)]
        )
        for user, kind in ((self.manager_b, "dispute"), (self.rep_b, "dispute")):
            dialog = self.env["lead.share.reply"].with_user(user)
            if user == self.rep_b:
                with self.assertRaises(AccessError):
                    commission.with_user(user).action_dispute()
                continue
            dialog.create(
                {
                    "kind": kind,
                    "commission_ids": [Command.set(commission.ids)],
                    "note": "Ours before",
                }
            ).action_apply()
        self.assertEqual(commission.state, "disputed")
        with self.assertRaises(AccessError):
            commission.with_user(self.manager).action_confirm()
        with self.assertRaises(AccessError):
            commission.with_user(self.manager_b).action_cancel()
        commission.with_user(self.manager_b).action_confirm()
        commission.with_user(self.manager).action_paid()
        self.assertEqual(commission.state, "paid")
        copy.with_user(self.rep_b).expected_revenue = 99
        self.assertEqual(commission.base, 13572)
        said = share.event_ids.filtered(lambda one: one.kind == "commission")
        self.assertEqual(said[0].detail, "Disputed: Ours before")
        self.assertEqual(said.mapped("who")[-1], self.manager.name)

    def test_the_dialog_tells_exactly_what_they_see(self):
        lead = self._new_secret_lead()
        action = lead.with_user(self.rep).action_offer()
        dialog = self.env["lead.share.offer"].with_user(self.rep)
        dialog = dialog.browse(action["res_id"])
        rows = {row["name"]: row for row in dialog.preview["rows"]}
        self.assertEqual(rows["person"]["before"], "")
        self.assertEqual(rows["person"]["after"], SECRETS["contact_name"])
        self.assertIn("10,000", rows["amount"]["before"])
        self.assertTrue(dialog.preview["warnings"])
        dialog.action_offer()
        share = self.env["lead.share"].search([("lead_id", "=", lead.id)])
        shown = {row["name"]: row["text"] for row in share.teaser_shown}
        self.assertEqual(
            shown, {n: row["before"] for n, row in rows.items() if row["before"]}
        )


class TestRecall(SharingCase):
    def setUp(self):
        super().setUp()
        self.lead = self._new_secret_lead()
        self.share = self._offer(self.lead)
        self.copy = self._accept(self.share)

    def test_recalled_and_erased(self):
        reply = self.env["lead.share.reply"].with_user(self.rep)
        reply.create(
            {"kind": "recall", "share_ids": self.share.ids, "note": "By mistake"}
        ).action_apply()
        self.assertEqual(self.share.state, "recalled")
        mine = self.share.sudo(False)
        with self.assertRaises(AccessError):
            mine.with_user(self.rep_b).action_confirm_erased()
        mine.with_user(self.manager_b).action_confirm_erased()
        self.assertEqual(self.share.state, "erased")
        self.assertFalse(self.copy.email_from)
        self.assertTrue(self.lead.email_from)
        kinds = self.share.event_ids.mapped("kind")
        self.assertEqual(kinds, ["offer", "accept", "recall", "erase"])
        report = self.env["ir.actions.report"].with_user(self.manager)
        html, __ = report._render_qweb_html(
            "lead_management.lead_share_record", self.share.ids
        )
        for text in ("Recalled", "Erasure confirmed", "Email", self.share.uuid):
            self.assertIn(text, html.decode())
        self.assertNotIn(self.lead.email_from, html.decode())

    def test_a_recall_is_proven_in_one_pdf(self):
        """Whatever makes the file of it, all of the proof is in the page it gets."""
        self.lead.with_user(self.rep).phone = "+32470111111"
        reply = self.env["lead.share.reply"].with_user(self.rep)
        reply.create(
            {"kind": "recall", "share_ids": self.share.ids, "note": "By mistake"}
        ).action_apply()
        self.share.sudo(False).with_user(self.manager_b).action_confirm_erased()
        printed = []

        def print_pages(self, bodies, *args, **kwargs):
            printed.extend(bodies)
            return b"%PDF-1.4 of the stand-in"

        Report = self.env["ir.actions.report"].with_user(self.rep)
        Report = Report.with_context(force_report_rendering=True)
        with (
            patch.object(type(Report), "_run_wkhtmltopdf", print_pages),
            patch.object(type(Report), "get_wkhtmltopdf_state", lambda self: "ok"),
        ):
            content, kind = Report._render_qweb_pdf(
                "lead_management.lead_share_record", self.share.ids
            )
        self.assertEqual((content[:8], kind), (b"%PDF-1.4", "pdf"))
        text = html2plaintext(" ".join(map(str, printed)))
        for proof in (
            "Given to Company B",
            "Offered: the preview was told",
            "Accepted: the data was handed over",
            "Corrected: the new data was handed over",
            "Recalled: erasure was asked for",
            "By mistake",
            f"by {self.rep.name} and confirmed on",
            f"by {self.manager_b.name}.",
            self.share.uuid,
        ):
            self.assertIn(proof, " ".join(text.split()))
        for secret in (self.lead.email_from, "470111111", "470987654"):
            self.assertNotIn(secret, text)

    def test_kept_for_a_legal_reason(self):
        self.share._recall("Please")
        reply = self.env["lead.share.reply"].with_user(self.manager_b)
        reply.create(
            {"kind": "keep", "share_ids": self.share.ids, "note": "Invoices, 10 years"}
        ).action_apply()
        self.assertEqual(self.share.state, "kept")
        self.assertTrue(self.copy.email_from)
        # ours goes on
        self.assertFalse(self.share.held)
        self.assertFalse(self.lead.share_state)

    def test_whoever_decides_is_told(self):
        self.partner_b.user_id = self.manager_b
        self.copy.user_id = self.rep_b
        self.share._recall("Please")
        notices = self.env["mail.message"].search([("subject", "=like", "Recalled%")])
        self.assertEqual(notices.notified_partner_ids, self.manager_b.partner_id)
        note = self.copy.message_ids[0]
        self.assertIn("recalls this lead", note.body)
        self.assertEqual(note.notified_partner_ids, self.rep_b.partner_id)

    def test_the_time_for_it_is_over(self):
        self.share.recall_until = fields.Date.today() - timedelta(days=1)
        with self.assertRaises(UserError):
            self.share._recall("Please")

    def test_an_erasure_reaches_the_other_company_at_any_time(self):
        self.share.recall_until = fields.Date.today() - timedelta(days=1)
        self.lead.with_user(self.manager)._erase_personal_data()
        self.assertEqual(self.share.state, "recalled")
        self.assertFalse(self.share.teaser)
        self.share.sudo(False).with_user(self.manager_b).action_confirm_erased()
        self.assertEqual(self.share.state, "erased")
        self.assertFalse(self.copy.phone)

    def test_an_erasure_takes_offers_back(self):
        lead = self._new_secret_lead()
        share = self._offer(lead)
        lead.with_user(self.manager)._erase_personal_data()
        self.assertEqual(share.state, "withdrawn")
