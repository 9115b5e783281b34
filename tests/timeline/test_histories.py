"""Whatever happened, in whatever order: each row of each source stands there once."""

from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo import fields

from .timeline_common import TimelineCase

EVENTS = (
    *("call", "answer", "move", "note", "mail", "change", "file", "plan", "done"),
    *("meeting", "cancelled", "queue", "withdraw", "win", "lose", "reopen", "give"),
    *("unnote", "unfile", "archive", "enroll", "capture", "campaign", "merge"),
)
events = st.lists(
    st.tuples(st.sampled_from(EVENTS), st.integers(0, 2)), min_size=3, max_size=14
)


class TestHistories(TimelineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.env["lead.capture.source"].create(
            {"name": "Form", "kind": "form"}
        )
        cls.sequence = cls.env["lead.sequence"].create({"name": "Welcome"})
        cls.env["lead.sequence.step"].create(
            {
                "version_id": cls.sequence.version_ids.id,
                "kind": "task",
                "wait_unit": "workdays",
            }
        )
        cls.sequence.action_switch_on()

    @settings(
        max_examples=20,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(events)
    def test_each_row_once(self, history):
        savepoint = self.env.cr.savepoint()
        try:
            self._check_history(history)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()
            self.env.registry.clear_cache()

    def _check_history(self, history):
        fields_ = ("name", "email_from", "contact_name")
        rows = [[f"Imported {n}", f"p{n}@bayline.example", f"P {n}"] for n in range(2)]
        leads = self.env["crm.lead"].with_user(self.manager).load(fields_, rows)["ids"]
        leads = self.lead + self.env["crm.lead"].browse(leads)
        leads[1:].user_id = self.rep
        for event, number in history:
            getattr(self, f"_do_{event}")(leads.exists()[number % len(leads.exists())])
            self.commit()
        for lead in leads.exists():
            self._assert_complete(lead)

    def _do_call(self, lead):
        self._call(lead)

    def _do_answer(self, lead):
        option = self.question.option_ids[len(lead.message_ids) % 2]
        lead.with_user(self.rep).action_qualify({self.question.id: option.id})

    def _do_move(self, lead):
        lead.with_user(self.rep).stage_id = self._stage("contacted")

    def _do_note(self, lead):
        lead.message_post(body="Likes it", message_type="comment")

    def _do_mail(self, lead):
        lead.message_post(
            body="How much?",
            message_type="email",
            email_from="ines@bayline.example",
            author_id=False,
        )

    def _do_change(self, lead):
        lead.with_user(self.rep).expected_revenue += 100

    def _do_file(self, lead):
        self._new_file(lead, "plan.txt")

    def _do_plan(self, lead):
        lead.activity_schedule("mail.mail_activity_data_call", user_id=self.rep.id)

    def _do_done(self, lead):
        lead.activity_ids.action_feedback("Done")

    def _do_meeting(self, lead):
        self._new_event(lead)

    def _do_cancelled(self, lead):
        event = self._new_event(lead)
        event.active = False

    def _do_queue(self, lead):
        self._queue_message(lead)

    def _do_withdraw(self, lead):
        self.env["lead.consent"]._record(lead, "withdrawn", lead_id=lead.id)

    def _do_win(self, lead):
        lead.action_set_won()

    def _do_lose(self, lead):
        lead.action_set_lost(
            lost_reason_id=self.env["crm.lost.reason"].search([])[0].id
        )

    def _do_reopen(self, lead):
        lead.stage_id = self._stage("open")

    def _do_give(self, lead):
        lead.with_user(self.manager).user_id = self.rep_2
        lead.with_user(self.manager).user_id = self.rep

    def _do_unnote(self, lead):
        lead.message_ids.filtered(lambda message: message.body).unlink()

    def _do_unfile(self, lead):
        self.env["ir.attachment"].search(
            [("res_model", "=", "crm.lead"), ("res_id", "=", lead.id)]
        ).unlink()

    def _do_archive(self, lead):
        lead.action_archive()
        lead.action_unarchive()

    def _do_enroll(self, lead):
        self.sequence._enroll(lead)

    def _do_capture(self, lead):
        self.env["lead.capture.entry"].create(
            {
                "source_id": self.source.id,
                "company_id": self.source.company_id.id,
                "date": fields.Datetime.now(),
                "key": f"k{self.env['lead.capture.entry'].search_count([])}",
                "lead_id": lead.id,
            }
        )

    def _do_campaign(self, lead):
        self.env["lead.campaign.touch"].create(
            {
                "lead_id": lead.id,
                "date": fields.Datetime.now() - timedelta(days=2),
                "source_id": self.env["utm.source"].search([], limit=1).id,
            }
        )

    def _do_merge(self, lead):
        others = self.env["crm.lead"].search(
            [("name", "=like", "Imported%"), ("id", "!=", lead.id)], limit=1
        )
        if others:
            (lead + others).with_user(self.manager)._merge_opportunity(
                user_id=self.rep.id, auto_unlink=True
            )
