"""SMS through Odoo's SMS API, as the company has it configured: IAP or another."""

from uuid import uuid4

import requests

from odoo.exceptions import AccessError
from odoo.tools import html2plaintext

from odoo.addons.iap.tools.iap_tools import InsufficientCreditError
from odoo.addons.sms.tools.sms_api import SmsApi

from ..constants import SMS
from .provider import FAILED, PROVIDERS, RETRY, SENT, UNKNOWN, Provider, SendResult

ACCEPTED = ("success", "processing", "sent", "delivered")
# What the account is about, not the number: all messages wait.
ACCOUNT_STATES = (
    "insufficient_credit",
    "unregistered",
    "twilio_acc_unverified",
    "twilio_authentication",
    "twilio_from_missing",
    "twilio_callback",
)
DEAD_STATES = ("wrong_number_format", "sms_number_missing")
# Answers by which a server says that it has not taken anything.
NOT_TAKEN = (429, 503)


@PROVIDERS.add
class SmsProvider(Provider):
    channel = SMS
    name = "odoo_sms"
    is_default = True

    def __init__(self, env):
        super().__init__(env)
        self.apis = {}

    def claim(self, messages):
        values = {
            message.id: {
                "server": self.get_server(message),
                "provider_ref": message.provider_ref or uuid4().hex,
            }
            for message in messages
        }
        self._track(values)
        return values

    def _track(self, values):
        """Let reports of delivery find us, however early they come."""
        uuids = [value["provider_ref"] for value in values.values()]
        Tracker = self.env["sms.tracker"]
        known = set(Tracker.search([("sms_uuid", "in", uuids)]).mapped("sms_uuid"))
        Tracker.create([{"sms_uuid": uuid} for uuid in uuids if uuid not in known])

    def get_server(self, message):
        return f"{SMS}:{self._get_company(message).id}"

    def _get_company(self, message):
        return message.company_id or message.user_id.company_id or self.env.company

    def _get_api(self, message):
        company = self._get_company(message)
        if company not in self.apis:
            env = message.with_company(company).env
            api = company._get_sms_api_class()(env)
            api._set_company(company)
            self.apis[company] = api
        return self.apis[company]

    def send(self, message):
        api = self._get_api(message)
        number = {"uuid": message.provider_ref, "number": message.recipient}
        batch = [{"content": message.body, "numbers": [number]}]
        url = f"{message.lead_id.get_base_url()}/sms/status"
        self.is_under_way = True  # whatever is raised from here on may be an answer
        try:
            answers = api._send_sms_batch(batch, delivery_reports_url=url)
        except InsufficientCreditError as error:
            return self._get_account_result(message, str(error), "insufficient_credit")
        except AccessError as error:
            return self._get_error_result(message, error)
        return self._get_answer_result(message, api, answers)

    def _get_error_result(self, message, error):
        """Return what it means that IAP could not be reached, or answered oddly."""
        cause = error.__context__
        code = getattr(getattr(cause, "response", None), "status_code", None)
        retry_after = None
        status = UNKNOWN
        if isinstance(cause, requests.exceptions.ConnectTimeout) or _is_refused(cause):
            status = RETRY
        elif code in NOT_TAKEN:
            status = RETRY
            retry_after = _read_seconds(cause.response.headers.get("Retry-After"))
        elif code and 400 <= code < 500:
            status = RETRY  # our account, or the address of the service
        return SendResult(
            status,
            error=str(error),
            error_code=str(code or "connection"),
            server=message.server,
            server_name=message.env._("SMS"),
            retry_after=retry_after,
        )

    def _get_answer_result(self, message, api, answers):
        answer = _find_answer(answers, message.provider_ref)
        state = answer.get("state")
        if state in ACCEPTED:
            return SendResult(SENT, provider_ref=message.provider_ref)
        text = answer.get("failure_reason") or self._get_text(api, state)
        if not state or (state == "server_error" and not isinstance(api, SmsApi)):
            # not told apart from an answer that got lost
            return SendResult(
                UNKNOWN,
                error=text
                or message.env._("The reply of the service could not be read."),
                error_code=state or "answer",
                server=message.server,
                server_name=message.env._("SMS"),
            )
        if state in ACCOUNT_STATES:
            return self._get_account_result(message, text, state)
        return SendResult(
            RETRY if state == "server_error" else FAILED,
            error=text or state,
            error_code=state,
            is_dead_address=state in DEAD_STATES,
        )

    def _get_account_result(self, message, text, code):
        return SendResult(
            RETRY,
            error=text,
            error_code=code,
            server=message.server,
            server_name=message.env._("SMS"),
        )

    def _get_text(self, api, state):
        return html2plaintext(api._get_sms_api_error_messages().get(state) or "")


def _is_refused(error):
    """Return whether a connection was not made at all, so that nothing was sent."""
    if not isinstance(error, requests.exceptions.ConnectionError):
        return False
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return type(reason).__name__ in ("NewConnectionError", "ConnectTimeoutError")


def _read_seconds(text):
    return int(text) if text and text.isdigit() else None


def _find_answer(answers, uuid):
    """Return the answer about a message, empty when there is none to be read."""
    if not isinstance(answers, list):
        return {}
    for answer in answers:
        if isinstance(answer, dict) and answer.get("uuid") == uuid:
            return answer
    return {}
