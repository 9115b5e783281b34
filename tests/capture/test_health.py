"""Which source is silent, and what the head of the inbox tells."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.sql_db import Cursor

from odoo.addons.lead_management.models.capture.door.door import Item

from .capture_common import CaptureCase

NOON = datetime(2026, 11, 20, 12)


class TestHealth(CaptureCase):
    def _fill(self, source, days, each, **values):
        """Let so many submissions have come in, on so many days before today."""
        entries = self.Entry
        for day in days:
            for number in range(each):
                entry = self.Entry._store_inside(
                    source, Item(f"{day} {number}", {}), state="done", **values
                )
                entry.date = fields.Datetime.now() - timedelta(days=day)
                entries |= entry
        self.env.flush_all()
        source.invalidate_recordset()
        return entries

    def test_a_silent_source_is_told(self):
        with freeze_time(NOON):
            self._fill(self.form, range(3, 8), 12)
            self.assertEqual(self.form.health, "silent")
            self.assertEqual(
                self.form.health_text, "Nothing for 3 days; usually 12 a day"
            )
            summary = self.Entry.with_user(self.manager).action_inbox_summary()
            [alert] = summary["alerts"]
            self.assertIn("Nothing for 3 days", alert["text"])
            self._fill(self.form, [0], 1)
            self.assertEqual(self.form.health, "healthy")

    def test_few_and_new_sources_are_not_silent(self):
        with freeze_time(NOON):
            self.assertEqual(self.form.health, "new")
            self._fill(self.form, [3], 1)
            self.assertEqual(self.form.health, "healthy")

    def test_days_that_are_over_are_counted_once(self):
        with freeze_time(NOON):
            self._fill(self.form, range(1, 8), 3)
            live = self.form.day_counts
            self.Source._note_days()
            self.assertEqual(self.form.noted_date, NOON.date())
            self._fill(self.form, [0], 2)
            self.assertEqual(self.form.day_counts, [*live[:-1], 2])
            self.assertEqual(self.form.today_count, 2)
            # what was noted is not read again
            self.env.cr.execute(
                "DELETE FROM lead_capture_entry WHERE source_id = %s AND date < %s",
                [self.form.id, NOON.replace(hour=0)],
            )
            self.form.invalidate_recordset()
            self.assertEqual(self.form.day_counts, [*live[:-1], 2])
        with freeze_time(NOON + timedelta(days=1)):
            self.form.invalidate_recordset()
            self.assertEqual(self.form.day_counts[-2:], [2, 0])
            self.Source._note_days()
            self.assertEqual(self.form.day_counts[-2:], [2, 0])
            self.assertEqual(self.form.usual_count, 3)

    def test_today_is_that_of_the_user(self):
        self.manager.tz = "Asia/Tokyo"
        with freeze_time(NOON.replace(hour=20)):  # Tokyo: five in the morning
            self._fill(self.form, [0], 2)
            entries = self._fill(self.form, [1], 1)
            entries.date = NOON
            self.env.flush_all()
            form = self.form.with_user(self.manager).with_context(tz="Asia/Tokyo")
            self.assertEqual(form.today_count, 2)
            summary = self.Entry.with_user(self.manager)
            summary = summary.with_context(tz="Asia/Tokyo").action_inbox_summary()
            self.assertEqual(summary["today"], 2)

    def test_the_head_tells_by_door_and_stays_within_its_statements(self):
        api = self._new_source("api")
        with freeze_time(NOON):
            self._fill(self.form, [0], 3)
            self._fill(api, [0], 1)
            entries = self.Entry.with_user(self.manager)
            entries.action_inbox_summary()
            self.env.flush_all()
            self.env.invalidate_all()
            seen, execute = [], Cursor.execute

            def counting(cursor, query, *args, **kwargs):
                seen.append(str(getattr(query, "code", query))[:100])
                return execute(cursor, query, *args, **kwargs)

            self.patch(Cursor, "execute", counting)
            summary = entries.action_inbox_summary()
        doors = [(door["name"], door["count"]) for door in summary["doors"]]
        self.assertEqual(doors, [("Source form", 3), ("Source api", 1)])
        self.assertEqual((summary["today"], summary["done"]), (4, 4))
        self.assertLessEqual(len(seen), 12, "\n".join(seen))
