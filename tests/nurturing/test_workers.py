"""Engines side by side, killed ones, and what they leave behind."""

import os
import time
from pathlib import Path

import pytest

from odoo import fields

from ..assignment.committed import (
    NAME,
    committing,
    in_parallel,
    request,
    transaction,
)
from ..processes import go, wait, worker

# How many are due, and how many a transaction takes; 6,000 and 250 show it at length.
COUNT = int(os.environ.get("LEAD_MANAGEMENT_DUE", "240"))
BATCH = max(10, COUNT // 24)


@pytest.fixture(scope="module")
def world():
    with committing():
        yield
        _clean()


def _clean():
    with transaction() as env:
        sequences = env["lead.sequence"].with_context(active_test=False)
        mine = sequences.search([("name", "=", NAME)])
        env["crm.lead"].with_context(active_test=False).search(
            [("name", "=", NAME)]
        ).unlink()
        env["lead.enrollment"].search([("sequence_id", "in", mine.ids)]).unlink()
        mine.unlink()
        env["lead.message.template"].search([("name", "=", NAME)]).unlink()


@pytest.fixture
def due(world):
    """Return the ids of enrollments of which each is due."""
    _clean()
    with transaction() as env:
        template = env["lead.message.template"].create(
            {"name": NAME, "channel": "email", "user_id": False}
        )
        sequence = env["lead.sequence"].create(
            {
                "name": NAME,
                "purpose": "service",
                "window_start": 0,
                "window_end": 24,
                "window_weekend": True,
                "grace_days": 0,
                "pace": 60000,
            }
        )
        env["lead.sequence.step"].create(
            [
                {
                    "version_id": sequence.version_ids.id,
                    "template_id": template.id,
                    "wait_count": number and 1,
                }
                for number in range(2)
            ]
        )
        sequence.action_switch_on()
        leads = _create_leads(env)
        runs = sequence._enroll(leads)
        runs.write({"due": fields.Datetime.now()})
        return runs.ids


def _create_leads(env):
    """Return as many leads, copies of one made by SQL."""
    lead = env["crm.lead"].create(
        {
            "name": NAME,
            "user_id": env.ref("base.user_admin").id,
            "email_from": "w0@example.com",
        }
    )
    env.cr.flush()
    env.cr.postcommit.clear()
    own = {"id": None, "email_from": "mail", "email_normalized": "mail"}
    own["email_domain_criterion"] = "mail"
    names = [
        name
        for name, field in lead._fields.items()
        if field.store and field.column_type and name != "id"
    ]
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(own.get(name) or f'lead."{name}"' for name in names)
    env.cr.execute(
        f"INSERT INTO crm_lead ({columns}) SELECT {values} FROM crm_lead lead, "
        "LATERAL (SELECT 'w' || number || '@example.com' AS mail "
        "FROM generate_series(1, %s) AS number) AS other "
        "WHERE lead.id = %s RETURNING id",
        [COUNT - 1, lead.id],
    )
    ids = [id_ for (id_,) in env.cr.fetchall()]
    env.invalidate_all()
    return lead + lead.browse(ids)


def engine(batch_size=BATCH):
    return worker(Path(__file__).with_name("worker.py"), batch_size)


def balance(ids):
    """Compare the books: nothing lost, nothing doubled, nothing left."""
    with transaction() as env:
        runs = env["lead.enrollment"].browse(ids)
        messages = env["lead.message"].search([("enrollment_id", "in", ids)])
        assert len(messages) == len(messages.enrollment_id)
        assert messages == runs.ledger_ids.message_id.sorted("id", reverse=True)
        return runs.grouped("state"), len(messages)


def test_two_engines_share_the_work(due):
    with engine() as one, engine() as other:
        for process in (one, other):
            go(process)
        for process in (one, other):
            wait(process)
    states, count = balance(due)
    assert count == COUNT
    assert set(states) == {"queued"}


def test_a_killed_engine_leaves_nothing_behind(due):
    with engine() as one, engine() as other:
        for process in (one, other):
            go(process)
        for __ in range(2000):
            time.sleep(0.05)
            if balance(due)[1] > COUNT // 8:
                break
        one.kill()
        wait(other)
    with engine() as last:
        go(last)
        wait(last)
    states, count = balance(due)
    assert count == COUNT
    assert set(states) == {"queued"}


def test_enrolled_by_two_at_once(due):
    """Somebody presses Enroll while somebody else does: one run each."""

    def enroll(__):
        def job(env):
            leads = env["lead.enrollment"].browse(due[:5]).lead_id
            return len(env["lead.sequence"].browse(sequence_id)._enroll(leads))

        return request(2, job)

    with transaction() as env:
        runs = env["lead.enrollment"].browse(due[:5])
        runs._end("stopped", "hand")
        sequence_id = runs.sequence_id.id
        runs.sequence_id.reentry_days = 1
        runs.end_date = fields.Datetime.subtract(fields.Datetime.now(), days=2)
    assert sorted(in_parallel(enroll, [1, 2], workers=2)) == [0, 5]


def test_an_answer_does_not_wait_for_the_engine(due):
    """Whoever writes a reply is not held up by somebody who has the row in hand."""
    with transaction() as env:
        run = env["lead.enrollment"].browse(due[0])
        lead_id = run.lead_id.id
    with transaction() as holder:
        holder.cr.execute(
            "SELECT id FROM lead_enrollment WHERE id = %s FOR NO KEY UPDATE", [due[0]]
        )
        started = time.monotonic()
        request(
            2,
            lambda env: (
                env["lead.touch"]
                .sudo()
                .create({"lead_id": lead_id, "channel": "email", "direction": "in"})
            ),
        )
        assert time.monotonic() - started < 2
        holder.cr.rollback()
    with engine() as one:
        go(one)
        wait(one)
    with transaction() as env:
        run = env["lead.enrollment"].browse(due[0])
        assert (run.state, run.reason) == ("stopped", "reply")
        assert not env["lead.message"].search([("enrollment_id", "=", run.id)])


def test_what_is_due_is_found_by_its_index(due):
    with transaction() as env:
        env.cr.execute(
            """
            INSERT INTO lead_enrollment (lead_id, sequence_id, version_id, run, state,
                date, since, due, failures)
            SELECT lead_id, sequence_id, version_id, run + number, 'done', date, since,
                   now() + number * interval '1 hour', 0
            FROM lead_enrollment, generate_series(1, 100) AS number
            WHERE id = ANY(%s)
            """,
            [due],
        )
        env.cr.execute("ANALYZE lead_enrollment")
        query = env["lead.enrollment"]._sql_due(250)
        env.cr.execute(f"EXPLAIN {query.code}", query.params)
        plan = "\n".join(line for (line,) in env.cr.fetchall())
        assert "lead_enrollment_due_idx" in plan.replace("__", "_"), plan
        env.cr.rollback()
