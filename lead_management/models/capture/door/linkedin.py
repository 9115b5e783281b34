import re
import time

from odoo import fields, models

from ....tools.capture_values import digest, flatten
from .door import DOORS, FORGED, GENUINE, Item, is_same, sign
from .meta import _dicts
from .platform import PlatformDoor

CHALLENGE = re.compile(r"[A-Za-z0-9._-]{1,200}")
URN = re.compile(r"urn:li:leadGenFormResponse:([A-Za-z0-9_-]{1,100})")
# A page of an account, and how many of them: more is read the next time.
PAGE, MOST_PAGES = 50, 100
# The questions LinkedIn has by itself; others have their own ids.
QUESTIONS = {
    "FIRST_NAME": "first_name",
    "LAST_NAME": "last_name",
    "EMAIL": "email_from",
    "WORK_EMAIL": "email_from",
    "PHONE_NUMBER": "phone",
    "WORK_PHONE_NUMBER": "phone",
    "COMPANY_NAME": "partner_name",
    "JOB_TITLE": "function",
    "CITY": "city",
    "ZIP_CODE": "zip",
    "COUNTRY": "country",
}


@DOORS.add
class LinkedinDoor(PlatformDoor):
    """Lead Sync of LinkedIn: it tells a name, and asks every two hours who we are."""

    name = "linkedin"
    is_form = has_picture = True
    base_url = "https://api.linkedin.com"
    api_version = "202509"
    defaults = QUESTIONS

    def handshake(self, params):
        """Prove that we have the secret, or LinkedIn sends nothing any more."""
        code = params.get("challengeCode", "")
        if not self.source.secret or not CHALLENGE.fullmatch(code):
            return None
        answer = sign(self.source.secret, code.encode())
        return {"challengeCode": code, "challengeResponse": answer}

    def verify(self, body, headers, payload):
        wanted = sign(self.source.secret, b"hmacsha256=" + body)
        given = headers.get("X-LI-Signature")
        is_ours = self.source.secret and is_same(given, wanted)
        return GENUINE if is_ours else FORGED

    def split(self, payload, body):
        if not isinstance(payload, dict):
            raise ValueError("no lead of LinkedIn")
        found = URN.fullmatch(str(payload.get("leadGenFormResponse")))
        if not found:
            raise ValueError("no response of a form")
        key = self.get_erased_key(payload)
        if payload.get("leadAction") == "DELETED":
            return [Item(f"deleted:{key}", payload, erases=True)]
        return [Item(key, payload)]

    def get_erased_key(self, payload):
        """Return the key of the submission that a request to forget is about."""
        return digest(str(payload.get("leadGenFormResponse")))

    def get_client(self):
        client = super().get_client()
        # LinkedIn names its version in a header
        client.session.headers["LinkedIn-Version"] = self.version
        client.session.headers["X-Restli-Protocol-Version"] = "2.0.0"
        client.version = "rest"
        return client

    def fetch(self, payload):
        if known := payload.get("lead"):
            return known
        response = payload.get("response")
        if not response:
            found = URN.fullmatch(str(payload["leadGenFormResponse"]))
            response = self.call("leadFormResponses", found[1])
        form = re.search(r"leadGenForm:(\d+)", str(payload.get("leadGenForm")))
        questions = self.call("leadForms", form[1]) if form else {}
        return {"response": response, "form": questions}

    def read_texts(self, payload, detail=None):
        detail = detail or payload.get("lead") or {}
        response = detail.get("response")
        response = response if isinstance(response, dict) else {}
        names = {
            str(question.get("questionId")): question.get("predefinedField")
            or question.get("name")
            or str(question.get("questionId"))
            for question in _find(detail.get("form"), "questions")
        }
        texts = {}
        for answer in _find(response, "answers"):
            number = str(answer.get("questionId"))
            for text in flatten(answer.get("answerDetails")).values():
                name = names.get(number) or f"question {number}"
                texts.setdefault(str(name), text)
        for consent in _find(response, "consentResponses"):
            if consent.get("accepted"):
                texts[f"consent {consent.get('consentId')}"] = "yes"
        return texts

    def backfill(self, since):
        items = []
        for account in filter(str.isdigit, self.forms):
            items += self._read_account(account, since)
        return sorted(items, key=lambda item: item.payload["occurredAt"])

    def _read_account(self, account, since):
        """Yield an item for each response to forms of an account, page by page."""
        first, last = int(since.timestamp() * 1000), int(time.time() * 1000)
        for page in range(MOST_PAGES):
            answer = self.call(
                "leadFormResponses",
                # parentheses and colons are part of the language of the interface
                query="q=owner&limitedToTestLeads=false&leadType=(leadType:SPONSORED)"
                f"&owner=(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A{account})"
                f"&submittedAtTimeRange=(start:{first},end:{last})"
                f"&start={page * PAGE}&count={PAGE}",
            )
            found = _dicts(answer.get("elements"))
            for response in found:
                if response.get("id"):
                    yield self._get_known(response)
            if len(found) < PAGE:
                return

    def _get_known(self, response):
        """Return the item of a response that was read, as its webhook names it."""
        payload = {
            "leadGenFormResponse": f"urn:li:leadGenFormResponse:{response['id']}",
            "leadGenForm": str(response.get("versionedLeadGenFormUrn") or ""),
            "leadAction": "CREATED",
            "occurredAt": int(response.get("submittedAt") or 0),
            "response": response,
        }
        return Item(self.get_erased_key(payload), payload)

    def get_steps(self):
        return [
            (
                self.env._(
                    "On developer.linkedin.com create an app, and ask for access to "
                    "the “Lead Sync API” (Products)."
                ),
                None,
            ),
            (
                self.env._("Copy the client secret (Auth) into the secret here."),
                bool(self.source.secret),
            ),
            (
                self.env._(
                    "Generate a token with the permission %s, and enter it as the "
                    "access token here.",
                    "r_marketing_leadgen_automation",
                ),
                bool(self.token),
            ),
            (
                self.env._(
                    "In the app open “Webhooks”, and register the webhook URL of this "
                    "source. LinkedIn asks it at once, and every two hours."
                ),
                None,
            ),
            (
                self.env._(
                    "Subscribe your account to lead notifications: %s",
                    "POST /rest/leadNotifications",
                ),
                None,
            ),
            (
                self.env._(
                    "Enter the ID of the ad account here: missed leads are read there."
                ),
                any(self.forms),
            ),
            (self.env._("Send a test lead from Campaign Manager."), self.get_arrived()),
        ]

    def get_test(self):
        answers = {"FIRST_NAME": "Test", "EMAIL": "test.person@example.com"}
        return {
            "lead": {
                "form": {
                    "questions": [
                        {"questionId": name, "predefinedField": name}
                        for name in answers
                    ]
                },
                "response": {
                    "answers": [
                        {"questionId": name, "answerDetails": {"answer": value}}
                        for name, value in answers.items()
                    ]
                },
            }
        }


def _find(value, name):
    """Return the dicts of the list with a name, however deep it is."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    if not isinstance(value, dict):
        return []
    if isinstance(value.get(name), list):
        return _dicts(value[name])
    for item in value.values():
        if found := _find(item, name):
            return found
    return []


class LeadCaptureSource(models.Model):
    _inherit = "lead.capture.source"

    kind = fields.Selection(
        selection_add=[("linkedin", "LinkedIn lead form")],
        ondelete={"linkedin": "cascade"},
    )
