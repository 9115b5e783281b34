"""What salespeople write down of consents: proven, for whom, and taken back."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from odoo.addons.lead_management.tests.common import LeadManagementCase

SAID = {"source": "Call of 3 March", "text": "Yes, send me your news"}
PROOF = {"proof": "Signed form, folder 12"}


class ConsentCase(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead, cls.other = (
            cls._new_lead(name=name, email_from=f"{name}@example.com", phone=phone)
            for name, phone in (("ada", "+32470123456"), ("bob", "+32470123457"))
        )
        cls.consents = cls.env["lead.consent"]
        cls.company.message_optin_email = True

    def _state(self, lead, purpose="marketing", channel="email", user=None):
        """Return whether the gate lets such a message out."""
        row = {
            "lead_id": lead.id,
            "channel": channel,
            "purpose": "launch" if purpose == "marketing" else "follow_up",
            "user_id": (user or self.rep).id,
            "body": "B",
        }
        return self.env["lead.message.gate"]._decide([row])[0].code

    def _say(self, lead, state, user=None, **values):
        return lead.with_user(user or self.rep).action_record_consent(state, **values)


class TestRecordByHand(ConsentCase):
    def test_a_salesperson_records_what_the_lead_said(self):
        self._say(self.other, "withdrawn", purpose="marketing")
        record = self.consents.search([], limit=1)
        self.assertEqual((record.user_id, record.how), (self.rep, "hand"))
        self.assertEqual(record.email_normalized, "bob@example.com")
        with self.assertRaises(AccessError):
            self._say(self.other, "withdrawn", self.rep_2)

    def test_agreeing_needs_origin_and_words(self):
        for missing in ({}, {"source": "Call"}, {"text": "Yes"}, {**SAID, "text": " "}):
            with self.subTest(missing=missing), self.assertRaises(UserError):
                self._say(self.lead, "given", **missing)
        self.assertEqual(self._state(self.lead), "consent")
        self._say(self.lead, "given", **SAID)
        self.assertFalse(self._state(self.lead))
        record = self.consents.search([], limit=1)
        self.assertEqual((record.source, record.text), (SAID["source"], SAID["text"]))

    def test_after_a_withdrawal_it_takes_a_manager_and_a_proof(self):
        self._say(self.lead, "withdrawn", purpose="marketing", channel="email")
        for user in (self.rep, self.leader):
            with self.subTest(user=user.login), self.assertRaises(UserError) as caught:
                self._say(self.lead, "given", user, **SAID, **PROOF)
            self.assertIn("manager", str(caught.exception))
        with self.assertRaises(UserError) as caught:
            self._say(self.lead, "given", self.manager, **SAID)
        self.assertIn("Enter the proof", str(caught.exception))
        self.assertEqual(self._state(self.lead), "consent")
        # what was not withdrawn may be agreed to
        self._say(self.lead, "given", channel="sms", purpose="marketing", **SAID)
        self._say(self.lead, "given", self.manager, **SAID, **PROOF)
        self.assertFalse(self._state(self.lead))
        self.assertEqual(self.consents.search([], limit=1).proof, PROOF["proof"])

    def test_the_same_address_on_a_lead_of_ones_own_gives_nothing_away(self):
        """A colleague's customer agreed to nothing on somebody else's lead."""
        theirs = self._new_lead(email_from="eve@example.com", user_id=self.rep_2.id)
        mine = self._new_lead(email_from="Eve+x@example.com", phone="+32470123458")
        self._say(mine, "given", **SAID)
        self.assertFalse(self._state(mine))
        self.assertEqual(self._state(theirs, user=self.rep_2), "consent")
        # nor when the two become one, or the lead is gone
        mine.unlink()
        self.assertEqual(self._state(theirs, user=self.rep_2), "consent")
        # who works on all leads records it for the person
        self._say(theirs, "given", self.leader, **SAID)
        again = self._new_lead(email_from="eve@example.com")
        self.assertFalse(self._state(again))

    def test_a_withdrawal_counts_for_the_person_and_colleagues_see_it(self):
        theirs = self._new_lead(email_from="ada@example.com", user_id=self.rep_2.id)
        foreign = self._new_lead(
            email_from="ada@example.com",
            company_id=self.company_b.id,
            user_id=self.rep_b.id,
            team_id=self.team_b.id,
        )
        self.lead.company_id = self.company
        before = len(foreign.message_ids)
        self._say(self.lead, "withdrawn", source="Call", text="Stop it")
        self.assertEqual(
            self._state(theirs, purpose="service", user=self.rep_2), "consent"
        )
        note = theirs.message_ids[0]
        self.assertIn("Stop it", note.body)
        self.assertEqual(note.author_id, self.rep.partner_id)
        self.assertEqual(len(foreign.message_ids), before)

    def test_agreeing_with_one_company_is_nothing_to_another(self):
        lead = self._new_lead(
            email_from="eve@example.com", company_id=False, team_id=False, user_id=False
        )
        self.assertFalse(lead.company_id)
        self._say(lead, "given", self.manager, **SAID)
        self.assertEqual(self.consents.search([], limit=1).company_id, self.company)

    def test_arguments_that_are_none_are_refused_with_a_sentence(self):
        for values in (
            {"state": "undone"},
            {"state": ["given"]},
            {"state": {"a": 1}},
            {"state": None},
            {"state": 1},
            {"state": "withdrawn", "purpose": "everything"},
            {"state": "withdrawn", "channel": ["email"]},
            {"state": "withdrawn", "source": {"a": 1}},
            {"state": "withdrawn", "source": "x" * 200_000},
            {"state": "withdrawn", "text": "x" * 200_000},
            {"state": "given", "source": 7, "text": "x"},
        ):
            with self.subTest(values=str(values)[:60]):
                with self.assertRaises(UserError) as caught:
                    self._say(self.lead, **values)
                self.assertGreater(len(str(caught.exception)), 10)
                self.assertLess(len(str(caught.exception)), 300)
        with self.assertRaises(UserError):
            self._say(self.env["crm.lead"], "withdrawn")
        with self.assertRaises(UserError):
            self.lead.with_user(self.rep).action_ask_consent("x")
        self._say(self.lead, "withdrawn", text="a\x00b\ud800c")
        self.assertEqual(self.consents.search([], limit=1).text, "abc")


class TestConsentDialog(ConsentCase):
    def _open(self, leads, state, user=None):
        leads = leads.with_user(user or self.rep)
        action = leads.action_ask_consent(state)
        self.assertFalse(action["res_id"])
        Dialog = leads.env[action["res_model"]].with_context(**action["context"])
        return Dialog.create({})

    def _fill(self, dialog, **values):
        with Form(dialog) as form:
            for name, value in values.items():
                form[name] = value
        return dialog

    def test_the_action_asks_before_it_writes(self):
        for name in ("withdrawn", "given"):
            action = self.env.ref(f"lead_management.crm_lead_action_consent_{name}")
            opened = (
                action.with_user(self.rep)
                .with_context(
                    active_model="crm.lead",
                    active_ids=self.lead.ids,
                    active_id=self.lead.id,
                )
                .run()
            )
            self.assertEqual(opened["res_model"], "lead.consent.dialog")
            self.assertEqual(opened["context"]["default_state"], name)
        self.assertFalse(self.consents.search_count([]))

    def test_recording_and_its_result(self):
        nobody = self._new_lead(name="Nobody")
        dialog = self._open(self.lead + self.other + nobody, "withdrawn")
        self.assertIn("without address", dialog.notice)
        self._fill(dialog, purpose="marketing", channel="email", text="No news")
        dialog.action_record()
        self.assertIn("Recorded for leads: 2", dialog.result)
        self.assertIn("without address or number: 1", dialog.result)
        for lead in (self.lead, self.other):
            self.assertEqual(self._state(lead), "consent")
            self.assertFalse(self._state(lead, purpose="service"))

    def test_agreeing_leaves_out_who_withdrew(self):
        self.consents._record(self.other, "withdrawn")
        dialog = self._open(self.lead + self.other, "given")
        self.assertIn("earlier withdrawal: 1", dialog.notice)
        self._fill(dialog, purpose="marketing", channel="email", **SAID)
        dialog.action_record()
        self.assertFalse(self._state(self.lead))
        self.assertEqual(self._state(self.other), "consent")
        dialog = self._open(self.other, "given", self.manager)
        self.assertTrue(dialog.is_proof_needed)
        self._fill(dialog, **SAID, **PROOF)
        dialog.action_record()
        self.assertFalse(self._state(self.other))

    def test_undo_takes_back_exactly_what_was_recorded(self):
        self._say(self.lead, "given", channel="email", purpose="marketing", **SAID)
        self.assertFalse(self._state(self.lead))
        dialog = self._open(self.lead + self.other, "withdrawn")
        dialog.action_record()
        self.assertEqual(self._state(self.lead, purpose="service"), "consent")
        count = self.consents.search_count([])
        action = dialog.action_undo()
        self.assertEqual(action["params"]["type"], "success")
        self.assertFalse(self._state(self.lead))
        self.assertFalse(self._state(self.other, purpose="service"))
        # nobody agreed by it to what they had not agreed to
        self.assertEqual(self._state(self.other), "consent")
        self.assertEqual(self.consents.search_count([]), count + 2)
        self.assertEqual(dialog.action_undo()["params"]["type"], "warning")

    def test_undo_leaves_alone_what_people_said(self):
        dialog = self._open(self.lead, "withdrawn")
        dialog.action_record()
        visitor = self.consents._read_token(
            self.lead._get_preference_url().rsplit("/", 1)[1]
        )
        self.consents._withdraw_person(visitor, "email", how="one_click")
        dialog.action_undo()
        self.assertEqual(self._state(self.lead, purpose="service"), "consent")
        self.assertFalse(self._state(self.lead, purpose="service", channel="sms"))

    def test_undo_is_for_ones_own_mistakes_of_the_last_hour(self):
        dialog = self._open(self.lead, "withdrawn")
        dialog.action_record()
        [record_id] = dialog.recorded
        theirs = self._new_lead(email_from="eve@example.com", user_id=self.rep_2.id)
        forged = self._open(theirs, "withdrawn", self.rep_2)
        forged.recorded = [record_id, "x", 0]
        self.assertEqual(forged.action_undo()["params"]["type"], "warning")
        with self.assertRaises(AccessError):
            dialog.with_user(self.rep_2).action_undo()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE lead_consent SET date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(hours=2), record_id],
        )
        self.env.invalidate_all()
        self.assertEqual(dialog.action_undo()["params"]["type"], "warning")
        self.assertEqual(self._state(self.lead, purpose="service"), "consent")

    def test_leads_of_others(self):
        theirs = self._new_lead(email_from="eve@example.com", user_id=self.rep_2.id)
        with self.assertRaises(AccessError):
            self._open(theirs, "withdrawn")
        dialog = self._open(self.lead, "withdrawn")
        dialog.sudo().lead_ids = self.lead + theirs
        self.env.flush_all()
        self.env.invalidate_all()
        dialog.action_record()
        self.assertEqual(self._state(self.lead, purpose="service"), "consent")
        self.assertFalse(self._state(theirs, purpose="service", user=self.rep_2))

    def test_statements_do_not_grow_with_the_leads(self):
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": "L",
                    "email_from": f"n{number}@example.com",
                    "user_id": self.rep.id,
                }
                for number in range(60)
            ]
        )

        def count(leads):
            dialog = self._open(leads, "withdrawn")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            dialog.action_record()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(leads[:1])
        few, many = count(leads[1:6]), count(leads[6:])
        self.assertLessEqual(many, few + 3)
