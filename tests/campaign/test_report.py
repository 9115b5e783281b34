from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.lead_management.models.campaign.report.lead_report_numbers import (
    ANSWERS,
)
from odoo.addons.lead_management.tests.common import LeadManagementCase
from odoo.addons.lead_management.tools.periods import get_start, to_local
from odoo.addons.lead_management.tools.report_time import get_due, get_next_run

ZONES = (
    "UTC",
    "Europe/Paris",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Australia/Sydney",
)
KINDS = ("day", "week", "month", "quarter")


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(KINDS),
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31)),
    st.lists(st.integers(1, 60 * 24 * 9), max_size=12),
)
def test_each_period_is_due_once_and_in_order(kind, zone, hour, start, steps):
    """A server that runs, rests for days and starts again, summer and winter."""
    zone = ZoneInfo(zone)
    now = start.replace(microsecond=0)
    next_run = get_next_run(kind, hour, zone, now)
    sent = []
    for minutes in steps:
        now += timedelta(minutes=minutes)
        if now < next_run:
            continue
        due = get_due(kind, hour, zone, now)
        assert due not in sent
        assert not sent or due > sent[-1]
        sent.append(due)
        # it is over where the recipient is
        today = to_local(now, zone).date()
        assert due < get_start(kind, today)
        next_run = get_next_run(kind, hour, zone, now)
        assert next_run > now
        assert get_due(kind, hour, zone, next_run) > due
        assert to_local(next_run, zone).hour in (hour, hour + 1)


class TestReportBase(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.report.subscription"].search([]).unlink()
        cls.rep.tz = cls.manager.tz = "Europe/Paris"
        cls.one = cls._subscribe(cls.rep)

    @classmethod
    def _subscribe(cls, user, **values):
        with freeze_time("2026-11-18 12:00:00"):
            one = cls.env["lead.report.subscription"].create(
                {"user_id": user.id, "company_id": user.company_id.id, **values}
            )
            one.flush_recordset()
            return one

    def _lead_of(self, created, qualified=None, **values):
        lead = self._new_lead(**values)
        self.env.cr.flush()
        lead._derived_flush()
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE crm_lead SET create_date = %s WHERE id = %s", created, lead.id)
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lead_milestone (id, lead_id, qualified_date)
                VALUES (%(id)s, %(id)s, %(date)s)
                ON CONFLICT (id) DO UPDATE SET qualified_date = %(date)s
                """,
                id=lead.id,
                date=qualified,
            )
        )
        self.env.invalidate_all()
        return lead

    def _archive(self, lead, is_wanted=True):
        """Archive a lead without moving its dates."""
        if is_wanted:
            self.env.cr.execute(
                SQL("UPDATE crm_lead SET active = false WHERE id = %s", lead.id)
            )
            self.env.invalidate_all()

    def _send(self, now):
        with freeze_time(now):
            self.env["lead.report.subscription"]._cron_send()
            self.commit()

    def _get_mails(self):
        return self.env["mail.mail"].search(
            [("email_to", "ilike", "lm_rep@")], order="id"
        )

    def _get_body(self, day="2026-11-16", one=None):
        one = one or self.one
        return one._render(one._get_period(fields.Date.to_date(day)))["body"]


class TestReport(TestReportBase):
    """What is sent, when, to whom, and what stands in it."""

    def test_when_the_next_one_comes(self):
        self.assertEqual(self.one.next_run, datetime(2026, 11, 23, 6, 0))
        with freeze_time("2026-11-18 12:00:00"):
            self.one.kind = "month"
            self.assertEqual(self.one.next_run, datetime(2026, 12, 1, 6, 0))
            self.rep.tz = "Asia/Kolkata"
            self.assertEqual(self.one.next_run, datetime(2026, 12, 1, 1, 30))

    def test_once_whatever_happens(self):
        self._send("2026-11-23 05:59:00")
        self.assertFalse(self._get_mails())
        self._send("2026-11-23 06:00:00")
        self.assertEqual(len(self._get_mails()), 1)
        self.assertEqual(self.one.sent_ids.start, date(2026, 11, 16))
        self.assertEqual(self.one.next_run, datetime(2026, 11, 30, 6, 0))
        # tried again, as after a restart that forgot it
        self.one.next_run = "2026-11-23 06:00:00"
        self._send("2026-11-23 06:20:00")
        self.assertEqual(len(self._get_mails()), 1)
        # the server was down for two weeks and a half: the last week alone
        self._send("2026-12-09 10:00:00")
        self.assertEqual(
            self.one.sent_ids.mapped("start"), [date(2026, 11, 30), date(2026, 11, 16)]
        )
        self.assertEqual(self.one.next_run, datetime(2026, 12, 14, 6, 0))

    def test_exactly_the_period_where_the_recipient_is(self):
        source = self.env["utm.source"].create({"name": "Fair in Lyon"})
        self._lead_of("2026-11-15 22:59:00")  # Sunday night in Paris
        self._lead_of("2026-11-15 23:01:00", source_id=source.id)
        self._lead_of("2026-11-22 22:59:00", "2026-11-22 22:59:00", source_id=source.id)
        self._lead_of("2026-11-22 23:01:00")
        period = self.one._get_period(date(2026, 11, 20))
        numbers = self.one._as_recipient()._collect(period)
        self.assertEqual(numbers["created"]["value"], 2)
        self.assertEqual(numbers["created"]["before"], 1)
        self.assertEqual(numbers["qualified"]["value"], 1)
        self.assertEqual(
            numbers["sources"], [{"name": "Fair in Lyon", "created": 2, "qualified": 1}]
        )
        self.assertIn("Week 47, Nov 16 – Nov 22, 2026", self._get_body())
        self.assertIn("Qualified: 1, 1 more than before", self._get_body())

    def test_each_number_is_the_count_of_its_list(self):
        for number in range(6):
            lead = self._lead_of(
                f"2026-11-{number + 14} 10:00:00",
                f"2026-11-{number + 15} 10:00:00" if number % 2 else None,
            )
            self._archive(lead, number == 5)  # archived ones count, too
        for user, scope in ((self.rep, "mine"), (self.manager, "all")):
            one = self._subscribe(user, scope=scope).with_user(user)
            numbers = one._collect(one._get_period(date(2026, 11, 17)))
            for name in ("created", "qualified", "won", "hot"):
                action = one.action_show(one.id, "2026-11-17", name)
                Model = one.env[action["res_model"]].with_context(**action["context"])
                self.assertEqual(
                    Model.search_count(action["domain"]), numbers[name]["value"], name
                )
        self.assertEqual(numbers["created"]["value"], 4)

    def test_who_sees_the_same_shares_the_numbers(self):
        for user in (self.rep, self.rep_2, self.rep_2):
            self._lead_of("2026-11-17 10:00:00", user_id=user.id)
        other = self.manager.copy({"login": "lm_other", "email": "other@example.com"})
        answers = self.env.cr.cache[ANSWERS] = {}
        found = {}
        with freeze_time("2026-11-23 06:00:00"):
            for user in (self.manager, other, self.rep, self.rep_2):
                one = self._subscribe(user, scope="all")._as_recipient()
                numbers = one._collect(one._get_period(date(2026, 11, 17)))
                found[user] = numbers["created"]["value"], len(answers)
        asked = found[self.manager][1]
        self.assertEqual(found[self.manager], (3, asked))
        self.assertEqual(found[other], (3, asked), "not asked again")
        # by the rules of each, though all asked for all leads
        self.assertEqual(found[self.rep], (1, 2 * asked))
        self.assertEqual(found[self.rep_2], (2, 3 * asked))

    def test_it_says_what_the_page_says(self):
        """Where recipient and company live by the same clock."""
        self.company.resource_calendar_id.tz = "Europe/Paris"
        for number in range(7):
            self._lead_of(
                f"2026-11-{number + 13} 23:30:00",
                f"2026-11-{number + 15} 23:30:00" if number % 3 else None,
                user_id=(self.rep if number % 2 else self.rep_2).id,
            )
        for user, scope in ((self.rep, "mine"), (self.manager, "all")):
            one = self._subscribe(user, scope=scope)._as_recipient()
            numbers = one._collect(one._get_period(date(2026, 11, 18)))
            page = one.env["lead.insight"].get_report(
                {"kind": "week", "day": "2026-11-18", "scope": scope}, ["tiles"]
            )
            tiles = {tile["key"]: tile for tile in page["sections"]["tiles"]["tiles"]}
            for name in ("created", "qualified", "won"):
                tile = tiles[name]
                self.assertEqual(tile["number"]["value"], numbers[name]["value"], name)
                self.assertEqual(tile["before"]["value"], numbers[name]["before"])
                self.assertEqual(tile["verdict"], numbers[name]["verdict"])

    def test_five_to_none_is_said(self):
        for _number in range(5):
            self._lead_of("2026-11-01 10:00:00", "2026-11-10 10:00:00")
        self._lead_of("2026-11-17 10:00:00")
        self.assertIn("Qualified: 0, 5 fewer than before", self._get_body())
        self.assertLessEqual(self._get_body().count("<p"), 5)

    def test_nothing_happened(self):
        self.assertIn("No lead was created, qualified or won.", self._get_body())
        self.one.is_empty_skipped = True
        self._send("2026-11-23 06:00:00")
        self.assertFalse(self._get_mails())
        self.assertTrue(self.one.sent_ids.is_empty)

    def test_nobody_sees_more_than_they_may(self):
        self._lead_of("2026-11-17 10:00:00", user_id=self.rep_2.id)
        self._lead_of("2026-11-17 10:00:00", user_id=self.rep.id)
        self.one.scope = "all"
        numbers = self.one._as_recipient()._collect(
            self.one._get_period(date(2026, 11, 17))
        )
        self.assertEqual(numbers["created"]["value"], 1)
        other = self._subscribe(self.manager, scope="all")
        for user in (self.rep, self.leader):
            with self.assertRaises(AccessError):
                other.with_user(user).read(["kind"])
            with self.assertRaises(AccessError):
                self.env["lead.report.subscription"].with_user(user).create(
                    {"user_id": self.manager.id}
                )
            with self.assertRaises(UserError):
                self.one.with_user(user).action_show(other.id, "2026-11-17", "created")
        with self.assertRaises(AccessError):
            self.one.with_user(self.rep).user_id = self.manager
        with self.assertRaises(AccessError):
            self.one.with_user(self.manager_b).read(["kind"])

    def test_who_left_gets_nothing_and_stops_nobody(self):
        other = self._subscribe(self.rep_2)
        self.rep.active = False
        self._send("2026-11-23 07:00:00")
        self.assertFalse(self._get_mails())
        self.assertTrue(other.sent_ids)
        self.assertEqual(self.one.next_run, datetime(2026, 11, 30, 6, 0))

    def test_one_that_fails_is_tried_again(self):
        other = self._subscribe(self.rep_2)
        Model = type(self.env["lead.report.subscription"])
        render = Model._render

        def fail(one, period):
            if one == self.one:
                raise ValueError("broken")
            return render(one, period)

        self.patch(Model, "_render", fail)
        with self.assertLogs("odoo.addons.lead_management", "ERROR"):
            self._send("2026-11-23 07:00:00")
        self.assertTrue(other.sent_ids)
        self.assertFalse(self.one.sent_ids)
        self.assertEqual(self.one.next_run, datetime(2026, 11, 23, 8, 0))
        self.patch(Model, "_render", render)
        self._send("2026-11-23 08:00:00")
        self.assertEqual(self.one.sent_ids.start, date(2026, 11, 16))

    def test_preview_is_the_mail(self):
        self._lead_of("2026-11-17 10:00:00")
        preview = (
            self.env["lead.report.preview"]
            .with_user(self.rep)
            .browse(self.one.with_user(self.rep).action_preview()["res_id"])
        )
        preview.day = "2026-11-18"
        self.assertEqual(str(preview.body), str(self._get_body()))
        preview.action_earlier()
        self.assertEqual(preview.day, date(2026, 11, 9))
        preview.day = fields.Date.today()
        preview.action_later()
        self.assertLess(preview.day, fields.Date.today())

    def test_it_reads_in_the_language_of_the_recipient(self):
        self._lead_of("2026-11-17 10:00:00")
        self.one.kind = "month"
        self.assertIn("November 2026", self._get_body())
        self.env["res.lang"]._activate_lang("fr_FR")
        self.rep.lang = "fr_FR"
        self.assertIn("novembre 2026", self._get_body())

    def test_the_page_opens_on_that_very_period(self):
        self._lead_of("2026-11-17 10:00:00")
        action = self.one.with_user(self.rep).action_show(
            self.one.id, "2026-11-18", "page"
        )
        self.assertEqual(action["tag"], "lead_insights")
        options = action["params"]["options"]
        page = self.env["lead.insight"].with_user(self.rep).get_report(options)
        self.assertEqual(page["period"]["label"], "Nov 16\u2009–\u200922, 2026")
        self.assertEqual(page["options"]["scope"], "mine")
        tile = page["sections"]["tiles"]["tiles"][0]
        self.assertEqual(tile["number"]["value"], 1)
        other = self._subscribe(self.manager, scope="team", team_id=self.team.id)
        options = other.action_show(other.id, "2026-11-18", "page")["params"]["options"]
        self.assertEqual((options["scope"], options["team_id"]), ("team", self.team.id))

    def test_what_is_refused(self):
        with self.assertRaises(ValidationError):
            self.one.write({"scope": "team", "team_id": False})
        with self.assertRaises(ValidationError):
            self.one.company_id = self.company_b
        for arguments in ((self.one.id, "x", "won"), (self.one.id, "2026-11-17", "x")):
            with self.assertRaises(UserError):
                self.one.action_show(*arguments)

    def test_digest(self):
        digest = self.env["digest.digest"].create(
            {"name": "D", "company_id": self.company.id, "kpi_lead_qualified": True}
        )
        lead = self._lead_of("2026-11-17 10:00:00", "2026-11-18 10:00:00")
        self._archive(lead)
        digest = digest.with_user(self.manager).with_context(
            start_datetime=datetime(2026, 11, 17), end_datetime=datetime(2026, 11, 19)
        )
        self.assertEqual(digest.kpi_lead_qualified_value, 1)
        self.assertEqual(digest.kpi_lead_kept_value, 0)
        hot = self.env["crm.lead"].search_count([("score_temperature", "=", "hot")])
        self.assertLessEqual(digest.kpi_lead_hot_value, hot)
        links = digest._compute_kpis_actions(self.company, self.manager)
        for name in ("qualified", "kept", "hot"):
            action = self.env.ref(links[f"kpi_lead_{name}"])
            self.assertEqual(action.tag, "lead_insights")
        user = self.env["res.users"].create({"name": "N", "login": "lm_nobody"})
        with self.assertRaises(AccessError):
            digest.with_user(user)._compute_kpi_lead_hot_value()


class TestPdf(TestReportBase):
    """The report as a file, where the server can make one."""

    def _send_with(self, state, run):
        Report = type(self.env["ir.actions.report"])
        self.patch(Report, "get_wkhtmltopdf_state", lambda self: state)
        self.patch(Report, "_run_wkhtmltopdf", run)
        self.one.is_pdf = True
        self._lead_of("2026-11-17 10:00:00")
        self._send("2026-11-23 06:00:00")
        return self._get_mails()

    def test_it_is_attached(self):
        made = []

        def run(report, bodies, **kwargs):
            made.append(bodies)
            return b"%PDF-1.7"

        mail = self._send_with("ok", run)
        self.assertEqual(mail.attachment_ids.mimetype, "application/pdf")
        self.assertEqual(mail.attachment_ids.raw, b"%PDF-1.7")
        self.assertTrue(mail.attachment_ids.name.endswith("2026.pdf"))
        [[body]] = made
        self.assertIn("Leads created", body)
        # nothing in it is loaded from elsewhere
        self.assertNotRegex(body, r"<(img|link|script)\b")

    def test_a_server_that_cannot_sends_the_mail_alone(self):
        def run(report, bodies, **kwargs):
            raise AssertionError("not asked for")

        mail = self._send_with("install", run)
        self.assertTrue(mail)
        self.assertFalse(mail.attachment_ids)

    def test_one_that_fails_sends_the_mail_alone(self):
        def run(report, bodies, **kwargs):
            raise UserError("out of memory")

        with self.assertLogs("odoo.addons.lead_management", "ERROR"):
            mail = self._send_with("ok", run)
        self.assertTrue(mail)
        self.assertFalse(mail.attachment_ids)
