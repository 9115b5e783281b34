from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tools import mute_logger

from .my_day import TODAY, MyDayCase

MORNING = "2026-03-11 08:00:00"


class MyDayMailCase(MyDayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # nobody of the database but the people of the tests
        group = cls.env.ref("sales_team.group_sale_salesman")
        cls.people = cls.rep + cls.rep_2 + cls.leader + cls.rep_b
        others = cls.env["res.users"].search([("all_group_ids", "in", group.ids)])
        (others - cls.people).day_reminder = False
        cls.env["crm.team"].search([("id", "!=", cls.team.id)]).user_id = False
        cls.people.tz = "UTC"
        cls.env["ir.config_parameter"].set_param("lead_management.day_hour", "7")

    def _run(self, now=MORNING):
        """Run the cron; return the mails it wrote, by address."""
        Mail = self.env["mail.mail"]
        known = Mail.search([])
        self._trigger(now)
        return Mail.search([("id", "not in", known.ids)], order="id")

    def _trigger(self, now):
        self.env.flush_all()
        self.env.cr.flush()
        with freeze_time(now), self.enter_registry_test_mode():
            self.env.ref("lead_management.ir_cron_day").method_direct_trigger()
        self.env.invalidate_all()

    def _to(self, mails, user):
        return mails.filtered(lambda mail: user.email in (mail.email_to or ""))


class TestReminder(MyDayMailCase):
    def test_tells_what_waits(self):
        late = self._lead("Late scale", -2)
        self._lead("Scale of today", 0)
        self._lead("Hot scale")
        self._lead("Of a colleague", 5, self.rep_2)
        mails = self._run()
        self.assertEqual(len(mails), 1)
        mail = self._to(mails, self.rep)
        self.assertEqual(mail.subject, "Your day: 1 overdue, 1 due today, 1 hot")
        for text in ("Late scale", "Scale of today", "Hot scale", "Days late: 2"):
            self.assertIn(text, mail.body_html)
        self.assertNotIn("Of a colleague", mail.body_html)
        base = self.env["crm.lead"].get_base_url()
        self.assertIn(f"{base}/odoo/crm.lead/{late.id}", mail.body_html)
        self.assertEqual(mail.state, "outgoing")

    def test_once_a_day(self):
        self._lead("Late", -2)
        self.assertEqual(len(self._run()), 1)
        self.assertFalse(self._run())
        self.assertFalse(self._run("2026-03-11 20:00:00"))
        self.assertEqual(len(self._run("2026-03-12 08:00:00")), 1)

    def test_nothing_to_tell_is_no_mail_all_day(self):
        self.assertFalse(self._run())
        self._lead("Late", -2)
        self.assertFalse(self._run("2026-03-11 15:00:00"))

    def test_hour_is_that_of_the_user(self):
        self._lead("Late", -2)
        self.rep.tz = "America/New_York"  # four hours behind
        self.assertFalse(self._run("2026-03-11 10:59:00"))
        self.assertEqual(len(self._run("2026-03-11 11:00:00")), 1)

    def test_hour_is_configurable(self):
        self._lead("Late", -2)
        self.env["res.config.settings"].create({"day_hour": 9}).execute()
        self.assertFalse(self._run("2026-03-11 08:59:00"))
        self.assertEqual(len(self._run("2026-03-11 09:00:00")), 1)

    def test_the_day_is_that_of_the_user(self):
        self._lead("Late", -2)
        self.rep.tz = "Pacific/Auckland"
        self.assertEqual(len(self._run("2026-03-10 20:00:00")), 1)  # Wednesday there
        self.assertFalse(self._run("2026-03-11 08:00:00"))  # 21:00 there
        self.assertEqual(len(self._run("2026-03-11 20:00:00")), 1)

    def test_working_days_only(self):
        self._lead("Late", 1)
        self.assertFalse(self._run("2026-03-14 08:00:00"))
        self.assertFalse(self._run("2026-03-15 08:00:00"))
        self.assertEqual(len(self._run("2026-03-16 08:00:00")), 1)

    def test_not_on_a_day_off(self):
        self._lead("Late", -2)
        resource = self.env["resource.resource"].create(
            {"name": "Rep", "user_id": self.rep.id, "company_id": self.company.id}
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Off",
                "resource_id": resource.id,
                "calendar_id": resource.calendar_id.id,
                "date_from": "2026-03-11 00:00:00",
                "date_to": "2026-03-11 23:59:59",
            }
        )
        self.assertFalse(self._run())
        self.assertEqual(len(self._run("2026-03-12 08:00:00")), 1)

    def test_who_does_not_want_it(self):
        self._lead("Late", -2)
        self.rep.with_user(self.rep).write({"day_reminder": False})
        self.assertFalse(self._run())

    def test_who_has_left(self):
        self._lead("Late", -2)
        self.rep.active = False
        self.assertFalse(self._run())

    def test_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.rep.lang = "fr_FR"
        self._lead("Late", -2)
        langs = []
        render = type(self.env["lead.day"])._render_reminder

        def spy(day, env, data):
            langs.append((env.lang, env.user))
            return render(day, env, data)

        with patch.object(type(self.env["lead.day"]), "_render_reminder", spy):
            self._run()
        self.assertEqual(langs, [("fr_FR", self.rep)])

    def test_one_who_fails_stops_no_other(self):
        self._lead("Late", -2)
        self._lead("Late", -2, self.rep_2)
        run = type(self.env["lead.day"])._run_reminder

        def fail(day):
            if day.user_id == self.rep:
                raise ValueError("broken")
            return run(day)

        logger = "odoo.addons.lead_management.models.pipeline.day.lead_day"
        with (
            patch.object(type(self.env["lead.day"]), "_run_reminder", fail),
            mute_logger(logger),
        ):
            mails = self._run()
        self.assertTrue(self._to(mails, self.rep_2))
        self.assertFalse(self._to(mails, self.rep))
        # nothing was marked: he gets it an hour later
        self.assertTrue(self._to(self._run("2026-03-11 09:00:00"), self.rep))

    def test_two_companies(self):
        lead = self._lead(
            "B", user=self.rep_b, team_id=self.team_b.id, company_id=self.company_b.id
        )
        self._plan(lead, -1, self.rep_b)
        mails = self._run()
        self.assertEqual(len(mails), 1)
        self.assertTrue(self._to(mails, self.rep_b))

    def test_statements_per_run_do_not_grow_with_leads(self):
        def count(now):
            with (
                freeze_time(now),
                patch.object(type(self.env["ir.cron"]), "_commit_progress", always),
            ):
                self.env.cr.flush()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.env["lead.day"]._cron_send()
                return self.env.cr.sql_log_count - before

        def always(cron, processed=0, *, remaining=None, deactivate=False):
            return 100.0

        self.env["ir.config_parameter"].set_param(
            "lead_management.day_escalation_days", "0"
        )
        self._lead("Late", -2)
        count("2026-03-11 08:00:00")
        few = count("2026-03-12 08:00:00")
        for __ in range(40):
            self._lead("Late", -2)
        many = count("2026-03-13 08:00:00")
        self.assertLessEqual(many, few + 2)

    def test_old_marks_are_removed(self):
        self._lead("Late", -2)
        self._run()
        days = self.env["lead.day"].search([("user_id", "=", self.rep.id)])
        with freeze_time("2026-05-01 08:00:00"):
            self.env["lead.day"]._gc_days()
        self.assertTrue(days.exists())
        with freeze_time("2026-07-01 08:00:00"):
            self.env["lead.day"]._gc_days()
        self.assertFalse(days.exists())


class TestEscalation(MyDayMailCase):
    """Three working days after Friday 6th it is Thursday 12th."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people.day_reminder = False
        cls.friday = TODAY - timedelta(days=5)

    def _told(self):
        return self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", self.leader.partner_id.ids),
                ("subject", "like", "overdue for long"),
            ],
            order="id",
        )

    def test_leader_is_told_once_of_each(self):
        lead = self._lead("Old scale")
        self._plan(lead, -5)
        self._run("2026-03-11 08:00:00")
        self.assertFalse(self._told())  # Monday, Tuesday, Wednesday: not more than 3
        self._run("2026-03-12 08:00:00")
        self.assertEqual(len(self._told()), 1)
        self.assertIn("Old scale", self._told().body)
        self._run("2026-03-12 09:00:00")
        self._run("2026-03-13 08:00:00")
        self.assertEqual(len(self._told()), 1)

    def test_one_message_of_many(self):
        for number in range(30):
            self._lead(f"Old {number}", -20, self.rep_2 if number % 2 else self.rep)
        self._run()
        message = self._told()
        self.assertEqual(len(message), 1)
        self.assertEqual(message.subject, "Activities overdue for long: 30")
        self.assertIn("10 more", message.body)
        self.assertEqual(self.env["lead.day.escalation"].search_count([]), 30)

    def test_off(self):
        self._lead("Old", -20)
        settings = self.env["res.config.settings"].create({"day_escalation_days": 0})
        settings.execute()
        self.assertEqual(self.env["lead.day"]._get_setting("day_escalation_days"), 0)
        self._run()
        self.assertFalse(self._told())

    def test_not_of_what_the_leader_is_to_do_himself(self):
        self._lead("Old", -20, self.leader)
        self._run()
        self.assertFalse(self._told())

    def test_not_of_leads_the_leader_may_not_see(self):
        self._lead("Old", -20)
        self.leader.group_ids = self.env.ref("sales_team.group_sale_salesman")
        self._run()
        self.assertFalse(self._told())
        self.assertFalse(self.env["lead.day.escalation"].search_count([]))

    def test_what_is_done_is_not_told(self):
        self._lead("Old", -20).activity_ids.action_feedback(feedback="Done")
        self._run()
        self.assertFalse(self._told())

    def test_working_days_of_who_is_responsible(self):
        self._plan(self._lead("Old scale"), -5)
        resource = self.env["resource.resource"].create(
            {"name": "Rep", "user_id": self.rep.id, "company_id": self.company.id}
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Off",
                "resource_id": resource.id,
                "calendar_id": resource.calendar_id.id,
                "date_from": "2026-03-09 00:00:00",
                "date_to": "2026-03-10 23:59:59",
            }
        )
        self._run("2026-03-13 08:00:00")
        self.assertFalse(self._told())
        self._run("2026-03-16 08:00:00")
        self.assertEqual(len(self._told()), 1)

    def test_settings_refuse_nonsense(self):
        from odoo.exceptions import ValidationError  # noqa: PLC0415

        for values in ({"day_hour": 24}, {"day_hour": -1}, {"day_escalation_days": -1}):
            with self.subTest(**values), self.assertRaises(ValidationError):
                self.env["res.config.settings"].create(values)
        Day = self.env["lead.day"]
        for text in ("x", "", "-5", "1e3"):
            self.env["ir.config_parameter"].set_param("lead_management.day_hour", text)
            self.assertEqual(Day._get_setting("day_hour"), 7)

    def test_marks_are_of_the_day_where_the_leader_is(self):
        self._lead("Old", -20)
        self._run()
        day = self.env["lead.day"].search([("user_id", "=", self.leader.id)])
        self.assertEqual((day.kind, day.number), ("escalation", 1))
        self.assertEqual(day.date, fields.Date.to_date("2026-03-11"))
