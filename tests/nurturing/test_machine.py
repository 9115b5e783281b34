"""Whatever happens in whatever order: the books are right.

Never a message after an answer, never a step twice, nobody forgotten, always a reason;
and the ledger says what the outbox says.
"""

import os
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import timedelta
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from odoo.exceptions import UserError

from .common import MONDAY, SequenceCase

LEADS = st.integers(0, 3)
# How many lives are tried: each takes about a second.
LIVES = int(os.environ.get("LEAD_MANAGEMENT_LIVES", "8"))


class TestMachine(SequenceCase):
    @contextmanager
    def _world(self):
        """What happens within is undone."""
        self.env.flush_all()
        self.clock.move_to(MONDAY)
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            yield
        finally:
            self.env.cr.precommit.clear()
            self.env.cr.postcommit.clear()
            self.env.transaction.clear()
            savepoint.close(rollback=True)
            self.env.registry.clear_cache()

    def test_any_order(self):  # noqa: C901 - one world, and all that happens in it
        case = self
        self.leads = self.env["crm.lead"].concat(
            *(
                # two are the same person
                self._new_contact(
                    number, email_from=f"p{number // 2}@example.com", phone=False
                )
                for number in range(4)
            )
        )
        self.flow = self._new_sequence(
            self._message(0),
            {
                "kind": "branch",
                "domain": "[('city', '=', 'A')]",
                "arms": {"yes": [self._message(1)], "no": []},
            },
            {"kind": "task", "summary": "Call", "wait_count": 1, "go_on_days": 2},
            self._message(2, wait_count=1, fallback_id=self.sms.id),
            reentry_days=1,
        )
        self.commit()

        class Machine(RuleBasedStateMachine):
            def __init__(self):
                super().__init__()
                self.world = case._world()
                self.world.__enter__()
                self.allowed_to = {}
                case.pass_time(minutes=1)

            def teardown(self):
                self.world.__exit__(None, None, None)

            # what happens

            @rule(number=LEADS)
            def enroll(self, number):
                lead = case.leads[number].exists()
                if lead and case.flow.is_on:
                    case.pass_time(seconds=2)
                    case._enroll(lead, case.flow)

            @rule()
            def tick(self):
                case.tick()

            @rule(hours=st.sampled_from([1, 5, 24, 72, 200]))
            def jump(self, hours):
                case.pass_time(hours=hours)

            @rule(number=LEADS, is_silent=st.booleans())
            def reply(self, number, is_silent):
                """A touch; with nothing of what follows it, or with all."""
                lead = case.leads[number].exists()
                if not lead:
                    return
                case.pass_time(seconds=2)
                values = {"lead_id": lead.id, "channel": "email", "direction": "in"}
                if is_silent:
                    case.env["lead.touch"].create(values)
                else:
                    case.reply(lead)
                self.stop_person(lead)

            @rule(number=LEADS)
            def call_without_answer(self, number):
                if lead := case.leads[number].exists():
                    case.env["lead.touch"]._record(
                        [{"lead_id": lead.id, "channel": "call", "is_attempt": True}]
                    )

            @rule(number=LEADS)
            def call_that_reached(self, number):
                if lead := case.leads[number].exists():
                    case.pass_time(seconds=2)
                    case.env["lead.touch"]._record(
                        [{"lead_id": lead.id, "channel": "call", "is_contact": True}]
                    )
                    self.stop_person(lead)

            @rule(number=LEADS, days=st.integers(1, 9))
            def out_of_office(self, number, days):
                """Paused at most: a program answered."""
                if lead := case.leads[number].exists():
                    case.commit()
                    before = {run: run.state for run in lead.enrollment_ids}
                    until = case.env.cr.now() + timedelta(days=days)
                    case.env["lead.enrollment"]._pause_away({lead.id: until})
                    for run, state in before.items():
                        assert run.state in (state, "paused")

            @rule(number=LEADS)
            def bounce(self, number):
                """The last mail comes back: nothing goes to that address again."""
                runs = case.leads[number].exists().enrollment_ids
                if sent := case.sent(runs).filtered(lambda one: one.state == "sent"):
                    case.pass_time(seconds=2)
                    sent[-1]._bounce("5.1.1", "no such user")
                    case.commit()

            @rule(number=LEADS)
            def opt_out(self, number):
                if lead := case.leads[number].exists():
                    case.pass_time(seconds=2)
                    case.env["lead.consent"]._record(lead, "withdrawn")
                    self.stop_person(lead)

            @rule(number=LEADS, stage=st.sampled_from(["contacted", "qualified"]))
            def move(self, number, stage):
                lead = case.leads[number].exists()
                if lead and lead.stage_id != case._stage(stage):
                    case.pass_time(seconds=2)
                    lead.stage_id = case._stage(stage)
                    if stage == "qualified":
                        self.stop_person(lead)

            @rule()
            def edit(self):
                case.flow.action_new_version()
                draft = case.flow._get_shown_version()
                dialog = case.env["lead.sequence.move"].create(
                    {"version_id": draft.id, "mode": "move"}
                )
                with suppress(UserError):  # its template was deleted
                    dialog.action_activate()

            @rule()
            def switch(self):
                with suppress(UserError):
                    if case.flow.is_on:
                        case.flow.action_switch_off()
                    else:
                        case.flow.action_switch_on()

            @rule()
            def delete_template(self):
                case.templates[1].exists().unlink()

            @rule(number=LEADS)
            def pause_and_resume(self, number):
                runs = case.leads[number].exists().enrollment_ids
                for run in runs.filtered(lambda one: one.state == "waiting"):
                    run.with_user(case.rep).action_pause()
                for run in runs.filtered(lambda one: one.reason == "hand"):
                    if run.state == "paused":
                        run.with_user(case.rep).action_resume()

            @rule()
            def merge(self):
                first, second = case.leads[2:].exists()[:1], case.leads[3:].exists()
                if first and second and first != second:
                    first.with_user(case.manager).browse(
                        (first + second).ids
                    ).merge_opportunity()
                    self.refresh()

            @rule()
            def copy_runs(self):
                gate = type(case.env["lead.message.gate"])
                before = self.count()
                with patch.object(gate, "_get_silence", lambda self: "a copy"):
                    case.run_engine()
                assert self.count() == before

            @rule()
            def crash(self):
                """Nothing of a batch is there that was not committed."""
                case.commit()
                before = self.count()
                try:
                    with case.env.cr.savepoint(flush=False):
                        case.env["lead.enrollment"]._walk_batch(10)
                        case.env.flush_all()
                        raise KeyboardInterrupt
                except KeyboardInterrupt:
                    case.env.transaction.clear()
                assert self.count() == before

            # the books

            def refresh(self):
                case.env.flush_all()
                case.env.invalidate_all()

            def count(self):
                return case.env["lead.message"].search_count([])

            def stop_person(self, lead):
                """From now on nothing goes out to what somebody is in."""
                emails = lead.email_normalized
                leads = case.leads.exists().filtered(
                    lambda one: one.email_normalized == emails
                )
                for run in leads.enrollment_ids:
                    gone = case.sent(run)
                    self.allowed_to.setdefault(run.id, set(gone.ids))

            @invariant()
            def nothing_goes_out_after_an_answer(self):
                for run_id, sent in self.allowed_to.items():
                    run = case.env["lead.enrollment"].browse(run_id).exists()
                    assert set(case.sent(run).ids) <= sent

            @invariant()
            def no_step_is_done_twice(self):
                rows = case.env["lead.enrollment.step"].search([])
                keys = Counter((row.enrollment_id.id, row.step_key) for row in rows)
                assert not [key for key, count in keys.items() if count > 1]
                keys = Counter(
                    (message.enrollment_id.id, message.sequence_step_id.key)
                    for message in case.sent(case.env["lead.enrollment"].search([]))
                )
                assert not [key for key, count in keys.items() if count > 1]

            @invariant()
            def ledger_is_outbox(self):
                runs = case.env["lead.enrollment"].search([])
                noted = runs.ledger_ids.message_id
                assert case.sent(runs) <= noted | case.messages(runs).filtered(
                    lambda message: ":else" in message.key
                )

            @invariant()
            def nobody_is_forgotten(self):
                for run in case.env["lead.enrollment"].search([]):
                    assert run.explanation
                    if run.state == "waiting":
                        assert run.due
                    elif run.state == "queued":
                        assert run.message_id
                    elif run.state != "task":
                        assert run.reason

        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=LIVES,
                stateful_step_count=14,
                deadline=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
