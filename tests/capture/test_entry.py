from datetime import timedelta
from unittest.mock import patch

from psycopg2 import DatabaseError
from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.sql_db import Cursor
from odoo.tools import SQL

from odoo.addons.lead_management.models.capture.door.door import DOORS
from odoo.addons.lead_management.models.capture.entry import lead_capture_entry_actions
from odoo.addons.lead_management.models.capture.entry.lead_capture_entry_store import (
    MOST_UNKNOWN,
    TooMany,
)

from .capture_common import CaptureCase


class TestEntry(CaptureCase):
    """From what comes in to a lead, on the road all doors share."""

    def test_a_new_person_is_a_lead(self):
        [entry] = self._send(self.form, self._person(phone="0470 12 34 56"))
        lead = entry.lead_id
        self.assertEqual(entry.state, "done", entry.reason)
        self.assertEqual(lead.contact_name, "Person 1")
        self.assertEqual(lead.email_normalized, "person1@example.com")
        self.assertEqual(lead.name, "Source form: Person 1")
        self.assertEqual(lead.team_id, self.team)
        self.assertEqual(lead.company_id, self.company)
        self.assertEqual(lead.capture_source_id, self.form)
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.campaign_touch_ids.how, "form")

    def test_many_at_once_are_told_as_one_is(self):
        """In the discussion, and to who follows the team."""
        self.team.message_subscribe(
            self.rep_2.partner_id.ids, self.env.ref("crm.mt_salesteam_lead").ids
        )
        [alone] = self._send(self.form, self._person(0))
        several = self._send(self.form, *(self._person(n) for n in range(1, 4)))
        wanted = self._read_first_message(alone.lead_id)
        self.assertIn("created", wanted["body"])
        self.assertIn(self.rep_2.partner_id, wanted["told"])
        for entry in several:
            self.assertEqual(self._read_first_message(entry.lead_id), wanted)

    def _read_first_message(self, lead):
        message = lead.message_ids.sorted("id")[:1]
        return {
            "body": message.body,
            "type": message.message_type,
            "subtype": message.subtype_id,
            "author": message.author_id,
            "told": message.notified_partner_ids,
            "followers": lead.message_partner_ids,
        }

    def test_the_same_is_kept_once(self):
        first = self._send(self.form, self._person())
        again = self._send(self.form, self._person())
        self.assertEqual(first, again)
        self.assertEqual(len(first.lead_id.capture_entry_ids), 1)

    def test_a_known_person_is_added_to_the_open_lead(self):
        lead = self._new_lead(email_from="Person1@example.com")
        [entry] = self._send(self.form, self._person(description="Call me"))
        self.assertEqual((entry.state, entry.lead_id), ("attached", lead))
        message = lead.message_ids[0]
        self.assertIn("Call me", message.body)
        self.assertIn(self.rep.partner_id, message.notified_partner_ids)
        self.assertEqual(message._get_lead_touch().direction, "in")
        self.assertTrue(lead.touch_ids)

    def test_a_form_that_is_sent_again_waits_for_an_answer(self):
        lead = self._new_lead(email_from="person1@example.com")
        before = fields.Datetime.subtract(fields.Datetime.now(), days=3)
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s", [before, lead.id]
        )
        lead.invalidate_recordset(["create_date"])
        self._send(self.form, self._person(description="And the price?"))
        self.assertEqual(lead.answer_ids.kind, "form")
        self.assertIn("And the price?", lead.answer_ids._get_text())

    def test_known_by_phone(self):
        lead = self._new_lead(phone="+32 470 12 34 56")
        [entry] = self._send(
            self.form, {"contact_name": "Ann", "phone": "+32470123456"}
        )
        self.assertEqual(entry.lead_id, lead)

    def test_known_by_the_contact(self):
        """A lead may have another address than its contact."""
        partner = self.env["res.partner"].create(
            {"name": "Ann", "email": "person1@example.com"}
        )
        lead = self._new_lead(partner_id=partner.id)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET email_normalized = 'ann@work.example.com'"
            " WHERE id = %s",
            [lead.id],
        )
        lead.invalidate_recordset()
        [entry] = self._send(self.form, self._person())
        self.assertEqual((entry.state, entry.lead_id), ("attached", lead))

    def test_people_are_found_by_indexes(self):
        """Whatever the number of leads and contacts: no table is read as a whole."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        execute, queries = Cursor.execute, []

        def listening(cursor, query, *args, **kwargs):
            code = str(getattr(query, "code", query))
            if "res_partner" in code and code.lstrip().startswith("SELECT"):
                queries.append(query)
            return execute(cursor, query, *args, **kwargs)

        known = {"email": "a@example.com", "phone": "+32470123456", "days": 90}
        with patch.object(Cursor, "execute", listening):
            self.env["crm.lead"]._capture_find(self.company, **known)
        [query] = queries
        wanted = {
            "crm_lead_email_normalized_idx",
            "crm_lead__phone_sanitized_index",
            "res_partner_lead_email_idx",
            "crm_lead__partner_id_index",
        }
        plan = self._explain_searching(SQL("EXPLAIN %s", query), wanted)
        for name in wanted:
            self.assertIn(name, plan)

    def _explain_searching(self, statement, wanted):
        """Return a plan in which indexes are searched, not read as a whole.

        Of few rows PostgreSQL reads whichever index is at hand: those it would read as
        a whole are taken away, but for those that are wanted.
        """
        while True:
            plan = [line for [line] in self.env.execute_query(statement)]
            whole = {
                line.split(" using ")[1].split()[0]
                for line, after in zip(plan, [*plan[1:], ""], strict=True)
                if " using crm_lead_" in line and "Index Cond" not in after
            } - {"crm_lead_pkey", *wanted}
            if not whole:
                return "\n".join(plan)
            for name in whole:
                self.env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))

    def test_closed_leads_and_old_ones_and_those_of_others_do_not_count(self):
        in_b = {"company_id": self.company_b.id, "team_id": self.team_b.id}
        self._new_lead(email_from="person1@example.com", active=False, probability=0)
        self._new_lead(email_from="person1@example.com", user_id=False, **in_b)
        old = self._new_lead(email_from="person1@example.com")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET write_date = now() - interval '91 days' WHERE id = %s",
            [old.id],
        )
        [entry] = self._send(self.form, self._person())
        self.assertEqual(entry.state, "done")

    def test_ask(self):
        self.form.known = "ask"
        lead = self._new_lead(email_from="person1@example.com")
        [entry] = self._send(self.form, self._person())
        self.assertEqual(entry.state, "parked")
        self.assertTrue(entry.is_known_person)
        entry.with_user(self.manager).action_attach()
        self.assertEqual((entry.state, entry.lead_id), ("attached", lead))
        [other] = self._send(self.form, self._person(description="More"))
        other.with_user(self.manager).action_new_lead()
        self.Entry._run_due()
        self.assertEqual(other.state, "done")
        self.assertNotEqual(other.lead_id, lead)

    def test_nobody_can_be_called(self):
        [entry] = self._send(self.form, {"contact_name": "Ann"})
        self.assertEqual(entry.state, "parked")
        self.assertIn("Neither", entry.reason)

    def test_a_bad_address_is_no_lead_without_a_number(self):
        bad = {"contact_name": "Ann", "email_from": "a@b, c@d.org"}
        [entry] = self._send(self.form, bad)
        self.assertEqual(entry.state, "parked")
        [other] = self._send(self.form, {**bad, "phone": "+32470123456"})
        self.assertEqual(other.state, "done")
        self.assertFalse(other.lead_id.email_from)
        self.assertIn("a@b, c@d.org", other.lead_id.description)

    def test_an_unmapped_name_is_listed_and_mapped(self):
        source = self._new_source("api")
        [entry] = self._send(source, {"badge_no": "+1 773 555 0188"})
        self.assertEqual(entry.state, "parked")
        self.assertEqual(entry.unmapped_name, "badge_no")
        self.assertEqual(source.field_ids.example, "+1 773 555 0188")
        other = self._send(source, {"badge_no": "+1 708 555 0102"})
        dialog = (
            self.env["lead.capture.map"]
            .with_user(self.manager)
            .create({"entry_id": entry.id, "name": "badge_no", "target": "phone"})
        )
        self.assertEqual(dialog.waiting_count, 2)
        dialog.action_map()
        self.Entry._run_due()
        self.assertEqual((entry + other).mapped("state"), ["done", "done"])
        self.assertEqual(entry.lead_id.phone_sanitized, "+17735550188")

    def test_what_has_no_field_is_told_in_the_notes(self):
        source = self._new_source("api")
        row = {"email": "a@example.com", "fleet": {"size": 12}, "user_id": 2}
        [entry] = self._send(source, row)
        self.assertIn("fleet.size: 12", entry.lead_id.description)
        self.assertFalse(entry.lead_id.user_id)

    def test_names_over_all_fields_of_a_lead_never_count(self):
        """Who sends something says nothing of whose it is, or how far it is."""
        source = self._new_source("api")
        Lead = self.env["crm.lead"]
        plain = {"email": "a@example.com", "name": "Ann"}
        row = {name: "7" for name in Lead._fields} | plain
        [entry] = self._send(source, row)
        lead = entry.lead_id
        self.assertEqual(entry.state, "done", entry.reason)
        self.assertFalse(lead.user_id or lead.tag_ids or lead.partner_id)
        self.assertEqual(lead.company_id, self.company)
        self.assertNotEqual(lead.probability, 7)
        self.assertFalse(lead.expected_revenue or lead.priority == "7")
        for kind, payload in self._prepare_hostile(row).items():
            source = self._new_source(kind)
            [entry] = self._send(source, payload)
            self.assertEqual(entry.state, "done", f"{kind}: {entry.reason}")
            lead = entry.lead_id
            self.assertFalse(lead.user_id or lead.tag_ids or lead.partner_id, kind)
            self.assertEqual(lead.company_id, self.company, kind)
            self.assertNotEqual(lead.team_id.id, 7, kind)
            self.assertNotEqual(lead.stage_id.id, 7, kind)
        [other] = self._send(self.form, {**row, **self._person(2)})
        self.assertEqual(other.state, "done", other.reason)
        self.assertEqual(other.lead_id.description, "<p>7</p>")  # asked for

    def _prepare_hostile(self, row):
        """Return the same names as each platform would deliver them."""
        rows = {
            kind: {**row, "email": f"{kind}@example.com"}
            for kind in ("google", "meta", "linkedin", "tiktok")
        }
        pairs = {kind: rows[kind].items() for kind in rows}
        return {
            "google": {
                **rows["google"],
                "lead_id": "7",
                "is_test": False,
                "user_column_data": [
                    {"column_id": "EMAIL" if name == "email" else name}
                    | {"string_value": value}
                    for name, value in pairs["google"]
                ],
            },
            "meta": {
                "object": "page",
                "entry": [
                    {
                        "changes": [
                            {
                                "field": "leadgen",
                                "value": {
                                    "leadgen_id": "7",
                                    "lead": {
                                        **rows["meta"],
                                        "field_data": [
                                            {"name": name, "values": [value]}
                                            for name, value in pairs["meta"]
                                        ],
                                    },
                                },
                            }
                        ]
                    }
                ],
            },
            "linkedin": {
                "leadGenFormResponse": "urn:li:leadGenFormResponse:7",
                "lead": {
                    "form": {
                        "questions": [
                            {"questionId": name, "name": name}
                            for name, __ in pairs["linkedin"]
                        ]
                    },
                    "response": {
                        "answers": [
                            {"questionId": name, "answerDetails": {"answer": value}}
                            for name, value in pairs["linkedin"]
                        ]
                    },
                },
            },
            "tiktok": {
                **rows["tiktok"],
                "lead_id": "7",
                "field_data": [
                    {"name": name, "value": value} for name, value in pairs["tiktok"]
                ],
            },
        }

    def test_formulas_are_harmless(self):
        [entry] = self._send(self.form, self._person(contact_name="=1+1\x00"))
        self.assertEqual(entry.lead_id.contact_name, "'=1+1")

    # Spam
    # ----

    def test_spam_is_set_aside_and_taken_back(self):
        [entry] = self._send(
            self.form,
            self._person(email_from="a@mailinator.com"),
            seconds=1,
        )
        self.assertEqual(entry.state, "quarantined")
        self.assertFalse(entry.lead_id)
        self.assertIn("disposable address (+20) · sent after 1 s (+40)", entry.reason)
        entry.with_user(self.manager).action_replay()
        self.Entry._run_due()
        self.assertEqual(entry.state, "done")

    def test_honeypot_and_links(self):
        [entry] = self._send(self.form, self._person(1), honeypot=True)
        self.assertEqual(entry.state, "quarantined")
        self.form.spam_limit = 0
        text = "http://a.b http://c.d http://e.f"
        [entry] = self._send(self.form, self._person(2, description=text))
        self.assertEqual(entry.state, "done")

    def test_more_than_the_source_takes(self):
        self.form.hour_limit = 2
        for number in range(3):
            [entry] = self._send(self.form, self._person(number))
        self.assertEqual(entry.state, "quarantined")
        for number in range(3, 20):
            self._store(self.form, {"values": self._person(number)})
        with self.assertRaises(TooMany):
            self._store(self.form, {"values": self._person(99)})

    def test_wrong_secret_is_kept_up_to_a_cap(self):
        source = self._new_source("api")
        [entry] = self._store(source, {"email": "a@example.com"}, is_wrong=True)
        self.Entry._run_due()
        self.assertEqual(entry.state, "quarantined")
        entry.action_replay()
        self.Entry._run_due()
        self.assertEqual(entry.state, "done")
        for number in range(MOST_UNKNOWN):
            payload = {"email": f"wrong{number}@example.com"}
            try:
                self._store(source, payload, is_wrong=True)
            except TooMany:
                break
        self.assertEqual(number, MOST_UNKNOWN - 1)
        # none of them keeps out who has the key
        [entry] = self._send(source, {"email": "b@example.com"})
        self.assertEqual(entry.state, "done")

    def test_the_right_key_takes_the_place_of_the_wrong_one(self):
        source = self._new_source("api")
        [wrong] = self._store(source, {"id": 1, "email": "a@evil.com"}, is_wrong=True)
        [entry] = self._send(source, {"id": 1, "email": "a@example.com"})
        self.assertEqual(entry, wrong)
        self.assertEqual((entry.state, entry.lead_id.email_from), ("done", "a@example.com"))
        # not the other way round, and never twice
        self._store(source, {"id": 1, "email": "a@evil.com"}, is_wrong=True)
        [again] = self._send(source, {"id": 1, "email": "c@example.com"})
        self.assertEqual((again, again.state), (entry, "done"))
        self.assertNotIn("evil", entry.payload)

    def test_forged_calls_use_up_nothing(self):
        source = self._new_source("meta", hour_limit=1)
        rates = self.env["lead.capture.rate"]
        for number in range(1, 21):
            self.assertEqual(rates._count(source, "n", is_forged=True), (number, number))
        self.assertEqual(rates._count(source, "n"), (1, 1))
        lead = {"field_data": [{"name": "email", "values": ["a@example.com"]}]}
        change = {"field": "leadgen", "value": {"leadgen_id": "1", "lead": lead}}
        page = {"object": "page", "entry": [{"changes": [change]}]}
        [entry] = self._send(source, page)
        self.assertEqual(entry.state, "done", entry.reason)

    def test_raw_data_is_forgotten_and_the_leads_stay(self):
        other = self._new_source("api", keep_days=10)
        entries = self._send(self.form, *map(self._person, range(3)))
        [kept] = self._send(self.form, self._person(3))
        [young] = self._send(other, self._person(4))
        leads = (entries + kept + young).lead_id
        entries.date = fields.Datetime.now() - timedelta(days=181)
        kept.date = fields.Datetime.now() - timedelta(days=179)
        young.date = fields.Datetime.now() - timedelta(days=11)
        self.patch(lead_capture_entry_actions, "MOST_FORGOTTEN", 3)
        self.assertEqual(self.Entry._gc_entries(), (3, 1))
        self.assertEqual(self.Entry._gc_entries(), (1, 0))
        self.assertEqual((entries + kept + young).exists(), kept)
        self.assertEqual(len(leads.exists()), 5)

    def test_the_page_somebody_came_from_is_no_formula(self):
        [entry] = self._send(self.form, self._person(), page="=HYPERLINK(1)")
        self.assertEqual(entry.lead_id.campaign_touch_ids.page, "'=HYPERLINK(1)")

    # Errors
    # ------

    def test_what_fails_is_tried_again_and_then_left_to_a_person(self):
        with (
            patch.object(
                type(self.Entry), "_prepare_lead", side_effect=UserError("No team")
            ),
        ):
            [entry] = self._send(self.form, self._person())
            self.assertEqual((entry.state, entry.tries), ("retry", 1))
            self.assertIn("No team", entry.reason)
            for __ in range(4):
                entry.next_try = False
                self.env.flush_all()
                self.Entry._run_due()
                self.env.invalidate_all()
        self.assertEqual(entry.state, "parked")
        entry.action_replay()
        self.Entry._run_due()
        self.assertEqual((entry.state, entry.tries), ("done", 0))

    def test_a_clash_with_others_is_tried_again_at_once(self):
        make, clashes = type(self.Entry)._prepare_lead, [SerializationFailure()] * 2

        def clashing(entry, reading):
            if clashes:
                raise clashes.pop()
            return make(entry, reading)

        with patch.object(type(self.Entry), "_prepare_lead", clashing):
            [entry] = self._send(self.form, self._person())
        self.assertEqual((entry.state, entry.tries), ("done", 0))
        for number, error in enumerate(
            (SerializationFailure(), DatabaseError("server closed the connection")), 2
        ):
            always = patch.object(type(self.Entry), "_prepare_lead", side_effect=error)
            with always:
                [entry] = self._send(self.form, self._person(number))
            self.assertEqual((entry.state, entry.tries), ("retry", 1))
            self.assertIn("busy", entry.reason)

    def test_a_worker_goes_on_when_another_one_was_faster(self):
        """Both look at the same moment; the later one takes what is left."""
        self._store(self.form, *({"values": self._person(n)} for n in range(3)))
        lock, faster = type(self.Entry)._lock, [1]

        def locking(entries, ids):
            return lock(entries, [] if faster and faster.pop() else ids)

        with patch.object(type(self.Entry), "_lock", locking):
            self.assertEqual(self.Entry._run_due(), 3)

    def test_one_that_fails_does_not_stop_the_others(self):
        make = type(self.Entry)._prepare_lead

        def failing(entry, reading):
            if "1" in reading.name:
                raise ValueError("broken")
            return make(entry, reading)

        logger = "odoo.addons.lead_management.models.capture.entry"
        with (
            patch.object(type(self.Entry), "_prepare_lead", failing),
            self.assertLogs(logger, "WARNING"),
        ):
            entries = self._send(self.form, *(self._person(n) for n in range(3)))
        self.assertEqual(entries.mapped("state"), ["done", "retry", "done"])
        self.assertEqual(entries[1].reason, "Try 1: ValueError")

    def test_an_archived_team_loses_nothing(self):
        self.team.active = False
        [entry] = self._send(self.form, self._person())
        self.assertTrue(entry.lead_id)

    # People
    # ------

    def test_only_managers_work_in_the_inbox(self):
        [entry] = self._send(self.form, {"contact_name": "Ann"})
        for user in (self.rep, self.leader, self.manager_b):
            with self.assertRaises(AccessError):
                entry.with_user(user).action_replay()
            with self.assertRaises(AccessError):
                entry.with_user(user).read(["payload"])
        entry.with_user(self.manager).action_discard()
        self.assertEqual(entry.state, "ignored")

    def test_secrets_are_read_by_administrators_alone(self):
        source = self._new_source("google")
        for name in ("token", "secret", "access_token", "address", "verify_token"):
            with self.assertRaises(AccessError):
                source.with_user(self.manager).read([name])
        made = self.Source.with_user(self.manager).create({"name": "Mine"})
        self.assertTrue(made.sudo().token)
        self.assertIn("/lead/form/", made.form_url)

    def test_the_whole_way_of_a_test_leaves_no_lead(self):
        self._new_assignment_rule()
        before = self.env["crm.lead"].search_count([])
        action = self.form.with_user(self.manager).action_test()
        entry = self.Entry.browse(action["res_id"])
        self.assertEqual(entry.state, "test", entry.reason)
        self.assertIn("Would create a lead", entry.reason)
        self.assertIn("assigned to", entry.reason)
        self.assertEqual(self.env["crm.lead"].search_count([]), before)

    def test_the_button_of_each_kind_goes_the_whole_way(self):
        self._new_assignment_rule()
        before = self.env["crm.lead"].search_count([])
        kinds = {door.name for door in DOORS} - {"whatsapp", "manual", "import"}
        self.assertLessEqual({"form", "api", "google", "meta", "linkedin"}, kinds)
        for kind in sorted(kinds):
            source = self.form if kind == "form" else self._new_source(kind)
            action = source.with_user(self.manager).action_test()
            entry = self.Entry.browse(action["res_id"])
            self.assertEqual(entry.state, "test", f"{kind}: {entry.reason}")
            self.assertIn("Would create a lead", entry.reason, kind)
            self.assertIn("assigned to", entry.reason, kind)
            self.assertIn("score", entry.reason, kind)
        self.assertEqual(self.env["crm.lead"].search_count([]), before)

    def test_each_kind_has_its_steps(self):
        for kind in ("api", "google", "meta", "linkedin", "tiktok", "email"):
            source = self.Source.create({"name": kind, "kind": kind})
            for user in (self.manager, self.env.user):
                text = str(source.with_user(user).setup_html)
                self.assertIn("<li>", text, kind)
                for name in ("token", "secret", "verify_token"):
                    if secret := source[name]:
                        self.assertNotIn(secret, text)
        self.assertTrue(self.Source.create({"name": "G", "kind": "google"}).secret)
        self.assertFalse(self.form.setup_html)

    def test_erasing_a_person_empties_what_came_in(self):
        [entry] = self._send(self.form, self._person())
        [spam] = self._send(self.form, self._person(honey="x"), honeypot=True)
        other = self._send(self.form, self._person(2))
        entry.lead_id.with_user(self.manager)._erase_personal_data()
        self.env.invalidate_all()
        self.assertEqual((entry + spam).mapped("state"), ["erased", "erased"])
        self.assertFalse(entry.payload or entry.person or entry.email_normalized)
        self.assertTrue(other.payload)

    def test_merged_leads_keep_their_submissions(self):
        self.form.known = "new"
        entries = self._send(self.form, self._person(), self._person(description="x"))
        leads = entries.lead_id
        self.assertEqual(len(leads), 2)
        stays = leads.merge_opportunity()
        self.env.invalidate_all()
        self.assertEqual(entries.lead_id, stays)
        self.assertEqual(len(stays.campaign_touch_ids), 2)
