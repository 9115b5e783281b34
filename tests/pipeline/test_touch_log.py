"""The Log dialog: a call in three clicks, and nothing left without a next step."""

from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.lead_management.exceptions import StageGateError
from odoo.addons.lead_management.tests.common import LeadManagementCase

MONDAY = "2026-11-23 09:00:00"


class TouchLogCase(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["base.automation"].search([]).active = False
        cls.lead = cls._new_lead(
            email_from="ann@example.com",
            phone="+32 470 123456",
            stage_id=cls._stage("open").id,
            team_id=cls.team.id,
        )
        cls.env.cr.flush()

    def _result(self, name):
        return self.env.ref(f"lead_management.touch_outcome_{name}")

    def _plan(self, kind="call", lead=None, days=0, **values):
        return (lead or self.lead).activity_schedule(
            f"mail.mail_activity_data_{kind}",
            date_deadline=fields.Date.add(fields.Date.today(), days=days),
            **{"user_id": self.rep.id, **values},
        )

    def _open(self, leads=None, user=None, note="Talked", **context):
        """Open the dialog as the web client does, and enter a note."""
        leads = (self.lead if leads is None else leads).with_user(user or self.rep)
        action = leads.with_context(**context).action_log_call()
        self.assertEqual(action["target"], "new")
        env = leads.env(context={**self.env.context, **action["context"]})
        log = env[action["res_model"]].browse(action["res_id"])
        log.note = note
        return log

    def _log(self, outcome="reached", leads=None, user=None, context=None, **values):
        """Choose an outcome, enter values, save; return what saving returns."""
        log = self._open(leads, user, **(context or {}))
        with Form(log) as form:
            form.outcome_id = self._result(outcome)
            for fname, value in values.items():
                setattr(form, fname, value)
        return log.action_log()

    def _apply(self, action):
        """Answer why the leads do not match, and save; return what saving returns."""
        self.assertEqual(action["res_model"], "lead.unqualify")
        dialog = self.env["lead.unqualify"].with_user(self.rep)
        dialog = dialog.with_context(**action["context"]).create(
            {"lost_reason_id": self.env["crm.lost.reason"].search([], limit=1).id}
        )
        return dialog.action_apply()

    def _open_activities(self, lead=None):
        return (lead or self.lead).activity_ids

    def _last(self, lead=None):
        return (lead or self.lead).touch_ids.sorted("id")[-1]


@freeze_time(MONDAY)
class TestTouchLog(TouchLogCase):
    # ------------------------------------------------------------
    # One lead
    # ------------------------------------------------------------

    def test_outcome_and_save_is_enough(self):
        self._log("reached")
        touch = self._last()
        self.assertEqual(
            (touch.channel, touch.direction, touch.is_contact, touch.user_id),
            ("call", "out", True, self.rep),
        )
        self.assertEqual(touch.note, "Talked")
        self.assertEqual(self.lead.stage_id, self._stage("contacted"))
        step = self._open_activities()
        self.assertEqual(step.activity_type_id.category, "phonecall")
        self.assertEqual(step.user_id, self.rep)
        self.assertEqual(step.date_deadline, date(2026, 11, 26))

    def test_outcome_says_whether_a_note_is_needed(self):
        log = self._open(note=False)
        log.outcome_id = self._result("reached")
        for note in (False, "  ", "\x0b"):
            log.note = note
            with self.assertRaisesRegex(UserError, "Reached.*note"):
                log.action_log()
            log.is_done = False  # as the rollback does
        self.assertFalse(self.lead.touch_ids)
        log.outcome_id = self._result("no_answer")
        log.action_log()
        self.assertEqual(self._last().note, "No answer")

    def test_title_says_no_name_twice(self):
        self.lead.write(
            {"name": "A scale for ACME", "contact_name": "Ann", "partner_name": "Acme"}
        )
        self.assertEqual(self._open().lead_title, "A scale for ACME · Ann")

    def test_message_tells_all_of_it(self):
        self._log("call_back", note="Is on holiday <b>now</b>", duration=4)
        message = self._last().message_id
        self.assertEqual(message.author_id, self.rep.partner_id)
        self.assertEqual(message.mail_activity_type_id.category, "phonecall")
        for text in ("Call: Call back", "&lt;b&gt;now", "4 min", "Nov 24"):
            self.assertIn(text, message.body)
        self.assertTrue(message.is_internal)

    def test_oldest_due_call_is_completed_and_the_next_counts_from_today(self):
        late = self._plan(days=-10, note="Ask about <b>budget</b>")
        soon = self._plan(days=5)
        meeting = self._plan("meeting", days=-3)
        self._log("no_answer", note="Nobody there")
        self.assertFalse(late.active)
        self.assertEqual(late.feedback, "Nobody there")
        step = self._open_activities() - soon - meeting
        self.assertEqual(step.date_deadline, date(2026, 11, 24))
        self.assertEqual(step.summary, "Try again")
        self.assertIn("budget", self._last().message_id.body)

    def test_asked_activity_is_completed(self):
        self._plan(days=-10)
        asked = self._plan(days=5)
        self._log(context={"touch_activity_id": asked.id})
        self.assertFalse(asked.active)
        meeting = self._plan("meeting", days=9)
        log = self._open(touch_activity_id=meeting.id)
        self.assertEqual(log.channel, "meeting")
        action = meeting.with_user(self.rep).action_log_touch()
        self.assertEqual(log.browse(action["res_id"]).activity_id, meeting)

    def test_stale_and_foreign_activities_are_left_out(self):
        other = self._plan(lead=self._new_lead())
        done = self._plan()
        done.action_feedback()
        for value in (other.id, done.id, 0, -1, "x", [1], None):
            with self.subTest(value=value):
                self.assertFalse(self._open(touch_activity_id=value).activity_id)

    def test_note_before(self):
        self._plan(days=-1, summary="Budget", note="<p>Ask for Ann</p>")
        before = self._open().activity_before
        self.assertIn("Budget", before)
        self.assertIn("Ask for Ann", before)

    def test_future_meeting_stays_open(self):
        held = self._plan("meeting", days=-1)
        coming = self._plan("meeting", days=9)
        self._log("held", context={"touch_channel": "meeting"})
        self.assertFalse(held.active)
        self.assertTrue(coming.active)
        self.assertEqual(self._last().channel, "meeting")

    def test_meeting_of_the_calendar_is_logged_as_held(self):
        event = self.env["calendar.event"].create(
            {
                "name": "Demo",
                "opportunity_id": self.lead.id,
                "start": "2026-11-20 10:00:00",
                "stop": "2026-11-20 11:00:00",
                "user_id": self.rep.id,
                "partner_ids": [Command.set(self.rep.partner_id.ids)],
            }
        )
        action = event.with_user(self.rep).action_log_touch()
        self.assertEqual(action["name"], "Log Meeting")
        log = self.env["lead.touch.log"].with_user(self.rep).browse(action["res_id"])
        self.assertEqual(log.duration, 60)
        log.write({"outcome_id": self._result("held").id, "note": "Liked it"})
        log.action_log()
        touch = self._last()
        self.assertEqual((touch.channel, touch.is_contact), ("meeting", True))

    def test_a_whole_day_says_nothing_of_minutes(self):
        event = self.env["calendar.event"].create(
            {
                "name": "Fair",
                "opportunity_id": self.lead.id,
                "allday": True,
                "start_date": "2026-11-20",
                "stop_date": "2026-11-21",
            }
        )
        action = event.action_log_touch()
        self.assertFalse(self.env["lead.touch.log"].browse(action["res_id"]).duration)

    def test_answer_by_another_way(self):
        log = self._open(touch_channel="message")
        with Form(log) as form:
            form.message_channel = "whatsapp"
            form.outcome_id = self._result("answered")
        log.action_log()
        touch = self._last()
        self.assertEqual(
            (touch.channel, touch.direction, touch.is_contact),
            ("whatsapp", "in", True),
        )

    def test_wrong_number(self):
        self._log("wrong_number")
        self.assertEqual(self._open_activities().summary, "Find the right number")
        bodies = " ".join(self.lead.message_ids.mapped("body"))
        self.assertIn("The phone number is wrong: +32 470", bodies)
        self.assertEqual(self.lead.phone, "+32 470 123456")
        # another number is what it was about
        self.lead.with_user(self.rep).phone = "+32 470 12 34 57"
        self.env.cr.flush()
        self.assertFalse(self._open_activities())

    def test_next_step_is_for_the_owner(self):
        self._log(user=self.leader)
        self.assertEqual(self._open_activities().user_id, self.rep)
        self.assertEqual(self._last().user_id, self.leader)

    def test_call_in_vain_gives_no_points_for_a_call(self):
        self.env["lead.score.model"].search([]).active = False
        model = self.env["lead.score.model"].create({"name": "M", "state": "active"})
        self._new_score_rule(
            [],
            10,
            model_id=model.id,
            kind="activity",
            event_ids=self.env.ref("lead_management.score_event_call").ids,
        )
        self._log("no_answer")
        self.assertEqual(self.lead.score_engagement, 0)
        self._log("reached")
        self.assertEqual(self.lead.score_engagement, 10)

    # ------------------------------------------------------------
    # Stages
    # ------------------------------------------------------------

    def test_stages_move_forward_only(self):
        for before, outcome, after in (
            ("open", "not_now", "nurturing"),
            ("qualified", "reached", "qualified"),
            ("negotiation", "not_now", "negotiation"),
            ("customer", "reached", "customer"),
            ("inactive", "not_interested", "inactive"),
            ("qualified", "not_interested", "unqualified"),
            ("unqualified", "reached", "unqualified"),
        ):
            with self.subTest(before=before, outcome=outcome):
                lead = self._new_lead(stage_id=self._stage(before).id)
                action = self._log(outcome, lead)
                if after != before and after == "unqualified":
                    self._apply(action)
                self.assertEqual(lead.stage_id, self._stage(after))

    def test_customers_move_where_the_outcome_says_so(self):
        outcome = self._result("not_interested")
        outcome.write({"stage_type": "inactive", "moves_customers": True})
        lead = self._new_lead(stage_id=self._stage("customer").id)
        self._log("not_interested", lead)
        self.assertEqual(lead.stage_id, self._stage("inactive"))

    def test_rep_may_choose_another_stage(self):
        self._log("reached", stage_id=self._stage("qualified"))
        self.assertEqual(self.lead.stage_id, self._stage("qualified"))

    def test_stage_of_another_team_is_refused(self):
        stage = self.env["crm.stage"].create(
            {"name": "B", "team_ids": [Command.set(self.team_b.ids)]}
        )
        log = self._open()
        log.write({"outcome_id": self._result("reached").id, "stage_id": stage.id})
        with self.assertRaisesRegex(UserError, "another team"):
            log.action_log()

    def _require_phone(self, stage_type):
        self.env["lead.stage.requirement"].create(
            {"stage_id": self._stage(stage_type).id, "field_name": "website"}
        )

    def test_gate_asks_after_the_log_is_saved(self):
        self._require_phone("contacted")
        action = self._log("reached")
        self.assertEqual(action["tag"], "lead_stage_gate")
        self.assertEqual(action["params"]["lead_ids"], self.lead.ids)
        self.assertEqual(self.lead.stage_id, self._stage("open"))
        self.assertEqual(len(self.lead.touch_ids), 1)
        self.assertTrue(self._open_activities())

    def test_gate_of_a_closing_stage_stops_the_log(self):
        """Else the lead would stay open without a next step."""
        self._require_phone("unqualified")
        action = self._log("not_interested")
        with self.assertRaises(StageGateError):
            self._apply(action)

    # ------------------------------------------------------------
    # The next step
    # ------------------------------------------------------------

    def test_no_lead_is_left_without_a_next_step(self):
        none = self.env["mail.activity.type"]
        log = self._open()
        log.outcome_id = self._result("reached")
        log.activity_type_id = none
        with self.assertRaisesRegex(UserError, "next step"):
            log.action_log()
        self.lead.invalidate_recordset()
        self._log("reached", activity_type_id=none, no_next_reason="He calls us")
        self.assertFalse(self._open_activities())
        self.assertIn("No next step because: He calls us", self._last().note)
        self.assertIn("He calls us", self._last().message_id.body)

    def test_closed_leads_and_planned_ones_need_none(self):
        self._apply(self._log("not_interested"))
        self.assertFalse(self._open_activities())
        lead = self._new_lead()
        self._plan("meeting", lead, days=4)
        log = self._open(lead)
        self.assertIn("Nov 27", log.other_activity)
        with Form(log) as form:
            form.outcome_id = self._result("reached")
            self.assertFalse(form.is_next_needed)
            form.activity_type_id = self.env["mail.activity.type"]
        log.action_log()
        self.assertEqual(len(self._open_activities(lead)), 1)

    def test_quick_dates_are_working_days(self):
        friday = "2026-11-27 09:00:00"
        with freeze_time(friday):
            offered = self._open().next_dates
        self.assertEqual(
            [(item["key"], item["date"]) for item in offered],
            [
                ("next", "2026-11-30"),
                ("soon", "2026-12-02"),
                ("week", "2026-12-04"),
                ("month", "2026-12-28"),
            ],
        )

    def test_next_step_waits_until_the_owner_is_back(self):
        calendar = self.company.resource_calendar_id
        self.env["resource.resource"].create(
            {"name": "R", "user_id": self.rep.id, "calendar_id": calendar.id}
        )
        self.env["resource.calendar.leaves"].create(
            {
                "calendar_id": calendar.id,
                "resource_id": self.env["resource.resource"]
                .search([("user_id", "=", self.rep.id)])
                .id,
                "date_from": "2026-11-23 23:00:00",
                "date_to": "2026-12-01 22:00:00",
            }
        )
        self._log("no_answer")
        self.assertEqual(self._open_activities().date_deadline, date(2026, 12, 2))

    def test_free_date_moves_to_a_working_day(self):
        with Form(self._open()) as form:
            form.outcome_id = self._result("reached")
            form.next_date = date(2026, 11, 28)
            self.assertEqual(form.next_date, date(2026, 11, 30))

    def test_what_follows_by_itself_finds_the_log_done(self):
        """Automated actions on moves neither cancel the call, nor plan another one."""
        automations = self.env["base.automation"].with_context(active_test=False)
        automations.search([("model_name", "=like", "lead.%")]).active = True
        self.env["lead.followup.policy"].with_context(active_test=False).search(
            []
        ).active = True
        call = self._plan()
        self._log("reached")
        self.env.cr.flush()
        self.assertEqual(call.feedback, "Talked")
        self.assertEqual(len(self._open_activities()), 1)
        call = self._open_activities()
        todo = self._plan("todo")
        self._apply(self._log("not_interested"))
        self.env.cr.flush()
        self.assertTrue(call.exists())
        self.assertEqual(call.feedback, "Talked")
        self.assertFalse(todo.exists())

    # ------------------------------------------------------------
    # Advice
    # ------------------------------------------------------------

    def _try(self, times):
        for __ in range(times):
            self._log("no_answer")

    def test_advice_after_attempts_in_vain(self):
        self._try(3)
        with Form(self._open()) as form:
            form.outcome_id = self._result("no_answer")
            self.assertFalse(form.advice)
        self._try(1)
        with Form(self._open()) as form:
            form.outcome_id = self._result("no_answer")
            ways = [option["channel"] for option in form.advice["options"]]
            self.assertEqual(ways, ["email", "whatsapp", "sms"])
            self.assertEqual(form.next_summary, "Write an email")
            self.assertEqual(form.advice["unqualified"]["display_name"], "Unqualified")
            form.outcome_id = self._result("reached")
            self.assertFalse(form.advice)

    def test_limit_of_attempts_is_a_setting(self):
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.touch_attempt_limit, 5)
        for limit, is_advised in ((1, True), (0, False)):
            settings = self.env["res.config.settings"].create(
                {"touch_attempt_limit": limit}
            )
            settings.set_values()
            with Form(self._open()) as form:
                form.outcome_id = self._result("no_answer")
                self.assertEqual(bool(form.advice), is_advised)
        self.env["ir.config_parameter"].set_param(
            "lead_management.touch_attempt_limit", "many"
        )
        self.assertFalse(self._open().advice)

    # ------------------------------------------------------------
    # Twice, and bad input
    # ------------------------------------------------------------

    def test_saved_twice_logs_once(self):
        log = self._open()
        log.outcome_id = self._result("reached")
        self.assertEqual(log.action_log()["tag"], "lead_undo")
        self.assertEqual(log.action_log(), {"type": "ir.actions.act_window_close"})
        self.assertEqual(len(self.lead.touch_ids), 1)
        self.assertEqual(len(self._open_activities()), 1)

    def test_bad_input_is_refused(self):
        Log = self.env["lead.touch.log"]
        for values, message in (
            ({"outcome_id": False}, "outcome"),
            ({"outcome_id": self._result("held").id}, "outcome"),
            ({"next_date": "2020-01-01"}, "past"),
            ({"next_date": "9999-12-31"}, "years"),
            ({"next_date": False}, "when"),
            ({"note": "x" * 100_000}, "too long"),
        ):
            with self.subTest(values=str(values)[:40]):
                log = self._open()
                log.outcome_id = self._result("reached")
                log.write(values)
                with self.assertRaisesRegex(UserError, message):
                    log.action_log()
                log.is_done = False
        with self.assertRaises(UserError):
            self.env["crm.lead"].with_user(self.rep).action_log_call()
        self.assertFalse(self.lead.touch_ids)
        self.assertTrue(Log.search_count([]))

    def test_control_characters_are_stripped(self):
        self._log("reached", note=" a\x0bb ")
        self.assertEqual(self._last().note, "ab")

    def test_minutes_have_a_range(self):
        log = self._open()
        log.outcome_id = self._result("reached")
        for minutes in (-5, 5000):
            with (
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                log.write({"duration": minutes})
                log.flush_recordset()


@freeze_time(MONDAY)
class TestTouchLogRights(TouchLogCase):
    def test_lead_of_a_colleague_is_refused(self):
        with self.assertRaises(AccessError):
            self._open(user=self.rep_2)
        with self.assertRaises(AccessError):
            self._open(user=self.rep_b)

    def test_forged_dialog_is_refused(self):
        """The leads of a dialog are what a caller over RPC says."""
        other = self._new_lead(user_id=self.rep_2.id)
        log = self.env["lead.touch.log"].with_user(self.rep)
        log = log.create({"outcome_id": self._result("reached").id, "lead_ids": []})
        with self.assertRaises(AccessError):
            log.lead_ids = [Command.set(other.ids)]
        log.sudo().lead_ids = other
        with self.assertRaises(AccessError):
            log.action_log()
        self.assertFalse(other.touch_ids)

    def test_dialog_of_somebody_else(self):
        log = self._open()
        with self.assertRaises(AccessError):
            log.with_user(self.rep_2).action_log()

    def test_lead_of_a_blind_pool_is_refused(self):
        pool = self.env["lead.pool"].create(
            {"name": "P", "team_id": self.team.id, "is_blind": True}
        )
        lead = self._new_lead(user_id=False, team_id=self.team.id)
        self.env.cr.flush()
        lead.assignment_pool_id = pool
        self.env["lead.pool.entry"]._enter([(lead.id, pool.id)])
        with self.assertRaises(AccessError):
            self._open(lead)

    def test_portal_and_internal_users_without_crm(self):
        user = self.env["res.users"].create({"name": "U", "login": "lm_nobody"})
        with self.assertRaises(AccessError):
            self._open(user=user)

    def test_outcome_of_another_company(self):
        outcome = self._result("reached").copy({"company_id": self.company_b.id})
        self.lead.company_id = self.company
        log = self._open()
        names = [choice["id"] for choice in log.outcome_choices]
        self.assertNotIn(outcome.id, names)
        log.sudo().outcome_id = outcome
        with self.assertRaises(AccessError):
            log.action_log()
        # neither by somebody who works for both
        self.manager.company_ids |= self.company_b
        log = self._open(user=self.manager)
        log.outcome_id = outcome
        with self.assertRaisesRegex(UserError, "of Company B only"):
            log.with_context(
                allowed_company_ids=(self.company | self.company_b).ids
            ).action_log()

    def test_company_b(self):
        lead = self._new_lead(user_id=self.rep_b.id, team_id=self.team_b.id)
        self._log("reached", lead, self.rep_b)
        self.assertEqual(lead.touch_ids.company_id, self.company_b)
        self.assertEqual(lead.activity_ids.user_id, self.rep_b)

    def test_manager_keeps_the_list_of_outcomes(self):
        Outcome = self.env["lead.touch.outcome"].with_user(self.manager)
        outcome = Outcome.create({"name": "Asked for an offer"})
        event = self.env["lead.score.event"].search([("outcome_id", "=", outcome.id)])
        self.assertTrue(event.is_available)
        outcome.unlink()
        self.assertFalse(event.exists())
        with self.assertRaises(AccessError):
            Outcome.with_user(self.rep).create({"name": "Mine"})


@freeze_time(MONDAY)
class TestTouchLogMany(TouchLogCase):
    """A list of leads, logged at once."""

    def _new_leads(self, count):
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": f"Lead {number}",
                    "type": "opportunity",
                    "user_id": self.rep.id,
                    "team_id": self.team.id,
                    "stage_id": self._stage("open").id,
                }
                for number in range(count)
            ]
        )
        for lead in leads:
            self._plan(lead=lead, days=-2)
        self.env.cr.flush()
        return leads

    def _count(self, leads, outcome="no_answer"):
        """Return how many statements it takes to log a call with each of the leads."""
        log = self._open(leads)
        log.outcome_id = self._result(outcome)
        self.env.cr.flush()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action = log.action_log()
        if action.get("res_model") == "lead.unqualify":
            self._apply(action)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_statements_do_not_grow(self):
        few, many = self._new_leads(10), self._new_leads(1000)
        self._count(self._new_leads(2))  # warms up
        small = self._count(few)
        large = self._count(many)
        self.assertEqual(len(many.touch_ids), 1000)
        self.assertEqual(len(many.activity_ids), 1000)
        # four tables get a row a lead, of which Odoo inserts 100 a statement
        self.assertLess(large, small + 4 * 1000 / 100 + 10)

    def test_statements_do_not_grow_with_leads_that_move(self):
        for outcome in ("reached", "not_interested"):
            with self.subTest(outcome=outcome):
                few, many = self._new_leads(20), self._new_leads(100)
                self._count(self._new_leads(2), outcome)  # warms up
                small = self._count(few, outcome)
                self.assertLess(self._count(many, outcome), small + 20)

    def test_moves_of_many_are_told_as_that_of_one(self):
        leads = self._new_leads(3)
        leads[2].message_subscribe(
            self.leader.partner_id.ids, [self.env.ref("crm.mt_lead_stage").id]
        )
        self._log("reached", leads)
        self.env.cr.flush()
        for lead in leads:
            message = lead.message_ids.filtered("tracking_value_ids")
            self.assertEqual(message.subtype_id, self.env.ref("crm.mt_lead_stage"))
            self.assertEqual(message.author_id, self.rep.partner_id)
            value = message.tracking_value_ids
            self.assertEqual(value.field_id.name, "stage_id")
            self.assertEqual(value.old_value_char, "Open")
            notified = message.notified_partner_ids
            self.assertEqual(bool(notified), lead == leads[2])

    def test_each_lead_gets_what_it_needs(self):
        leads = self._new_leads(3)
        leads[1].stage_id = self._stage("negotiation")
        leads[2].user_id = self.rep_2
        self._log("not_now", leads, self.leader)
        types = leads.mapped("stage_id.stage_type")
        self.assertEqual(types, ["nurturing", "negotiation"])
        self.assertEqual(leads[0].stage_id.stage_type, "nurturing")
        self.assertEqual(leads[1].stage_id.stage_type, "negotiation")
        self.assertEqual(leads[2].activity_ids.user_id, self.rep_2)

    def test_gate_stops_only_some(self):
        self.env["lead.stage.requirement"].create(
            {"stage_id": self._stage("contacted").id, "field_name": "website"}
        )
        leads = self._new_leads(3)
        leads[0].website = "https://example.com"
        action = self._log("reached", leads)
        self.assertEqual(set(action["params"]["lead_ids"]), set(leads[1:].ids))
        self.assertEqual(leads[0].stage_id, self._stage("contacted"))
        self.assertEqual(leads[1].stage_id, self._stage("open"))
        self.assertEqual(len(leads.touch_ids), 3)

    def test_one_refused_lead_refuses_all(self):
        leads = self._new_leads(2) | self._new_lead(user_id=self.rep_2.id)
        with self.assertRaises(AccessError):
            self._open(leads)


class TestTouchLogTime(TouchLogCase):
    def test_today_is_where_the_owner_is(self):
        """Late in the evening in Brussels, it is tomorrow in Auckland."""
        self.rep.tz = "Pacific/Auckland"
        with freeze_time("2026-11-23 20:00:00"):
            days = self.lead._touch_get_days(count=1)
        self.assertEqual(days[self.lead], date(2026, 11, 25))

    def test_who_never_works_gets_weekdays(self):
        calendar = self.env["resource.calendar"].create(
            {"name": "Never", "attendance_ids": [Command.clear()]}
        )
        self.env["resource.resource"].create(
            {"name": "R", "user_id": self.rep.id, "calendar_id": calendar.id}
        )
        with freeze_time("2026-11-27 09:00:00"):
            days = self.lead._touch_get_days(count=1)
        self.assertEqual(days[self.lead], date(2026, 11, 30))
