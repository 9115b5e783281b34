"""Posts at once, workers that die: each answer has its row, each row its end."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from signal import SIGKILL

import psycopg2
import pytest

from odoo.tests.common import get_db_name

from odoo.addons.lead_management.models.capture.door.door import Item
from odoo.addons.lead_management.models.capture.entry.lead_capture_entry_store import (
    Call,
)

from ..assignment.committed import NAME, committing, in_parallel, transaction

POSTS = 20


@pytest.fixture(scope="module")
def service():
    with committing():
        yield
        empty(is_last=True)


@pytest.fixture
def source_id(service):
    with transaction() as env:
        source = env["lead.capture.source"].create(
            {"name": NAME, "kind": "api", "hour_limit": 0, "spam_limit": 0}
        )
        source_id = source.id
    yield source_id
    empty()


def empty(is_last=False):
    """Remove what came in, and what became of it."""
    with transaction() as env:
        sources = env["lead.capture.source"].with_context(active_test=False)
        mine = sources.search([("name", "=", NAME)])
        entries = env["lead.capture.entry"].search([("source_id", "in", mine.ids)])
        leads = entries.lead_id | env["crm.lead"].search(
            [("capture_source_id", "in", mine.ids)]
        )
        entries.unlink()
        leads.unlink()
        mine.unlink()
        env["ir.cron.trigger"].search([]).unlink()


def store(source_id, number=0, key=None):
    """Keep a post as a request does; return its answer."""
    with transaction() as env:
        source = env["lead.capture.source"].browse(source_id)
        payload = {"name": f"{NAME} {number}", "email": f"p{number}@example.com"}
        item = Item(key or f"key {number}", payload)
        return env["lead.capture.entry"]._store(source, [item], Call("203.0.113.7"))


def run(source_id):
    with transaction() as env:
        return env["lead.capture.entry"]._run_due()


def states(source_id):
    with transaction() as env:
        entries = env["lead.capture.entry"].search([("source_id", "=", source_id)])
        leads = env["crm.lead"].search([("capture_source_id", "=", source_id)])
        return sorted(entries.mapped("state")), len(leads)


def test_equal_posts_at_once_are_one_lead_and_one_answer(source_id):
    answers = in_parallel(lambda n: store(source_id), range(POSTS), workers=POSTS)
    assert len({tuple(answer) for answer in answers}) == 1
    in_parallel(run, [source_id] * 4, workers=4)
    assert states(source_id) == (["done"], 1)


def test_one_person_at_several_doors_at_once_is_one_lead(source_id):
    in_parallel(
        lambda n: store(source_id, key=f"door {n}"), range(POSTS), workers=POSTS
    )
    in_parallel(run, [source_id] * 4, workers=4)
    run(source_id)
    found, leads = states(source_id)
    assert leads == 1
    assert found == ["attached"] * (POSTS - 1) + ["done"]


def test_workers_that_die_lose_and_double_nothing(source_id):
    for number in range(60):
        store(source_id, number)
    script = Path(__file__).with_name("killed.py")
    result = subprocess.run(
        [sys.executable, script, get_db_name()],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    assert json.loads(result.stdout) == [SIGKILL] * 4
    run(source_id)
    assert states(source_id) == (["done"] * 60, 60)


def cut_connections():
    """Do to the connections what a restart of the server does to them."""
    with transaction() as env:
        env.cr.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_connections_that_are_cut_lose_and_double_nothing(source_id):
    """What was answered has its row; what was not is sent again, with its key."""
    answered, stop = {}, threading.Event()

    def send(number):
        for __ in range(20):
            try:
                answered[number] = store(source_id, number)[0]
                return
            except psycopg2.Error:
                time.sleep(0.05)

    def work():
        while not stop.is_set():
            try:
                run(source_id)
            except psycopg2.Error:
                pass
            time.sleep(0.05)

    def cut():
        for __ in range(5):
            time.sleep(0.4)
            try:
                cut_connections()
            except psycopg2.Error:
                pass

    others = [threading.Thread(target=job) for job in (work, work, cut)]
    for thread in others:
        thread.start()
    in_parallel(send, range(300), workers=4)
    others[2].join()
    stop.set()
    for thread in others[:2]:
        thread.join()
    assert len(answered) == 300
    with transaction() as env:
        entries = env["lead.capture.entry"].browse(answered.values())
        assert len(entries.exists()) == 300
        # what failed for the cut is tried again in a while
        env.cr.execute(
            "UPDATE lead_capture_entry SET next_try = NULL WHERE source_id = %s",
            [source_id],
        )
    run(source_id)
    assert states(source_id) == (["done"] * 300, 300)


def test_speed_of_processing(source_id):
    """Forty a second and more on a machine that does nothing else; here some of it."""
    for number in range(100):
        store(source_id, number)
    start = time.monotonic()
    run(source_id)
    rate = 100 / (time.monotonic() - start)
    print(f"processed {rate:.0f} a second")
    assert states(source_id) == (["done"] * 100, 100)
    assert rate > 5
