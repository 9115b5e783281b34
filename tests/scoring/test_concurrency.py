"""Scores beside people at work: real transactions that commit."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

NAME = "Score beside others"
POINTS = 37
# Far below the time after which a lock is given up.
AT_ONCE = 1.0


@contextmanager
def transaction():
    with Registry(get_db_name()).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})


def _clean_up():
    with transaction() as env:
        domain = [("name", "=like", f"{NAME}%")]
        for model in ("crm.lead", "lead.score.rule"):
            env[model].with_context(active_test=False).search(domain).unlink()


@pytest.fixture
def lead_ids():
    """Three committed leads; a telephone number gives points."""
    _clean_up()
    with transaction() as env:
        env["lead.score.rule"].create(
            {"name": NAME, "domain": "[('phone', '!=', False)]", "points": POINTS}
        )
        leads = env["crm.lead"].create(
            [{"name": f"{NAME} {number}", "user_id": False} for number in range(3)]
        )
        lead_ids = leads.ids
    yield lead_ids
    _clean_up()


def _outdate():
    """Leave every score to be rewritten, as after a change of the rules."""
    with transaction() as env:
        env.cr.execute("UPDATE lead_score SET total = total + 1")


def _run_cron():
    with transaction() as env:
        env["crm.lead"]._cron_derived()


def _read_scores(lead_ids):
    with transaction() as env:
        env.cr.execute(
            "SELECT total FROM lead_score WHERE id = ANY(%s) ORDER BY id", [lead_ids]
        )
        return [total for (total,) in env.cr.fetchall()]


def test_rep_saves_after_everything_was_rescored_under_the_feet(lead_ids):
    """The rows are newer than what the rep's transaction may see: no failure."""
    before = _read_scores(lead_ids)
    with transaction() as rep:
        lead = rep["crm.lead"].browse(lead_ids[0])
        lead.read(["name"])  # from here on the transaction sees this state only
        _outdate()
        _run_cron()
        lead.phone = "+1 202 555 0100"
    scores = _read_scores(lead_ids)
    assert scores[0] > before[0]
    assert scores[1:] == before[1:]


def test_rep_does_not_wait_for_a_rescore_that_runs(lead_ids):
    with transaction() as cron, ThreadPoolExecutor(1) as pool:
        cron.cr.execute(
            "UPDATE lead_score SET total = total + 1 WHERE id = ANY(%s)", [lead_ids]
        )
        edit = pool.submit(_edit_and_count, lead_ids[0])
        # the edit is committed while the rows are locked
        assert edit.result(timeout=AT_ONCE * 10) == "+1 202 555 0100"
        cron.cr.rollback()
    _run_cron()
    with transaction() as env:
        lead = env["crm.lead"].browse(lead_ids[0])
        assert lead.phone == "+1 202 555 0100"
        assert lead.score_total == _expected(env, lead)


def _edit_and_count(lead_id):
    with transaction() as rep:
        rep["crm.lead"].browse(lead_id).phone = "+1 202 555 0100"
    with transaction() as env:
        return env["crm.lead"].browse(lead_id).phone


def _expected(env, lead):
    """Return the score worked out anew."""
    env["lead.score"]._refresh(lead.ids)
    env.invalidate_all()
    return lead.score_total


def test_nothing_is_lost_when_a_score_is_read_while_its_row_is_locked(lead_ids):
    """What was not yet flushed is not given up with the score."""
    with transaction() as cron, ThreadPoolExecutor(1) as pool:
        cron.cr.execute(
            "UPDATE lead_score SET total = total + 1 WHERE id = ANY(%s)", [lead_ids]
        )
        pool.submit(_edit_and_read, lead_ids[0]).result(timeout=AT_ONCE * 10)
        cron.cr.rollback()
    with transaction() as env:
        lead = env["crm.lead"].browse(lead_ids[0])
        assert (lead.phone, lead.city) == ("+1 202 555 0100", "Lisbon")


def _edit_and_read(lead_id):
    with transaction() as rep:
        lead = rep["crm.lead"].browse(lead_id)
        lead.write({"phone": "+1 202 555 0100", "city": "Lisbon"})
        assert lead.score_temperature


def test_rescore_leaves_out_a_lead_that_is_being_edited(lead_ids):
    """The rep's score stands, and the others are rescored meanwhile."""
    before = _read_scores(lead_ids)
    _outdate()
    with transaction() as rep:
        lead = rep["crm.lead"].browse(lead_ids[0])
        lead.phone = "+1 202 555 0100"
        rep.cr.flush()  # the row of its score is written, not committed
        _run_cron()
        assert _read_scores(lead_ids)[1:] == before[1:]
    with transaction() as env:
        lead = env["crm.lead"].browse(lead_ids[0])
        assert lead.score_total == _expected(env, lead)


def test_two_reps_edit_two_leads_at_once(lead_ids):
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_edit_and_count, lead_ids[:2]))
    first, second, third = _read_scores(lead_ids)
    assert first == second > third
