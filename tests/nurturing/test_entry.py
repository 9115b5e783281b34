"""Who enters, by hand and by itself; versions, dialogs, pictures."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError

from .common import Command, SequenceCase


class TestEntry(SequenceCase):
    def _codes(self, *leads, sequence=None):
        entries = (sequence or self.sequence)._get_entries(
            self.env["crm.lead"].concat(*leads)
        )
        return [entry.code for entry in entries]

    def test_who_does_not_enter_and_why(self):
        lost = self._new_contact(1)
        lost.stage_id = self._stage("unqualified")
        won = self._new_contact(2)
        won.stage_id = self._stage("customer")
        inside = self._new_contact(3)
        self._enroll(inside)
        refused = self._new_contact(4)
        self.env["lead.consent"]._record(refused, "withdrawn")
        self.assertEqual(
            self._codes(
                self._new_contact(),
                lost,
                won,
                inside,
                refused,
                self._new_contact(5, user_id=False),
                self._new_contact(6, email_from=False),
                self._new_contact(7, active=False),
            ),
            [
                *(None, "closed", "closed", "inside", "consent"),
                *("owner", "recipient", "closed"),
            ],
        )

    def test_one_of_higher_priority_takes_over(self):
        low, high = (
            self._new_sequence(self._message(3), name=name, priority=priority)
            for name, priority in (("Low", "1"), ("High", "3"))
        )
        lead = self._new_contact()
        run = self._enroll(lead)
        self.assertEqual(self._codes(lead, sequence=low), ["other"])
        self.assertEqual(self._codes(lead, sequence=high), [None])
        self._enroll(lead, high)
        self.assertEqual((run.state, run.reason), ("stopped", "replaced"))

    def test_again_after_some_days(self):
        lead = self._new_contact()
        first = self._enroll(lead)
        first._end("stopped", "hand")
        self.assertEqual(self._codes(lead), ["again"])
        self.sequence.reentry_days = 0
        self.assertEqual(self._codes(lead), ["again"])
        self.sequence.reentry_days = 30
        self.pass_time(days=31)
        self.assertEqual(self._codes(lead), [None])
        self.assertEqual(self._enroll(lead).run, 2)

    def test_off_is_off(self):
        self.sequence.action_switch_off()
        with self.assertRaises(UserError):
            self._enroll(self._new_contact())

    def test_those_together_start_one_after_the_other(self):
        leads = self.env["crm.lead"].concat(
            *(self._new_contact(number) for number in range(5))
        )
        self.sequence.pace = 1
        due = sorted(self._enroll(leads).mapped("due"))
        self.assertEqual(due[-1] - due[0], timedelta(minutes=4))

    def test_no_statement_for_each_lead(self):
        few, many = (
            self.env["crm.lead"].concat(
                *(self._new_contact(1000 + base + n) for n in range(size))
            )
            for base, size in ((0, 5), (100, 60))
        )
        counts = []
        for leads in (few, few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.sequence._get_entries(leads)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 2)

    # ------------------------------------------------------------
    # By itself
    # ------------------------------------------------------------

    def _enters(self, lead, sequence, again=True):
        self.pass_time(minutes=61)
        self.run_engine()
        runs = lead.enrollment_ids.filtered(lambda run: run.sequence_id == sequence)
        if again:  # once, however often it is looked at
            self.pass_time(minutes=61)
            self.run_engine()
            self.assertEqual(len(lead.enrollment_ids), len(runs))
        return bool(runs)

    def test_on_stage(self):
        sequence = self._new_sequence(
            self._message(3), trigger="stage", stage_type="contacted"
        )
        inside = self._new_contact(1, stage_id=self._stage("contacted").id)
        self.assertTrue(self._enters(inside, sequence))
        lead = self._new_contact(2)
        self.assertFalse(self._enters(lead, sequence))
        lead.stage_id = self._stage("contacted")
        self.assertTrue(self._enters(lead, sequence))

    def test_on_condition_and_segment(self):
        segment = self._new_segment("Blue", [("city", "=", "Blue")])
        by_segment = self._new_sequence(
            self._message(3), trigger="segment", segment_ids=[(6, 0, segment.ids)]
        )
        by_condition = self._new_sequence(
            self._message(3), trigger="condition", domain="[('city', '=', 'Green')]"
        )
        blue, green = (
            self._new_contact(number, city=city)
            for number, city in ((1, "Blue"), (2, "Green"))
        )
        self.assertTrue(self._enters(blue, by_segment))
        self.assertTrue(self._enters(green, by_condition, again=False))
        self.assertFalse(
            blue.enrollment_ids.filtered(lambda run: run.sequence_id == by_condition)
        )

    def test_on_score_and_persona(self):
        persona = self.env["lead.persona"].create({"name": "Buyer"})
        by_score, by_persona = (
            self._new_sequence(self._message(3), trigger=trigger, **values)
            for trigger, values in (
                ("score", {"score_min": 25, "score_max": 35}),
                ("persona", {"persona_ids": [Command.set(persona.ids)]}),
            )
        )
        scored, fitting, neither = (self._new_contact(n) for n in range(70, 73))
        self.commit()
        for table, column, value, lead in (
            ("lead_score", "total", 30, scored),
            ("lead_profile", "persona_id", persona.id, fitting),
        ):
            self.env.cr.execute(
                f"UPDATE {table} SET {column} = %s WHERE lead_id = %s",
                [value, lead.id],
            )
        self.assertTrue(self._enters(scored, by_score, again=False))
        self.assertTrue(fitting.enrollment_ids.sequence_id == by_persona)
        self.assertFalse(neither.enrollment_ids)

    def test_on_an_answer(self):
        question = self.env["lead.qualifier"].create(
            {
                "name": "Budget?",
                "kind": "choice",
                "option_ids": [
                    Command.create({"name": name}) for name in ("Yes", "No")
                ],
            }
        )
        yes, no = question.option_ids
        chosen, any_answer = (
            self._new_sequence(
                self._message(3),
                name=name,
                trigger="answer",
                qualifier_id=question.id,
                option_ids=[Command.set(options.ids)],
                priority=priority,
            )
            for name, options, priority in (("Yes", yes, "3"), ("Any", yes[:0], "1"))
        )
        self.assertIn("Budget? Yes", chosen.entry_text)
        leads = [self._new_contact(number) for number in range(60, 63)]
        for lead, option in zip(leads, (yes, no), strict=False):
            lead._record_answers({question.id: option.id})
        for lead, sequence in zip(leads, (chosen, any_answer), strict=False):
            self.assertTrue(self._enters(lead, sequence))
        self.assertFalse(leads[2].enrollment_ids)
        with self.assertRaises(ValidationError):
            chosen.qualifier_id = False

    def test_on_silence_and_birthday(self):
        by_silence = self._new_sequence(
            self._message(3), trigger="inactive", inactive_days=30
        )
        by_birthday = self._new_sequence(
            self._message(3), trigger="birthday", window_weekend=True
        )
        silent = self._new_contact(1)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = '2026-01-01' WHERE id = %s",
            [silent.id],
        )
        self.assertTrue(self._enters(silent, by_silence))
        self.env.cr.execute("SELECT now()::date")
        [today] = self.env.cr.fetchone()
        born = self._new_contact(2, birthdate=today.replace(year=1984))
        self.assertTrue(self._enters(born, by_birthday))

    def test_a_trigger_needs_its_values(self):
        with self.assertRaises(ValidationError):
            self._new_sequence(self._message(3), trigger="stage", is_on=False)

    def test_so_many_a_day(self):
        sequence = self._new_sequence(
            self._message(3),
            trigger="condition",
            domain="[('city', '=', 'Many')]",
            daily_limit=2,
        )
        for number in range(3):
            self._new_contact(number, city="Many")
        self.run_engine()
        self.assertEqual(len(sequence.enrollment_ids), 2)
        self.pass_time(days=1, hours=1)
        self.run_engine()
        self.assertEqual(len(sequence.enrollment_ids), 3)

    def test_leads_of_another_company_do_not_enter(self):
        sequence = self._new_sequence(
            self._message(3), trigger="condition", company_id=self.company_b.id
        )
        lead = self._new_contact()
        self.assertFalse(self._enters(lead, sequence))
        self.assertEqual(self._codes(lead, sequence=sequence), ["company"])

    # ------------------------------------------------------------
    # Arms
    # ------------------------------------------------------------

    def test_branches_join_again(self):
        sequence = self._new_sequence(
            {
                "kind": "branch",
                "domain": "[('city', '=', 'Yes')]",
                "arms": {"yes": [self._message(0)], "no": []},
            },
            {
                "kind": "change",
                "change": "tag",
                "tag_ids": [(0, 0, {"name": "Nurtured"})],
            },
            self._message(1),
        )
        yes, no = self._new_contact(1, city="Yes"), self._new_contact(2)
        runs = sequence._enroll(yes + no)
        for __ in range(3):
            self.pass_time(minutes=1)
            self.tick()
        by_lead = {run.lead_id: self.sent(run) for run in runs}
        self.assertEqual(by_lead[yes].template_id, self.templates[:2])
        self.assertEqual(by_lead[no].template_id, self.templates[1])
        self.assertEqual(set(runs.mapped("state")), {"done"})
        self.assertEqual((yes + no).tag_ids.name, "Nurtured")

    def test_stage_and_segment_are_changed(self):
        segment = self.env["lead.segment"].create({"name": "Of a step"})
        sequence = self._new_sequence(
            {"kind": "change", "change": "segment", "segment_id": segment.id},
            {"kind": "change", "change": "stage", "stage_type": "contacted"},
            self._message(0),
        )
        lead = self._new_contact(33, stage_id=self._stage("open").id)
        run = self._enroll(lead, sequence)
        self.pass_time(minutes=1)
        self.tick()
        self.assertEqual(lead.segment_manual_id, segment)
        self.assertEqual(lead.stage_id.stage_type, "contacted")
        # it is no answer of the contact: the sequence goes on
        self.assertEqual(len(self.sent(run)), 1)

    def test_what_a_branch_can_ask_for(self):
        """The score, the stage; and an earlier reply, on any lead of the person."""
        replied = self._new_contact(30)
        other = self._new_lead(name="Before", email_from=replied.email_from)
        self.env["lead.touch"]._record(
            [{"lead_id": other.id, "channel": "email", "direction": "in"}]
        )
        moved = self._new_contact(31, stage_id=self._stage("contacted").id)
        scored = self._new_contact(32, probability=99)
        self.env["lead.score.rule"].search([]).active = False
        rule = {"name": "R", "points": 30, "domain": f"[('id', '=', {scored.id})]"}
        self.env["lead.score.rule"].create(rule)
        self.env["lead.score"]._refresh()
        self.pass_time(minutes=5)
        leads = replied + moved + scored
        for branch, expected in (
            ({"branch_on": "reply"}, replied),
            ({"domain": "[('stage_id.stage_type', '=', 'contacted')]"}, moved),
            ({"domain": "[('score_total', '>', 10)]"}, scored),
        ):
            with self.subTest(branch=branch):
                arms = {"yes": [self._message(1)], "no": []}
                sequence = self._new_sequence(
                    {"kind": "branch", "arms": arms, **branch}, pace=6000
                )
                runs = self._enroll(leads, sequence)
                self.tick()
                took = runs.filtered(lambda run: "yes" in run.ledger_ids.mapped("arm"))
                self.assertEqual(took.lead_id, expected)
                runs._end("stopped", "hand")

    def test_a_task_is_waited_for(self):
        sequence = self._new_sequence(
            {"kind": "task", "summary": "Call", "go_on_days": 5}, self._message(0)
        )
        run, other = sequence._enroll(self._new_contact(1) + self._new_contact(2))
        self.pass_time(minutes=1)
        self.run_engine()
        self.assertEqual((run + other).mapped("state"), ["task"] * 2)
        self.assertIn("Call", run.explanation)
        run.activity_id.with_user(self.rep).action_feedback()
        self.tick()
        self.assertEqual(len(self.sent(run)), 1)
        self.assertEqual(other.state, "task")
        self.pass_time(days=7)
        self.tick()
        self.assertEqual(len(self.sent(other)), 1)

    def test_arms_of_a_test_are_about_equal(self):
        sequence = self._new_sequence(
            {"kind": "ab", "arms": {"a": [self._message(0)], "b": [self._message(1)]}}
        )
        leads = self.env["crm.lead"].concat(
            *(self._new_contact(200 + number) for number in range(40))
        )
        sequence.pace = 600
        runs = sequence._enroll(leads)
        self.pass_time(minutes=1)
        self.run_engine()
        arms = runs.ledger_ids.filtered("arm").mapped("arm")
        self.assertEqual(len(arms), 40)
        self.assertLess(abs(arms.count("a") - 20), 12)
        step = sequence.version_id.step_ids.filtered(lambda one: one.kind == "ab")
        self.assertIn("40 of 400", sequence.version_id._read_tests()[step.id])

    # ------------------------------------------------------------
    # Versions
    # ------------------------------------------------------------

    def test_a_new_version_with_people_inside(self):
        runs = self._enroll(self._new_contact(1) + self._new_contact(2))
        self.pass_time(minutes=1)
        self.tick()
        manager = self.sequence.with_user(self.manager)
        manager.action_new_version()
        draft = manager._get_shown_version()
        self.assertEqual((draft.number, draft.state), (2, "draft"))
        self.assertEqual(
            draft.step_ids.mapped("key"),
            self.sequence.version_id.step_ids.mapped("key"),
        )
        draft.step_ids[1].unlink()
        action = manager.action_activate_version()
        dialog = (
            self.env["lead.sequence.move"]
            .with_user(self.manager)
            .browse(action["res_id"])
        )
        self.assertEqual(dialog.count, 2)
        dialog.mode = "move"
        dialog.action_activate()
        self.assertEqual(runs.version_id, draft)
        self.assertEqual(runs.step_id, draft.step_ids[1])
        self.pass_time(days=7)
        self.tick()
        self.assertEqual(runs.mapped("state"), ["done"] * 2)
        self.assertEqual([len(self.sent(run)) for run in runs], [2, 2])

    def test_people_finish_the_version_they_are_in(self):
        run = self._enroll(self._new_contact())
        old = self.sequence.version_id
        self.sequence.action_new_version()
        self.sequence._get_shown_version()._activate()
        self.assertEqual((run.version_id, old.state), (old, "retired"))
        other = self._enroll(self._new_contact(1))
        self.assertEqual(other.version_id, self.sequence.version_id)
        self.assertNotEqual(other.version_id, old)

    # ------------------------------------------------------------
    # Screens
    # ------------------------------------------------------------

    def test_the_dialog_says_who(self):
        own = self._new_contact(1)
        others = self._new_contact(2, user_id=self.rep_2.id)
        lost = self._new_contact(3, active=False)
        action = (own + lost).with_user(self.rep).action_enroll()
        dialog = self.env["lead.enroll"].with_user(self.rep).browse(action["res_id"])
        dialog.sequence_id = self.sequence
        self.assertEqual((dialog.preview["in"], dialog.preview["out"]), (1, 1))
        self.assertTrue(dialog.preview["rows"][0]["at"])
        dialog.excluded = own.ids
        with self.assertRaises(UserError):
            dialog.lead_ids = own
            dialog.action_enroll()
        dialog.excluded = []
        dialog.action_enroll()
        self.assertEqual(own.enrollment_ids.user_id, self.rep)
        with self.assertRaises(AccessError):
            others.with_user(self.rep).action_enroll()

    def test_the_picture_adds_up(self):
        runs = self._enroll(self._new_contact(1) + self._new_contact(2))
        self.pass_time(minutes=1)
        self.tick()
        self.reply(runs[0].lead_id)
        steps = self.sequence.with_user(self.rep).flow["steps"]
        self.assertEqual(steps[0]["counters"], [0, 2, 0, 1, 0])
        self.assertEqual(steps[1]["counters"], [1, 0, 0, 0, 0])
        self.assertFalse(self.sequence.with_user(self.rep).flow["editable"])
        report = self.env["lead.sequence.report"].with_user(self.manager)
        [(sent, replied, count)] = report._read_group(
            [("sequence_id", "=", self.sequence.id)],
            [],
            ["sent:sum", "replied:sum", "__count"],
        )
        self.assertEqual((sent, replied, count), (2, 1, 2))

    def test_goals_are_noted(self):
        run = self._enroll(self._new_contact())
        self.tick()
        self.pass_time(hours=1)
        self.reply(run.lead_id)
        self.assertFalse(run.goal_date)
        self.pass_time(days=5)
        run.lead_id.stage_id = self._stage("qualified")
        self.commit()
        self.assertEqual(run.goal_date, fields.Datetime.now())

    def test_fast_forward_changes_nothing(self):
        leads = self._new_contact(1) + self._new_contact(2)
        dialog = (
            self.env["lead.fast.forward"]
            .with_user(self.manager)
            .create({"sequence_id": self.sequence.id, "lead_ids": [(6, 0, leads.ids)]})
        )
        dialog.reply_share = dialog.optout_share = 0
        before = self.env["lead.message"].search_count([])
        [first, __] = dialog.story["stories"]
        self.assertEqual(len(first["events"]), 3)
        dialog.reply_share = 100
        self.assertEqual(len(dialog.story["stories"][0]["events"]), 2)
        self.assertEqual(self.env["lead.message"].search_count([]), before)
        self.assertFalse(leads.enrollment_ids)

    def test_steps_are_put_in_their_place(self):
        sequence = self._new_sequence(self._message(0), self._message(1), is_on=False)
        first, second = sequence.version_ids.step_ids
        Step = self.env["lead.sequence.step"].with_user(self.manager)
        for __ in range(2):
            new = Step.with_context(sequence_step_after=first.id).create(
                {"version_id": sequence.version_ids.id, "kind": "end"}
            )
            order = first._get_siblings()
            self.assertEqual(order[:2], first + new.sudo())
        second.with_user(self.manager).action_move_up()
        self.assertEqual(first._get_siblings()[2], second)

    def test_the_lead_says_what_comes(self):
        lead = self._new_contact()
        run = self._enroll(lead)
        self.pass_time(minutes=1)
        self.tick()
        shown = lead.with_user(self.rep).enrollment_shown_ids
        self.assertEqual(shown, run)
        self.assertIn("Mail 1", shown.explanation)
        self.assertTrue(shown.may_act)
