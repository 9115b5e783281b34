"""How each kind of door is posted to, as a program outside does it."""

import hashlib
import hmac
import json
import time

import requests

SECRET = "storm"
PATIENCE = 60


class Doors:
    """Posts submissions of numbered people.

    :param url: of the server
    :param sources: by kind, see ``world.make``
    """

    def __init__(self, url, sources):
        self.url, self.sources = url, sources

    def post(self, kind, number, **options):
        """Post the submission of a person, and return the answer.

        :raise requests.RequestException: when there is none
        """
        prepare = getattr(self, f"_prepare_{kind}")
        path, body, headers = prepare(f"s{number}@example.com", number)
        path = f"{self.url}/lead/{path}/{self.sources[kind]['token']}"
        return requests.post(
            path,
            body,
            headers=headers,
            timeout=PATIENCE,
            allow_redirects=False,
            **options,
        )

    def _prepare_form(self, email, number):
        body = {
            "contact_name": f"Person {number}",
            "email_from": email,
            "description": f"Please call me about offer {number}.",
        }
        return "form", body, {}

    def _prepare_api(self, email, number):
        row = {"id": number, "name": f"Person {number}", "email": email}
        key = self.sources["api"]["key"]
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {key}",
        }
        return "api", json.dumps({"leads": [row]}), headers

    def _prepare_google(self, email, number):
        columns = {"FULL_NAME": f"Person {number}", "EMAIL": email}
        payload = {
            "lead_id": f"lead {number}",
            "google_key": SECRET,
            "user_column_data": [
                {"column_id": name, "string_value": value}
                for name, value in columns.items()
            ],
        }
        return "hook", json.dumps(payload), {"Content-Type": "application/json"}

    def _prepare_tiktok(self, email, number):
        fields = {"name": f"Person {number}", "email": email}
        payload = {
            "lead_id": str(number),
            "field_data": [
                {"name": name, "value": value} for name, value in fields.items()
            ],
        }
        body, moment = json.dumps(payload), str(int(time.time()))
        signature = _sign(f"{moment}.{body}")
        headers = {"TikTok-Signature": f"t={moment},s={signature}"}
        return "hook", body, {**headers, "Content-Type": "application/json"}

    def _prepare_meta(self, email, number):
        value = {"leadgen_id": str(number), "page_id": "1", "form_id": "2"}
        change = {"field": "leadgen", "value": value}
        body = json.dumps({"object": "page", "entry": [{"changes": [change]}]})
        return "hook", body, {"X-Hub-Signature-256": f"sha256={_sign(body)}"}

    def _prepare_linkedin(self, email, number):
        payload = {
            "leadGenFormResponse": f"urn:li:leadGenFormResponse:{number}",
            "leadAction": "CREATED",
        }
        body = json.dumps(payload)
        return "hook", body, {"X-LI-Signature": _sign(f"hmacsha256={body}")}


def _sign(text):
    return hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()


def is_taken(answer):
    """Return whether the sender was told that a submission arrived."""
    return answer.status_code in (200, 303)
