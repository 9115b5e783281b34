"""Senders that die, lose their database, or work side by side."""

import threading
from collections import Counter
from pathlib import Path
from signal import SIGKILL

import pytest

from ..assignment.committed import attempt, transaction
from ..processes import go, wait, worker

BATCH = 8


def sender(batch_size=BATCH):
    """A process that sends when it is told to."""
    return worker(Path(__file__).with_name("killed.py"), batch_size)


@pytest.mark.parametrize("channel", ["email", "sms"])
@pytest.mark.parametrize("accepted", [False, True])
def test_a_killed_sender_leaves_one_message_in_doubt(service, channel, accepted):
    recipients = service.queue(20, channel)
    fake = service.smtp if channel == "email" else service.iap
    kills = recipients[0], recipients[4], recipients[15]
    if channel == "email":
        action = ("kill_after",) if accepted else ("kill_before",)
    else:
        action = ("kill", "accepted") if accepted else ("kill",)
    fake.actions = {recipient: [action] for recipient in kills}
    for number, __ in enumerate(kills, 1):
        with sender() as process:
            fake.victim = process.pid
            go(process)
            assert process.wait(60) == -SIGKILL
        states = Counter(service.balance(recipients).values())
        # the one it died on is seen as such by the next who sends
        assert states["unknown"] == number - 1
    service.send()
    states = service.balance(recipients)
    assert {one for one in recipients if states[one] == "unknown"} == set(kills)
    assert Counter(states.values()) == {"sent": 17, "unknown": 3}
    assert all(fake.recipients[kill] == accepted for kill in kills)
    service.send()
    assert service.states() == states


def test_who_lives_is_not_taken_for_dead(service):
    """However long it takes: its messages are its own."""
    recipients = service.queue(6)
    service.smtp.actions = {recipients[0]: [("slow", 3)]}
    with sender() as process:
        go(process)
        while not service.smtp.accepted:
            pass
        service.send()
        states = service.states()
        assert Counter(states.values()) == {"sending": 6}
        wait(process)
    assert set(service.balance(recipients).values()) == {"sent"}


def test_two_senders_and_impatient_people(service):
    recipients = service.queue(60)
    with sender() as one, sender() as other:
        for process in (one, other):
            go(process)
        with transaction() as env:
            ids = env["lead.message"].search([("recipient", "in", recipients)]).ids
        admin_id = 2
        for id_ in ids[::7]:
            attempt(
                admin_id,
                lambda env, id_: env["lead.message"].browse(id_).action_send_now(),
                id_,
            )
        service.send()
        for process in (one, other):
            wait(process)
    service.send()
    assert set(service.balance(recipients).values()) == {"sent"}


def terminate(but=()):
    """Let PostgreSQL drop the connections of the database, as a restart does."""
    with transaction() as env:
        env.cr.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND pid <> ALL(%s)",
            [list(but)],
        )
        return env.cr.fetchone()[0]


@pytest.mark.parametrize("moment", [0, 5, 11])
def test_lost_connections_to_the_database(service, moment):
    """What is known to be sent is written down over another connection."""
    recipients = service.queue(12)
    counter = []

    def drop(*__):
        counter.append(1)
        if len(counter) == moment + 1:
            terminate()

    service.smtp.on_accept = drop
    with sender() as process:
        go(process)
        wait(process)
    service.smtp.on_accept = None
    service.send()
    states = service.balance(recipients)
    assert set(states.values()) == {"sent"}


def test_more_of_the_same_person_at_once_than_allowed(service):
    """Two who queue at the same time do not see each other; the senders do."""
    [recipient] = service.queue(1)
    lead_id = service.read(recipient, "lead_id").id
    barrier = threading.Barrier(6)
    results = []

    def queue(number):
        with transaction() as env:
            env["lead.message"].search_count([])
            barrier.wait()
            env["lead.message"]._queue(
                [
                    {
                        "lead_id": lead_id,
                        "channel": "email",
                        "body": f"Number {number}",
                    }
                ]
            )
            results.append(number)

    threads = [threading.Thread(target=queue, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 6
    service.send()
    assert len(service.smtp.accepted) == 3
    with transaction() as env:
        messages = env["lead.message"].search([("lead_id", "=", lead_id)])
        assert Counter(messages.mapped("state")) == {"sent": 3, "skipped": 4}


def test_a_lead_that_is_deleted_while_its_message_is_sent(service):
    recipients = service.queue(3)
    lead_id = service.read(recipients[1], "lead_id").id

    def delete(recipient, __):
        if recipient == recipients[0]:
            with transaction() as env:
                env["crm.lead"].browse(lead_id).unlink()

    service.smtp.on_accept = delete
    service.send()
    assert set(service.balance([recipients[0], recipients[2]]).values()) == {"sent"}
