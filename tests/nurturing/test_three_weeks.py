"""Three weeks of a ready-made sequence: the stories are right, the books add up."""

from collections import Counter

from odoo import fields

from odoo.addons.lead_management.models.nurturing.engine.rehearsal import Rehearsal
from odoo.addons.lead_management.models.nurturing.sequence.step_kind import KINDS

from .common import SequenceCase


class TestThreeWeeks(SequenceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.education = cls.env.ref("lead_management.lead_sequence_education")
        cls.education.write({"active": True, "trigger": "hand"})
        cls.leads = cls.env["crm.lead"].concat(
            *(cls._new_contact(300 + number) for number in range(40))
        )
        cls.education.with_user(cls.manager).action_switch_on()

    def test_education(self):
        runs = self.education._enroll(self.leads, user=self.manager)
        self.assertEqual(len(runs), 40)
        replied, refused = set(), set()
        for day in range(28):
            for __ in range(2):
                self.tick()
                self.pass_time(hours=6)
            waiting = runs.filtered(lambda run: run.state == "waiting")
            if day in (3, 9, 12) and waiting:
                self.reply(waiting[0].lead_id)
                replied.add(waiting[0].id)
            if day == 6:
                self.env["lead.consent"]._record(waiting[1].lead_id, "withdrawn")
                self.commit()
                refused.add(waiting[1].id)
            self.pass_time(hours=12)
        reasons = Counter(runs.mapped("reason"))
        self.assertEqual(reasons, {"reply": 3, "optout": 1, "finished": 36})
        for run in runs:
            with self.subTest(run=run.id):
                sent = self.sent(run)
                keys = [entry.step_key for entry in run.ledger_ids.sorted("id")]
                self.assertEqual(len(keys), len(set(keys)))
                if run.reason == "finished":
                    self.assertEqual(len(sent), 5)
                    span = max(sent.mapped("sent_date")) - min(sent.mapped("sent_date"))
                    self.assertLessEqual(span.days, 23)
                else:
                    late = sent.filtered(
                        lambda one, run=run: one.sent_date > run.end_date
                    )
                    self.assertFalse(late)
        # the report adds up to the ledger, and the ledger to the outbox
        report = self.env["lead.sequence.report"].with_user(self.manager)
        [(steps, sent, replies)] = report._read_group(
            [("sequence_id", "=", self.education.id)],
            [],
            ["enrollments:sum", "sent:sum", "replied:sum"],
        )
        self.assertEqual(steps, len(runs.ledger_ids))
        self.assertEqual(sent, len(self.sent(runs)))
        self.assertEqual(replies, 3)
        local = {message.sent_date.weekday() for message in self.sent(runs)}
        self.assertLess(max(local), 5)

    def test_fast_forward_tells_what_comes(self):
        """The same messages, in the same arms, at the same times as in service."""
        leads = self.leads[:12]
        rehearsal = Rehearsal(self.education.sudo(), 28)
        told = {
            lead: [(at, text) for at, __, text in events]
            for lead, events, __ in rehearsal.run(leads)
        }
        runs = self.education._enroll(leads)
        while due := [run.due for run in runs if run.state == "waiting"]:
            self.pass_time(
                seconds=max(0, (min(due) - fields.Datetime.now()).total_seconds())
            )
            self.tick()
        self.assertEqual(set(runs.mapped("reason")), {"finished"})
        labels = {"a": "A", "b": "B", False: None}
        for run in runs:
            done = []
            for entry in run.ledger_ids.sorted("id"):
                arm = labels[entry.arm]
                title = KINDS.get(entry.step_id.kind).get_title(entry.step_id)
                done.append((entry.date, f"{title}: {arm}" if arm else title))
            self.assertEqual(done, told[run.lead_id])
        self.assertEqual(rehearsal.sent, len(self.sent(runs)))

    def test_each_ready_made_one_can_be_turned_on(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "lead_management"), ("model", "=", "lead.sequence")]
        )
        sequences = self.env["lead.sequence"].browse(data.mapped("res_id"))
        self.assertEqual(len(sequences), 8)
        sequences.active = True
        sequences.with_user(self.manager).action_switch_on()
        self.assertTrue(all(sequences.mapped("is_on")))

    def test_no_statement_for_each_in_a_batch(self):
        """At most 45, and 5 for each salesperson; whatever the number of leads."""
        sequence = self._new_sequence(self._message(3), pace=6000)
        counts = []
        for size in (5, 35):
            leads = self.env["crm.lead"].concat(
                *(self._new_contact(1000 + 100 * size + n) for n in range(size))
            )
            runs = sequence._enroll(leads)
            runs.write({"due": fields.Datetime.now()})
            self.commit()
            before = self.env.cr.sql_log_count
            self.env["lead.enrollment"]._walk_batch(size)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)
        self.assertLessEqual(counts[1], 50)

    def test_a_lead_costs_nothing_where_nothing_is_used(self):
        lead = self._new_contact(77)
        self.env["lead.sequence"].with_context(active_test=False).search([]).write(
            {"on_date": False}
        )
        for is_used, limit in ((False, 0), (True, 2)):
            if is_used:
                self.sequence.write({"on_date": fields.Datetime.now()})
            own = lead.with_user(self.rep)
            for __ in range(2):  # the second time the caches are warm
                self.env.flush_all()
                lead.invalidate_recordset()
                own.fetch(["name"])
                before = self.env.cr.sql_log_count
                own.enrollment_shown_ids.ids  # noqa: B018 - read, as the form does
                count = self.env.cr.sql_log_count - before
            self.assertLessEqual(count, limit)
