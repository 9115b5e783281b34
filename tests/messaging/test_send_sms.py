"""SMS over Odoo's API, whose server misbehaves."""

from unittest.mock import patch

import pytest
import requests

from ..assignment.committed import transaction


def test_sent_delivered_and_seen_in_the_chatter(service):
    recipients = service.queue(3, "sms")
    service.send()
    assert set(service.balance(recipients).values()) == {"sent"}
    uuid = service.read(recipients[0], "provider_ref")
    with transaction() as env:
        tracker = env["sms.tracker"].search([("sms_uuid", "=", uuid)])
        assert tracker.mail_notification_id.notification_status == "pending"
        tracker._action_update_from_sms_state("sent")
        message = env["lead.message"].search([("provider_ref", "=", uuid)])
        assert message.state == "delivered"
        assert message.mail_message_id.message_type == "sms"
        assert message.mail_message_id.notification_ids.notification_status == "sent"


def test_a_report_before_the_answer_and_twice(service):
    [recipient] = service.queue(1, "sms")

    def report(__, uuid):
        with transaction() as env:
            for state in ("sent", "sent", "pending"):
                tracker = env["sms.tracker"].search([("sms_uuid", "=", uuid)])
                tracker._action_update_from_sms_state(state)

    service.iap.on_accept = report
    service.send()
    assert service.balance([recipient]) == {recipient: "delivered"}
    assert service.read(recipient, "mail_message_id")


@pytest.mark.parametrize(
    ("action", "state"),
    [
        (("state", "wrong_number_format"), "failed"),
        (("state", "country_not_supported"), "failed"),
        (("state", "server_error"), "retry"),
        (("state", "insufficient_credit"), "retry"),
        (("http", 429, [("Retry-After", "600")]), "retry"),
        (("http", 503), "retry"),
        (("http", 500), "unknown"),
        (("http", 500, (), "accepted"), "unknown"),
        (("garbage",), "unknown"),
        (("garbage", "accepted"), "unknown"),
        (("half", "accepted"), "unknown"),
        (("drop",), "unknown"),
        (("drop", "accepted"), "unknown"),
    ],
)
def test_answers(service, action, state):
    recipients = service.queue(2, "sms")
    service.iap.actions = {recipients[0]: [action]}
    service.send()
    states = service.balance(recipients)
    assert states[recipients[0]] == state
    assert states[recipients[1]] in ("sent", "retry")
    service.make_due()
    service.send()
    states = service.balance(recipients)
    if state == "retry":
        assert states[recipients[0]] == "sent"
    assert states[recipients[1]] == "sent"


def test_patience_is_kept(service):
    recipients = service.queue(1, "sms")
    service.iap.actions = {recipients[0]: [("http", 429, [("Retry-After", "7200")])]}
    service.send()
    next_try, started = service.read(recipients[0], "next_try", "started_date")
    assert (next_try - started).total_seconds() >= 7190


def test_service_down(service):
    recipients = service.queue(5, "sms")
    service.iap.stop()
    service.send()
    assert set(service.balance(recipients).values()) == {"retry"}
    service.iap.start()
    service.make_due()
    service.send()
    assert set(service.balance(recipients).values()) == {"sent"}


def test_one_channel_that_is_down_does_not_stop_the_other(service):
    numbers = service.queue(3, "sms")
    service.iap.stop()
    with transaction() as env:
        leads = env["lead.message"].search([("recipient", "in", numbers)]).lead_id
        messages = env["lead.message"]._queue(
            [{"lead_id": lead.id, "channel": "email", "body": "B"} for lead in leads]
        )
        addresses = messages.mapped("recipient")
    service.send()
    states = service.balance([*numbers, *addresses])
    assert {states[number] for number in numbers} == {"retry"}
    assert {states[address] for address in addresses} == {"sent"}


@pytest.mark.parametrize("accepted", [False, True])
def test_a_service_that_hangs(service, accepted):
    recipients = service.queue(3, "sms")
    action = ("hang", 3, "accepted") if accepted else ("hang", 3)
    service.iap.actions = {recipients[0]: [action]}
    post = requests.post
    with patch.object(
        requests,
        "post",
        lambda *args, **kwargs: post(*args, **{**kwargs, "timeout": 1}),
    ):
        service.send()
    states = service.balance(recipients)
    assert states[recipients[0]] == "unknown"
    service.make_due()
    service.send()
    states = service.balance(recipients)
    assert [states[one] for one in recipients] == ["unknown", "sent", "sent"]
