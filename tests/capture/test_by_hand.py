import base64

from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

from .capture_common import CaptureCase

CARD = "BEGIN:VCARD\nFN:Ann Roe\nORG:Roe Ltd\nTEL:+32470112233\nEND:VCARD"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n rest").decode()


class TestByHand(CaptureCase):
    """What colleagues enter, and what files bring; and whose it is."""

    def test_a_call_is_a_lead_of_who_takes_it(self):
        Lead = self.env["crm.lead"].with_user(self.rep)
        action = Lead.action_capture_call(
            {
                "contact_name": "Ann",
                "phone": "+32 470 11 22 33",
                "user_id": self.rep_2.id,
                "stage_id": 1,
                "image": f"data:image/png;base64,{PNG}",
            }
        )
        lead = Lead.browse(action["res_id"])
        self.assertEqual(lead.user_id, self.rep)
        self.assertEqual(lead.name, "Call: Ann")
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "crm.lead"), ("res_id", "=", lead.id)]
        )
        self.assertEqual(files.mimetype, "image/png")
        entry = lead.sudo().capture_entry_ids
        self.assertEqual((entry.kind, entry.state), ("manual", "done"))
        other = Lead.action_capture_call({"contact_name": "Bob", "is_mine": False})
        self.assertFalse(self.env["crm.lead"].browse(other["res_id"]).user_id)

    def test_what_is_said_stays_as_it_was_said(self):
        Lead = self.env["crm.lead"].with_user(self.rep)
        said = "Two <b>trucks</b>\n3 < 4 & more"
        website = f"https://roe.example/{'x' * 200}"
        values = {"contact_name": "Ann", "description": said, "website": website}
        lead = Lead.browse(Lead.action_capture_call(values)["res_id"])
        self.assertEqual(html2plaintext(lead.description), said)
        self.assertEqual(lead.name, "Two <b>trucks</b> (Ann)")
        self.assertEqual(lead.website, website)

    def test_what_is_no_call(self):
        Lead = self.env["crm.lead"].with_user(self.rep)
        for values in (
            {},
            {"phone": "1"},
            {"contact_name": "Ann", "email_from": "a@b"},
            {"contact_name": "Ann", "image": "<svg>"},
            {"contact_name": "Ann", "image": base64.b64encode(b"<svg/>").decode()},
        ):
            with self.assertRaises(UserError):
                Lead.action_capture_call(values)

    def test_looked_up_is_what_the_user_may_see(self):
        mine = self._new_lead(contact_name="Tom Known", phone="+32 470 99 88 77")
        self._new_lead(contact_name="Tom Known", user_id=self.rep_2.id)
        Lead = self.env["crm.lead"].with_user(self.rep)
        for text in ("470998877", "0470 99 88 77", "tom know"):
            found = Lead.action_capture_lookup(text)
            self.assertEqual([row["id"] for row in found], mine.ids, text)
        for text in ("", "abc", "12", "%%%%"):
            self.assertFalse(Lead.action_capture_lookup(text), text)

    def test_a_card(self):
        card = self.env["crm.lead"].with_user(self.rep).action_capture_card(CARD)
        self.assertEqual(card["contact_name"], "Ann Roe")
        self.assertEqual(card["partner_name"], "Roe Ltd")
        Lead = self.env["crm.lead"].with_user(self.rep)
        photo = f"BEGIN:VCARD\nPHOTO:{'A' * 90_000}\nFN:Ann\nNOTE:1\\n2\nEND:VCARD"
        self.assertEqual(
            Lead.action_capture_card(photo),
            {"contact_name": "Ann", "description": "1\n2"},
        )
        self.assertEqual(Lead.action_capture_card("WIFI:T:WPA;P:secret;;"), {})
        for bad in (None, 1, ["x"], "x" * 200_001):
            with self.assertRaises(UserError):
                Lead.action_capture_card(bad)

    def test_rows_that_failed_wait_with_their_reason(self):
        Lead = self.env["crm.lead"].with_user(self.manager)
        columns = ["name", "contact_name", "email_from", "phone"]
        rows = [
            ["Good", "Ann", "ann@example.com", ""],
            ["Bad", "Bob", "nonsense", "+32 470 11 22 33"],
        ]
        for __ in range(2):
            Lead.load(columns, rows)
        source = self.Source.search(
            [("kind", "=", "import"), ("company_id", "=", self.company.id)]
        )
        [entry] = source.entry_ids
        self.assertEqual((entry.state, entry.person), ("parked", "Bob"))
        self.assertIn("nonsense", entry.reason)
        entry.with_user(self.manager).action_replay()
        self.Entry._run_due()
        self.env.invalidate_all()
        self.assertEqual(entry.lead_id.contact_name, "Bob")

    def test_two_companies(self):
        source = self._new_source(
            "api", company_id=self.company_b.id, team_id=self.team_b.id
        )
        self._new_lead(email_from="a@example.com")
        [entry] = self._send(source, {"email": "a@example.com", "company_id": 1})
        self.assertEqual(entry.state, "done")
        lead = entry.lead_id
        self.assertEqual((lead.company_id, lead.team_id), (self.company_b, self.team_b))
        with self.assertRaises(AccessError):
            entry.with_user(self.manager).read(["person"])
        self.assertEqual(entry.with_user(self.manager_b).person, "a@example.com")
