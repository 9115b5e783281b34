import re
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.lead_management.models.timeline import lead_timeline, source
from odoo.addons.lead_management.models.timeline.source import SOURCES, SOURCES_MAX

from .timeline_common import TimelineCase


class TestTimeline(TimelineCase):
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

    def test_a_day_of_each_source_is_found_by_an_index(self):
        """However many years a table holds, a day of it is read, and no more."""
        day = "2001-02-03"
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for found in SOURCES:
            # what is planned is no part of a day of the past
            if found.model not in self.env or found.model == "mail.activity":
                continue
            with self.subTest(model=found.model, number=found.number):
                self.assertTrue(self._finds_day(found, day))

    def _finds_day(self, source, day):
        """Return whether an index can find the records of a day.

        Few rows are found as well by any index: those that know no day are taken away
        until one that does is left, or none.
        """
        statement = SQL(
            "EXPLAIN SELECT id FROM (%s) story"
            " WHERE date >= %s AND date < %s::date + 1",
            source.select(self.env),
            day,
            day,
        )
        while True:
            plan = [line for [line] in self.env.execute_query(statement)]
            if any("Index Cond" in line and day in line for line in plan):
                return True
            others = re.findall(rf"using (\w+) on \w+ {source.alias}\b", str(plan))
            if not others:
                return False
            for name in others:
                self.env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))

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

    def test_a_source_of_an_app_that_went_is_left_out(self):
        """What an app kept of leads goes with it; the rest of the story stays."""
        self._live()
        before = self._texts()

        class Gone(source.Source):
            number, model = SOURCES_MAX - 1, "app.that.went"

        key = (Gone.number,)
        self.startPatcher(patch.dict(SOURCES._classes, {key: Gone}))
        self.env.registry.clear_cache()
        self.assertEqual(self._texts(), before)

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
STATEMENTS = 20
