from collections import Counter
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.lead_management.models.timeline import lead_timeline, source
from odoo.addons.lead_management.models.timeline.source import SOURCES, SOURCES_MAX
from odoo.addons.lead_management.tests.common import LeadManagementCase

# Tables whose rows belong to the story of a lead, and which of them, said without the
# room: the statements that the story is compared with.
TABLES = {
    1: "SELECT id FROM crm_lead WHERE id = ANY(%(leads)s)",
    2: "SELECT id FROM crm_lead WHERE id = ANY(%(leads)s) AND date_closed IS NOT NULL"
    " AND won_status IN ('won', 'lost')",
    4: "SELECT id FROM lead_message WHERE lead_id = ANY(%(leads)s)",
    6: "SELECT id FROM calendar_event WHERE opportunity_id = ANY(%(leads)s) AND active",
    7: "SELECT id FROM ir_attachment WHERE res_model = 'crm.lead'"
    " AND res_id = ANY(%(leads)s) AND res_field IS NULL",
    8: "SELECT id FROM mail_activity WHERE res_model = 'crm.lead' AND active"
    " AND res_id = ANY(%(leads)s) AND calendar_event_id IS NULL",
    9: "SELECT id FROM lead_stage_transition WHERE lead_id = ANY(%(leads)s)",
    10: "SELECT id FROM lead_assignment_log WHERE lead_id = ANY(%(leads)s)",
    11: "SELECT id FROM lead_sla_clock WHERE lead_id = ANY(%(leads)s)"
    " AND state IN ('kept', 'missed')",
    13: "SELECT id FROM lead_qualifier_answer WHERE lead_id = ANY(%(leads)s)",
    14: "SELECT id FROM lead_score_change WHERE lead_id = ANY(%(leads)s)",
    15: "SELECT id FROM lead_consent WHERE lead_id = ANY(%(leads)s)",
    16: "SELECT id FROM lead_score_snapshot WHERE lead_id = ANY(%(leads)s)",
    17: "SELECT id FROM lead_capture_entry WHERE lead_id = ANY(%(leads)s)",
    18: "SELECT id FROM lead_campaign_touch WHERE lead_id = ANY(%(leads)s)",
    19: "SELECT id FROM lead_enrollment WHERE lead_id = ANY(%(leads)s)",
    20: "SELECT id FROM lead_enrollment WHERE lead_id = ANY(%(leads)s)"
    " AND end_date IS NOT NULL",
    31: "SELECT id FROM lead_check WHERE lead_id = ANY(%(leads)s)"
    " AND (source <> 'offline' OR verdict IN ('doubtful', 'wrong'))",
    32: "SELECT id FROM lead_credit_check WHERE lead_id = ANY(%(leads)s)",
    21: "SELECT id FROM lead_enrollment_step WHERE lead_id = ANY(%(leads)s)"
    " AND message_id IS NULL",
}


class TimelineCase(LeadManagementCase):
    """A lead with a life."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.question = cls._new_qualifier("Budget", options=[("Yes", 20), ("No", 0)])
        cls.lead = cls._new_lead(
            name="Kiln trial",
            email_from="ines@bayline.example",
            phone="+1 510 555 0171",
            stage_id=cls._stage("open").id,
            expected_revenue=12500,
        )
        cls.env.cr.flush()

    def _live(self, lead=None):
        """Let a lead be called, answer, move and get what leads get."""
        lead = (lead or self.lead).with_user(self.rep)
        self._call(lead)
        lead.action_qualify({self.question.id: self.question.option_ids[0].id})
        lead.stage_id = self._stage("qualified")
        lead.message_post(body="Likes our kilns", message_type="comment")
        lead.sudo().message_post(
            body="Can you match 11,200?",
            message_type="email",
            author_id=self.env["res.partner"].create({"name": "Ines"}).id,
        )
        lead.expected_revenue = 11200
        self._new_file(lead, "offer.txt")
        lead.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=fields.Date.add(fields.Date.today(), days=3),
            summary="Ask for the date",
        )
        self._new_event(lead)
        self.commit()

    def _call(self, lead, **values):
        outcome = self.env.ref("lead_management.touch_outcome_reached")
        self.env["lead.touch"]._record(
            [
                {
                    "lead_id": lead.id,
                    "user_id": self.rep.id,
                    "channel": "call",
                    "outcome_id": outcome.id,
                    "is_contact": True,
                    "duration": 8,
                    "note": "Wants a trial",
                    **values,
                }
            ]
        )

    def _new_file(self, lead, name):
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": name.encode(),
                "res_model": "crm.lead",
                "res_id": lead.id,
            }
        )

    def _new_event(self, lead, **values):
        start = fields.Datetime.now() - timedelta(hours=3)
        return (
            self.env["calendar.event"]
            .with_user(self.rep)
            .create(
                {
                    "name": "Demonstration",
                    "opportunity_id": lead.id,
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    **values,
                }
            )
        )

    def _read(self, lead=None, user=None, **options):
        lead = (lead or self.lead).with_user(user or self.rep)
        lead.env.flush_all()
        return lead.action_timeline(options)

    def _texts(self, *args, **kwargs):
        return [row["text"] for row in self._read(*args, **kwargs)["rows"]]


class TestTimeline(TimelineCase):
    def _count(self, lead):
        """Return how often each row of each source is in the story of a lead."""
        rows = self.env["lead.timeline"].search([("lead_id", "=", lead.id)])
        return Counter((row.id % SOURCES_MAX, row.id // SOURCES_MAX) for row in rows)

    def _expect(self, lead):
        """Return every row that is kept of a lead, straight from the tables."""
        expected = Counter()
        for number, statement in TABLES.items():
            rows = self.env.execute_query(SQL(statement, leads=lead.ids))
            expected.update((number, id_) for (id_,) in rows)
        return expected

    def _assert_complete(self, lead):
        self.env.flush_all()
        found = self._count(lead)
        self.assertEqual(max(found.values()), 1, "no row twice")
        told = Counter(key for key in found if key[0] in TABLES)
        self.assertEqual(told, self._expect(lead))
        # messages, touches and what was sent tell of each message once
        messages = self.env["mail.message"].search(
            [
                ("model", "=", "crm.lead"),
                ("res_id", "=", lead.id),
                ("message_type", "in", ("comment", "email", "sms")),
            ]
        )
        told = [
            *self.env["lead.touch"].search([("lead_id", "=", lead.id)]).message_id.ids,
            *self.env["lead.message"]
            .search([("lead_id", "=", lead.id)])
            .mail_message_id.ids,
            *(id_ for number, id_ in found if number == 3),
        ]
        self.assertLessEqual(set(messages.ids), set(told))

    def test_each_row_of_each_source_exactly_once(self):
        self._assert_complete(self.lead)
        self._live()
        self._assert_complete(self.lead)
        self._queue_message(self.lead)
        self.env["lead.consent"]._record(self.lead, "withdrawn", lead_id=self.lead.id)
        self.lead.action_set_won()
        self.commit()
        self._assert_complete(self.lead)

    def test_nothing_is_lost_in_a_merge(self):
        other = self._new_lead(name="Kiln again", stage_id=self._stage("open").id)
        self.commit()
        for lead in (self.lead, other):
            self._live(lead)
        gone = self._expect(other)
        # a lead has one score for each milestone, and its own beginning and end
        gone = {key for key in gone if key[0] not in (1, 2, 8, 16)}
        (self.lead + other).with_user(self.manager)._merge_opportunity(
            user_id=self.rep.id, auto_unlink=True
        )
        self.commit()
        kept = (self.lead + other).exists()
        self._assert_complete(kept)
        self.assertLessEqual(gone, set(self._count(kept)))

    def test_every_source_is_read_once_a_page(self):
        """Whatever happened: a page costs as many statements with ten times as much."""
        counts = []
        for _time in range(2):
            self._live()
            self._read()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.lead.with_user(self.rep).action_timeline()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0], STATEMENTS, counts)

    def test_what_is_told(self):
        self._live()
        rows = {row["kind"]: row for row in reversed(self._read()["rows"])}
        self.assertIn("→ Qualified", rows["stage"]["text"])
        self.assertEqual(rows["stage"]["direction"], "up")
        self.assertEqual(rows["stage"]["who"], self.rep.name)
        self.assertEqual(rows["answer"]["text"], "Budget: Yes")
        self.assertEqual(rows["call"]["quote"], "Wants a trial")
        self.assertEqual(rows["call"]["note"], "8 min")
        self.assertEqual(rows["note"]["quote"], "Likes our kilns")
        self.assertEqual(rows["email"]["quote"], "Can you match 11,200?")
        self.assertEqual(rows["email"]["direction"], "in")
        self.assertEqual(rows["email"]["who"], "Ines")
        self.assertEqual(rows["file"]["text"], "offer.txt")
        self.assertIn("/web/content/", rows["file"]["url"])

    def test_what_is_planned_stands_apart(self):
        self._live()
        found = self._read()
        self.assertEqual(
            [row["text"] for row in found["planned"]], ["Ask for the date"]
        )
        self.assertNotIn("planned", [row["kind"] for row in found["rows"]])
        soon = fields.Datetime.now() + timedelta(days=1)
        self._new_event(self.lead, start=soon, stop=soon + timedelta(hours=1))
        self.assertEqual(len(self._read()["planned"]), 2)

    def test_filters(self):
        self._live()
        found = self._read()
        self.assertEqual(sum(found["counts"].values()), len(found["rows"]))
        for group, count in found["counts"].items():
            rows = self._read(group=group)["rows"]
            self.assertEqual(len(rows), count)
            self.assertLessEqual({row["group"] for row in rows}, {group})
        kinds = {row["kind"] for row in self._read(milestones=True)["rows"]}
        self.assertEqual(kinds, {"created", "stage"})
        self.assertIn([self.rep.id, self.rep.name], [[*p] for p in found["people"]])
        rows = self._read(user_id=self.rep.id)["rows"]
        self.assertTrue(rows)
        self.assertLess(len(rows), len(found["rows"]))
        tomorrow = fields.Date.to_string(fields.Date.add(fields.Date.today(), days=1))
        self.assertFalse(self._read(since=tomorrow)["rows"])
        self.assertEqual(len(self._read(until=tomorrow)["rows"]), len(found["rows"]))

    def test_texts_are_found(self):
        self._live()
        for text in ("MATCH 11", "wants a trial", "offer.txt", "budget: y"):
            self.assertEqual(len(self._read(search=text)["rows"]), 1, text)
        self.assertFalse(self._read(search="nowhere")["rows"])

    def test_pages_hold_everything_once(self):
        self.lead.with_user(self.rep)
        for number in range(95):
            self._call(self.lead, note=f"Call {number}")
        self.commit()
        found, rows = self._read(), []
        while True:
            rows += found["rows"]
            if not found["has_more"]:
                break
            last = rows[-1]
            found = self._read(before=[last["date"], last["id"]])
        ids = [row["id"] for row in rows]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual(sum(row["kind"] == "call" for row in rows), 95)
        self.assertEqual([*ids], [*dict.fromkeys(ids)])
        self.assertEqual(len(self._read(search="call 7")["rows"]), 11)

    def test_what_cannot_be_asked_is_refused(self):
        for options in (
            {"group": "all"},
            {"group": ["move"]},
            {"user_id": "1 OR 1=1"},
            {"since": "yesterday"},
            {"before": ["now()", 1]},
            {"before": 3},
            {"milestones": "yes"},
            {"domain": []},
        ):
            with self.assertRaises(UserError, msg=options):
                self._read(**options)

    def test_a_row_read_by_id_asks_its_source_only(self):
        self._live()
        Timeline = self.env["lead.timeline"].with_user(self.rep)
        row = Timeline.search([("lead_id", "=", self.lead.id), ("kind", "=", "call")])
        self.env.invalidate_all()
        asked = []

        def select(env, ids=None):
            asked.append(ids)
            return source.select_all(env, ids)

        self.patch(lead_timeline, "select_all", select)
        row.fetch(["date", "kind"])
        self.assertEqual(row.kind, "call")
        self.assertEqual(Timeline.search([("id", "in", row.ids)]), row)
        self.assertEqual(asked, [row._ids] * 2)
        statement = source.select_all(self.env, row.ids).code
        self.assertIn("lead_touch AS", statement)
        self.assertNotIn("calendar_event", statement)

    def test_a_row_opens_what_it_is_about(self):
        self._live()
        Timeline = self.env["lead.timeline"].with_user(self.rep)
        for row in Timeline.search([("lead_id", "=", self.lead.id)]):
            action = row.action_open()
            record = self.env[action["res_model"]].browse(action["res_id"])
            self.assertTrue(record.with_user(self.rep).has_access("read"))


class TestTimelineAccess(TimelineCase):
    def _rows(self, user, lead=None):
        Timeline = self.env["lead.timeline"].with_user(user)
        return Timeline.search([("lead_id", "=", (lead or self.lead).id)])

    def test_as_the_lead_is_read(self):
        pools = self.env["lead.pool"].create(
            [
                {"name": "P", "team_id": self.team.id, "is_blind": is_blind}
                for is_blind in (True, False)
            ]
        )
        leads = {
            "own": self.lead,
            "other": self._new_lead(user_id=self.rep_2.id),
            "company_b": self._new_lead(
                user_id=self.rep_b.id, company_id=self.company_b.id
            ),
            **{
                f"pool_{pool.is_blind}": self._new_lead(user_id=False) for pool in pools
            },
        }
        self.commit()
        for pool in pools:
            leads[f"pool_{pool.is_blind}"].sudo()._as_engine().write(
                {"assignment_pool_id": pool.id, "user_id": False}
            )
        self.env.flush_all()
        portal = self.env["res.users"].create(
            {
                "name": "P",
                "login": "lm_portal",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        for user in (self.rep, self.rep_2, self.rep_b, self.manager):
            for name, lead in leads.items():
                is_read = lead.with_user(user).has_access("read")
                self.assertEqual(
                    bool(self._rows(user, lead)), is_read, (user.login, name)
                )
                if not is_read:
                    with self.assertRaises(AccessError):
                        self._read(lead, user)
        with self.assertRaises(AccessError):
            self._rows(portal)

    def test_a_private_meeting_is_busy(self):
        self._new_event(self.lead, privacy="private", name="Secret merger")
        row = self._read(user=self.rep, group="conversation")["rows"][0]
        self.assertIn("Secret merger", row["text"])
        rows = self._read(user=self.manager, group="conversation")["rows"]
        self.assertEqual([row["text"] for row in rows], ["Busy"])
        self.assertTrue(rows[0]["hidden"])
        self.assertNotIn("Secret", str(rows))

    def test_changes_of_hidden_fields_are_not_told(self):
        self.lead.with_user(self.rep).expected_revenue = 7
        self.commit()
        self.assertIn("Expected Revenue", str(self._texts(group="change")))
        field = self.env["crm.lead"]._fields["expected_revenue"]
        self.patch(field, "groups", "base.group_system")
        self.env.registry.clear_cache()
        rows = self._read(group="change")["rows"]
        self.assertNotIn("Expected Revenue", str(rows))
        self.assertTrue(any(row["hidden"] for row in rows))

    def test_hostile_texts_are_texts(self):
        text = "<img src=x onerror=alert(1)>{{ object.name }}"
        self.lead.with_user(self.rep).message_post(body=text, message_type="comment")
        row = self._read(group="conversation")["rows"][0]
        self.assertEqual(row["quote"], text)

    def test_each_source_has_its_number(self):
        numbers = [found.number for found in SOURCES]
        self.assertEqual(len(numbers), len(set(numbers)))
        self.assertLess(max(numbers), SOURCES_MAX)


# As many sources, each read once, and what their texts name.
STATEMENTS = 28
