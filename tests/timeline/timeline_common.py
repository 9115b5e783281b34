from collections import Counter
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from odoo.addons.lead_management.models.timeline.source import SOURCES_MAX
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
