"""E-mail servers that misbehave: nothing lost, nothing doubled, the others go on."""

from collections import Counter

import pytest

from ..assignment.committed import transaction


def test_all_are_sent_once_and_posted(service):
    recipients = service.queue(5)
    service.send()
    assert set(service.balance(recipients).values()) == {"sent"}
    assert service.smtp.connections == 1
    message, posted, server = service.read(
        recipients[0], "mail_message_id", "is_posted", "server"
    )
    assert message and posted and server == f"email:{service.server_id}"
    with transaction() as env:
        message = message.with_env(env)
        assert message.message_id == service.smtp.accepted[0][1]
        assert message.message_type == "email_outgoing"
        assert message.notification_ids.notification_status == "sent"


def test_temporary_and_permanent_errors_are_told_apart(service):
    recipients = service.queue(6)
    service.smtp.actions = {
        recipients[0]: [("rcpt", 451, "4.7.1 greylisted")],
        recipients[1]: [("rcpt", 552, "5.2.2 mailbox full")],
        recipients[2]: [("data", 554, "5.7.1 spam")],
        recipients[3]: [("rcpt", 550, "5.1.1 no such user")],
        recipients[4]: [("data", 452, "4.2.2 over quota")],
    }
    service.send()
    states = service.balance(recipients)
    assert [states[one] for one in recipients] == [
        "retry",
        "retry",
        "failed",
        "failed",
        "retry",
        "sent",
    ]
    assert service.read(recipients[3], "error_code") == "550 5.1.1"
    with transaction() as env:
        leads = service.read(recipients[3], "lead_id") + service.read(
            recipients[1], "lead_id"
        )
        dead, full = leads.with_env(env)
        assert dead.activity_ids and not full.activity_ids
    service.send()  # not yet
    assert service.states() == states
    service.make_due()
    service.send()
    states = service.balance(recipients)
    assert Counter(states.values()) == {"sent": 4, "failed": 2}
    assert service.read(recipients[0], "attempts") == 2


def test_server_down_costs_no_message_an_attempt(service):
    recipients = service.queue(10)
    service.smtp.stop()
    for __ in range(3):
        service.make_due()
        service.send()
        assert set(service.balance(recipients).values()) == {"retry"}
    with transaction() as env:
        messages = env["lead.message"].search([("recipient", "in", recipients)])
        assert set(messages.mapped("attempts")) == {0}
        outage = env["lead.message.outage"].search([])
        assert outage.failures == 3
        assert outage.server == f"email:{service.server_id}"
    service.smtp.start()
    service.send()  # not yet time
    assert not service.smtp.accepted
    service.make_due()
    service.send()
    assert set(service.balance(recipients).values()) == {"sent"}
    with transaction() as env:
        assert not env["lead.message.outage"].search([])


def test_server_says_it_is_closing(service):
    recipients = service.queue(4)
    service.smtp.actions = {recipients[1]: [("rcpt", 421, "4.3.2 shutting down")]}
    service.send()
    states = service.balance(recipients)
    assert [states[one] for one in recipients] == ["sent", "retry", "retry", "retry"]
    service.make_due()
    service.send()
    assert set(service.balance(recipients).values()) == {"sent"}


@pytest.mark.parametrize(
    ("action", "state"),
    [
        ("drop_rcpt", "retry"),
        ("drop_command", "retry"),
        ("drop_data", "unknown"),
        ("drop_accepted", "unknown"),
    ],
)
def test_one_dropped_connection_does_not_stop_the_others(service, action, state):
    recipients = service.queue(8)
    service.smtp.actions = {recipients[3]: [(action,)]}
    service.send()
    states = service.balance(recipients)
    assert states.pop(recipients[3]) == state
    assert set(states.values()) == {"sent"}
    assert service.smtp.connections == 2


def test_a_server_that_drops_all_is_out_of_order(service):
    recipients = service.queue(8)
    service.smtp.default = [("drop_rcpt",)] * 50
    service.send()
    assert set(service.balance(recipients).values()) == {"retry"}
    assert service.smtp.connections == 3
    service.smtp.default = []
    service.make_due()
    service.send()
    assert set(service.balance(recipients).values()) == {"sent"}


def test_hanging_server_is_left_in_time(service):
    recipients = service.queue(3)
    service.smtp.actions = {recipients[1]: [("hang_data", 4)]}
    service.send()
    states = service.balance(recipients)
    assert [states[one] for one in recipients] == ["sent", "unknown", "sent"]
    service.make_due()
    service.send()  # what is in doubt is nobody's to send again, but a person's
    assert service.states()[recipients[1]] == "unknown"


def test_unknown_is_settled_by_a_person(service):
    recipients = service.queue(3)
    service.smtp.actions = {
        recipients[0]: [("drop_data",)],
        recipients[1]: [("drop_accepted",)],
    }
    service.send()
    with transaction() as env:
        messages = env["lead.message"].search([("recipient", "in", recipients[:2])])
        by_recipient = messages.grouped("recipient")
        by_recipient[recipients[0]].action_resend()
        by_recipient[recipients[1]].action_mark_sent()
    service.send()
    assert set(service.balance(recipients).values()) == {"sent"}
    assert service.read(recipients[1], "mail_message_id")


def test_gives_up_after_a_day(service):
    recipients = service.queue(1)
    service.smtp.default = [("rcpt", 451, "4.7.1 later")] * 50
    service.send()
    with transaction() as env:
        env.cr.execute(
            "UPDATE lead_message SET first_try = first_try - interval '24 hours'"
        )
    service.make_due()
    service.send()
    assert service.balance(recipients) == {recipients[0]: "failed"}


def test_a_run_ends_in_time_whatever_the_server_takes(service):
    """What is claimed and not begun is taken up by the next run."""
    recipients = service.queue(5)
    service.smtp.actions = {recipients[1]: [("slow", 1.5)]}
    assert service.send(seconds=1)
    states = service.balance(recipients)
    assert Counter(states.values()) == {"sent": 2, "retry": 3}
    service.send()
    assert set(service.balance(recipients).values()) == {"sent"}
