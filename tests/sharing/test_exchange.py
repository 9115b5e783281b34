"""What another database posts: signed, once, in order; all else is refused alike."""

import json
import time
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.lead_management.tools.envelope import HEADERS, pack, sign

from .common import SharingCase

SECRET = "s" * 64


@tagged("-at_install", "post_install")
class TestExchange(SharingCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection = cls.env["lead.share.partner"].create(
            {"kind": "connection", "name": "Far", "company_id": cls.company.id}
        )
        cls.connection.write(
            {
                "peer": "us",
                "their_peer": "them",
                "secret": SECRET,
                "url": "https://far.example.com",
                "connection_state": "on",
            }
        )
        cls.policy.recipient_ids = [Command.set(cls.connection.ids)]

    def _post(self, body, key="k1", secret=SECRET, when=None, peer="us", **headers):
        values = str(int(when or time.time())), key
        signed = (*values, sign(secret, values[0], key, body))
        self.env.flush_all()
        answer = self.url_open(
            f"/lead/exchange/1/{peer}",
            data=body,
            headers={
                **dict(zip(HEADERS, signed, strict=True)),
                "Content-Type": "application/json",
                **headers,
            },
        )
        self.env.invalidate_all()
        return answer

    def _get_in(self):
        return self.env["lead.share.message"].search(
            [("connection_id", "=", self.connection.id), ("direction", "=", "in")]
        )

    def _hear(self, uuid, seq, kind, body=None, key=None):
        """Take a message in, and work it in."""
        packed = pack(uuid, seq, kind, body or {}, "now")
        answer = self._post(packed, key=key or f"{uuid}{seq}{kind}")
        self.assertEqual(answer.status_code, 200, answer.text)
        self.env["lead.share.message"]._process_due(100)

    def _said(self, share):
        messages = self.env["lead.share.message"].search(
            [("share_uuid", "=", share.uuid), ("direction", "=", "out")], order="seq"
        )
        return [(one.kind, json.loads(one.body)["body"]) for one in messages]

    # ------------------------------------------------------------

    def test_stored_once(self):
        body = pack("u1", 1, "offer", {}, "now")
        self.assertEqual(self._post(body).json(), {"new": True})
        self.assertEqual(self._post(body).json(), {"new": False})
        self.assertEqual(len(self._get_in()), 1)

    def test_refused_alike(self):
        body = pack("u1", 1, "offer", {}, "now")
        now = time.time()
        refused = [
            self._post(body, secret="x" * 64),
            self._post(body, when=now - 400),
            self._post(body, when=now + 400),
            self._post(body, peer="nobody"),
            self._post(body, peer="x" * 300),
            self._post(body, key=""),
            self._post(body, **{HEADERS[2]: sign(SECRET, now, "k1", body + b" ")}),
            self._post(body, **{HEADERS[1]: "other"}),
            self._post(body, **{HEADERS[0]: "x"}),
        ]
        self.connection.connection_state = "check"
        refused.append(self._post(body))
        self.assertEqual({answer.status_code for answer in refused}, {403})
        self.assertEqual({answer.text for answer in refused}, {'{"error": "refused"}'})
        self.assertFalse(self._get_in())

    def test_too_large_and_other_versions(self):
        self.assertEqual(self._post(b"x" * (10 << 20)).status_code, 413)
        answer = self._post(b'{"v": 2}')
        self.assertEqual((answer.status_code, answer.json()["understood"]), (409, [1]))
        for body in (b"[]", b"[" * 9000, b'{"v": 1, "share": 1}'):
            self.assertEqual(self._post(body).status_code, 409)
        self.assertFalse(self._get_in())

    def test_a_copy_takes_nothing(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", True)
        self.assertEqual(self._post(pack("u", 1, "offer", {}, "")).status_code, 503)

    def test_both_secrets_count_while_one_is_replaced(self):
        self.connection._set_secret("n" * 64)
        body = pack("u1", 1, "offer", {}, "now")
        self.assertEqual(self._post(body).status_code, 200)
        self.assertEqual(self._post(body, secret="n" * 64, key="2").status_code, 200)
        self.connection.secret_until = fields.Datetime.now() - timedelta(seconds=1)
        self.assertEqual(self._post(body, key="3").status_code, 403)

    def test_an_offer_from_there(self):
        teaser = {
            "region": {"country": "US", "state": "WI"},
            "amount": {"from": 10000, "to": 20000, "currency": "USD"},
            "person": {"x": 1},
            "size": ["x"],
            "unknown": "y",
        }
        term = fields.Datetime.to_string(fields.Datetime.now() + timedelta(hours=8))
        self._hear("u9", 1, "offer", {"teaser": teaser, "term": term, "future": 1})
        share = self.env["lead.share"].search([("uuid", "=", "u9")])
        self.assertEqual(set(share.teaser), {"region", "amount"})
        mine = share.sudo(False).with_user(self.rep)
        self.assertIn("Wisconsin", mine.summary)
        mine.action_accept()
        self.assertEqual(share.state, "accepting")
        self.assertEqual(self._said(share), [("accept", {})])
        data = {"person": "Anna", "email": "anna@example.com", "phone": "=cmd()"}
        data |= {"title": "Fit-out", "size": "no such", "amount": {"value": 5}}
        self._hear("u9", 2, "data", {"data": data, "no": [["marketing", "email"], 3]})
        self.assertEqual(share.state, "accepted")
        lead = share.copy_id
        self.assertEqual((lead.contact_name, lead.name), ("Anna", "Fit-out"))
        self.assertEqual(lead.phone, "'=cmd()")
        self.assertEqual(lead.company_id, self.company)
        said = self.env["lead.consent"].search(
            [("email_normalized", "=", "anna@example.com")]
        )
        self.assertEqual(said.mapped("state"), ["withdrawn"])
        lead.expected_revenue = 700
        lead.action_set_won()
        kind, body = self._said(share)[-1]
        self.assertEqual((kind, body["state"], body["value"]), ("status", "won", 700))
        self._hear("u9", 3, "recall", {"note": "By law"})
        self.assertEqual(share.state, "recalled")
        share.sudo(False).with_user(self.manager).action_confirm_erased()
        self.assertEqual(self._said(share)[-1], ("erased", {"kept": ""}))
        self.assertFalse(lead.email_from)

    def test_an_offer_of_ours(self):
        lead = self._new_secret_lead()
        share = self._offer(lead)
        kind, body = self._said(share)[0]
        self.assertEqual(kind, "offer")
        self.assertNotIn("anzibar", json.dumps(body))
        self._hear(share.uuid, 1, "accept")
        self.assertEqual(share.state, "accepted")
        kind, body = self._said(share)[1]
        self.assertEqual(kind, "data")
        self.assertEqual(body["data"]["email"], lead.email_from)
        self.assertFalse(share.data)
        won = {"state": "won", "stage": "customer", "value": 1000, "currency": "USD"}
        self._hear(share.uuid, 3, "status", won)
        self.assertEqual(share.state, "accepted")  # 2 is still to come
        self._hear(share.uuid, 2, "status", {"state": "accepted", "stage": "qualified"})
        self.assertEqual(share.mirror_stage, "qualified")
        late = self._get_in().filtered(lambda one: one.state == "waiting")
        late.next_try = fields.Datetime.now()
        late._process_due(10)
        self.assertEqual(share.state, "won")
        self._hear(share.uuid, 3, "status", {"state": "lost"}, key="again")
        self.assertEqual(share.state, "won")  # said before
        lead.with_user(self.manager)._erase_personal_data()
        self.assertEqual(self._said(share)[-1][0], "recall")
        self._hear(share.uuid, 4, "erased", {"kept": ""})
        self.assertEqual(share.state, "erased")

    def test_what_a_later_version_says_is_passed_over(self):
        share = self._offer(self._new_secret_lead())
        self._hear(share.uuid, 1, "accept")
        self._hear(share.uuid, 2, "of tomorrow", {"x": 1})
        self._hear(share.uuid, 3, "status", {"state": "won", "value": 1})
        self.assertEqual(share.state, "won")
        unknown = self._get_in().filtered(lambda one: one.kind == "of tomorrow")
        self.assertEqual((unknown.state, unknown.error), ("done", "unknown type"))
        self.assertTrue(unknown.body)

    def test_corrections_go_over(self):
        lead = self._new_secret_lead()
        share = self._offer(lead)
        self._hear(share.uuid, 1, "accept")
        lead.with_user(self.rep).write({"phone": "+32470111111", "function": False})
        kind, body = self._said(share)[-1]
        self.assertEqual(kind, "data")
        self.assertEqual(
            body, {"corrected": {"phone": "+32470111111"}, "gone": ["function"]}
        )
        self.env["lead.consent"]._record(
            lead, "withdrawn", purpose="marketing", channel="email"
        )
        self.assertEqual(
            self._said(share)[-1], ("data", {"no": [["marketing", "email"]]})
        )

    def _get_theirs(self, uuid, **terms):
        """Return a share that we have from there."""
        term = fields.Datetime.to_string(fields.Datetime.now() + timedelta(hours=8))
        names = ["person", "email", "phone", "title"]
        self._hear(uuid, 1, "offer", {"term": term, "fields": names, **terms})
        share = self.env["lead.share"].search([("uuid", "=", uuid)])
        share.sudo(False).with_user(self.rep).action_accept()
        data = {"person": "Anna", "email": "a@example.com", "phone": "+32470987654"}
        self._hear(uuid, 2, "data", {"data": {**data, "title": "Fit-out"}})
        return share

    def test_corrections_come_in(self):
        share = self._get_theirs("c1")
        lead = share.copy_id
        lead.email_from = "ours@example.com"
        new = {
            "phone": "+32470111111",
            "email": "theirs@example.com",
            "website": "https://never.shared.example.com",
            "x": 1,
        }
        self._hear("c1", 3, "data", {"corrected": [], "gone": ["person", 3], "no": 3})
        self.assertFalse(share.event_ids.filtered(lambda one: one.kind == "correct"))
        self._hear("c1", 4, "data", {"corrected": new, "gone": ["person"]})
        self.assertEqual(lead.phone, "+32470111111")
        self.assertEqual(lead.email_from, "ours@example.com")
        self.assertEqual(lead.contact_name, "Anna")
        self.assertFalse(lead.website)
        notes = " ".join(lead.message_ids.mapped("body"))
        self.assertIn("theirs@example.com", notes)
        self.assertIn("erased: Name", notes)
        event = share.event_ids.filtered(lambda one: one.kind == "correct")[-1]
        self.assertEqual(event.fact_names, ["email", "person", "phone"])

    def test_both_sides_agree_on_a_commission(self):
        Commission = self.env["lead.share.commission"]
        share = self._offer(self._new_secret_lead())
        self._hear(share.uuid, 1, "accept")
        won = {"state": "won", "stage": "customer", "value": 1000, "currency": "USD"}
        self._hear(share.uuid, 2, "status", won)
        one = Commission.search([("share_id", "=", share.id)])
        self.assertEqual((one.amount, one.state), (80, "due"))
        with self.assertRaises(AccessError):
            one.with_user(self.manager).action_confirm()
        self._hear(share.uuid, 3, "commission", {"state": "paid"})
        self.assertEqual(one.state, "due")  # that is for us to say
        self._hear(share.uuid, 4, "commission", {"state": "disputed", "note": "Why"})
        self.assertEqual((one.state, one.note), ("disputed", "Why"))
        self._hear(share.uuid, 5, "commission", {"state": "confirmed"})
        one.with_user(self.manager).action_paid()
        self.assertEqual(
            self._said(share)[-1], ("commission", {"state": "paid", "note": ""})
        )

    def test_a_commission_of_theirs(self):
        eur = self.env.ref("base.PLN")
        eur.active = False
        share = self._get_theirs(
            "m1",
            currency=eur.name,
            commission={"kind": "amount", "amount": 500, "currency": eur.name},
        )
        self.assertEqual(share.currency_id, eur)
        share.copy_id.action_set_won()
        one = self.env["lead.share.commission"].search([("share_id", "=", share.id)])
        self.assertEqual((one.amount, one.currency_id), (500, eur))
        with self.assertRaises(AccessError):
            one.with_user(self.manager).action_paid()
        one.with_user(self.manager)._dispute("Known before")
        self.assertEqual(
            self._said(share)[-1],
            ("commission", {"state": "disputed", "note": "Known before"}),
        )
        self._hear("m1", 3, "commission", {"state": "canceled"})
        self.assertEqual(one.state, "canceled")

    def test_a_cancelled_connection_leaves_both_whole(self):
        taken = self._get_theirs("d1")
        given = self._offer(self._new_secret_lead())
        self._hear(given.uuid, 1, "accept")
        offered = self._offer(self._new_secret_lead())
        term = fields.Datetime.to_string(fields.Datetime.now() + timedelta(hours=8))
        self._hear("d2", 1, "offer", {"term": term})
        waiting = self.env["lead.share"].search([("uuid", "=", "d2")])
        waiting.sudo(False).with_user(self.rep).action_accept()
        self.assertEqual(waiting.state, "accepting")
        admin = self._new_admin()
        self.connection.with_user(admin).action_disconnect()
        self.assertEqual((taken.state, given.state), ("accepted", "accepted"))
        self.assertTrue(taken.copy_id.email_from)
        self.assertEqual((offered.state, waiting.state), ("withdrawn",) * 2)
        self.assertEqual(self._post(pack("d1", 3, "ping", {}, "")).status_code, 403)
        # and on again: what came too late is given back, the rest goes on
        self.connection.with_user(admin).action_confirm_connection()
        self._hear("d2", 2, "data", {"data": {"person": "Late"}})
        self.assertFalse(waiting.copy_id)
        self.assertEqual(self._said(waiting)[-1][1]["state"], "returned")
        taken.copy_id.action_set_won()
        self.assertEqual(self._said(taken)[-1][1]["state"], "won")

    def test_too_late_over_there(self):
        share = self._offer(self._new_secret_lead())
        share.sudo(False).with_user(self.rep).action_withdraw()
        self._hear(share.uuid, 1, "accept")
        self.assertEqual(share.state, "withdrawn")
        self.assertEqual(
            [kind for kind, __ in self._said(share)], ["offer", "recall", "recall"]
        )

    def test_hostile_content_is_kept_out(self):
        """Whatever a connected database says, it does no harm, and stops nothing."""
        bodies = [
            {"teaser": [], "term": "never", "fields": "x"},
            {"teaser": {"region": {"country": ["x"]}}, "commission": []},
            {"teaser": {"title": "x" * 100_000}, "commission": {"kind": "percent"}},
        ]
        for number, body in enumerate(bodies):
            self._hear(f"h{number}", 1, "offer", body)
        other = self._offer(self._new_secret_lead())
        self.connection.copy({"name": "Other"})
        self._hear("h1", 2, "status", {"state": "won", "value": "x"})
        self._hear("h1", 3, "nothing")
        self._hear("h1", 4, "erased", {})
        self._hear(other.uuid, 1, "data", {"data": {"person": "x"}})
        self.assertEqual(other.state, "offered")
        self.env["lead.share"].search([]).mapped("teaser_shown")

    def test_an_invitation_counts_once(self):
        partner = self.connection.create(
            {"kind": "connection", "name": "New", "company_id": self.company.id}
        )
        admin = self._new_admin()
        with self.assertRaises(UserError):
            partner.with_user(self.manager).action_invite()
        partner.with_user(admin).action_invite()
        partner.sudo().allow_private = True
        peer, code = partner.invitation.partition("#")[2].split(".")
        values = {
            "peer": peer,
            "code": code,
            "your_peer": "p",
            "name": "Them",
            "url": "http://127.0.0.1:1",
        }
        for wrong in ({**values, "code": "x"}, {**values, "peer": "x"}, {}, []):
            self.assertEqual(self._connect(wrong).status_code, 403)
        answer = self._connect(values)
        self.assertEqual(len(answer.json()["secret"]), 64)
        self.assertEqual(self._connect(values).status_code, 403)
        self.env.invalidate_all()
        self.assertEqual(partner.connection_state, "check")
        self.assertFalse(partner._is_ready())
        partner.with_user(admin).action_confirm_connection()
        self.assertTrue(partner._is_ready())

    def _connect(self, values):
        self.env.flush_all()
        return self.url_open(
            "/lead/exchange/1/connect",
            data=json.dumps(values),
            headers={"Content-Type": "application/json"},
        )

    def test_private_addresses_are_not_called(self):
        admin = self._new_admin()
        partner = self.connection.create(
            {"kind": "connection", "name": "New", "company_id": self.company.id}
        )
        for url in (
            "http://example.com",
            "https://127.0.0.1",
            "https://localhost",
            "https://[::1]",
            "https://u:p@example.com",
            "file:///etc/passwd",
        ):
            partner.sudo().invitation = f"{url}#peer.code"
            with self.assertRaises(UserError):
                partner.with_user(admin).action_connect()
