import time

from odoo import fields, models

from ....tools.capture_values import digest, flatten
from .door import (
    DOORS,
    FORGED,
    GENUINE,
    Door,
    Item,
    find_lead_id,
    is_about,
    is_same,
    sign,
)
from .meta import _dicts

# A signature is of its moment. TikTok sends again for 72 hours, and does not say if it
# signs again; what is played back within that time is known by its key.
LONGEST = 73 * 3600


@DOORS.add
class TiktokDoor(Door):
    """Instant forms of TikTok: signed with the moment, and all fields in the body.

    Of the fields any list of names and values is understood: their exact place in the
    body differs between the interfaces of TikTok.
    """

    name = "tiktok"
    is_form = has_picture = True
    route = "hook"
    secrets = ("secret",)
    defaults = {
        "name": "contact_name",
        "phone_number": "phone",
        "email": "email_from",
        "campaign_name": "utm_campaign",
        "ad_name": "note",
        "form_name": "note",
    }

    def verify(self, body, headers, payload):
        parts = dict(
            part.strip().split("=", 1)
            for part in (headers.get("TikTok-Signature") or "").split(",")
            if "=" in part
        )
        moment, given = parts.get("t", ""), parts.get("s", "")
        if not self.source.secret or not (moment.isascii() and moment.isdigit()):
            return FORGED
        wanted = sign(self.source.secret, f"{moment}.".encode() + body)
        is_fresh = abs(time.time() - int(moment[:12])) < LONGEST
        return GENUINE if is_fresh and is_same(given, wanted) else FORGED

    def split(self, payload, body):
        if not payload or not isinstance(payload, (dict, list)):
            raise ValueError("no lead of TikTok")
        leads = [lead for lead in _find_leads(payload) if _get_id(lead)]
        if not leads:
            # TikTok signed it, in a shape we do not know: a person maps its names
            return [Item(digest("body", payload), payload)]
        return [Item(digest(_get_id(lead)), lead) for lead in leads]

    def read_texts(self, payload, detail=None):
        if isinstance(payload, list):
            return flatten(payload)
        texts = {}
        for name, value in payload.items():
            answers = [pair for field in _dicts(value) if all(pair := _get_pair(field))]
            for label, content in answers:
                texts.update(flatten({str(label): content}))
            if not answers and (isinstance(value, (dict, list)) or _is_named(name)):
                texts.update(flatten({name: value}))
        return texts

    def read_row(self, row):
        found = find_lead_id(row)
        if not found:
            return None
        values = [
            {"name": name, "value": text}
            for name, text in row.items()
            if text and not is_about(name)
        ]
        return Item(digest(found), {"lead_id": found, "field_data": values})

    def get_steps(self):
        return [
            (
                self.env._(
                    "On business-api.tiktok.com create an app with the permission for "
                    "leads."
                ),
                None,
            ),
            (
                self.env._("Copy the app secret into the secret here."),
                bool(self.source.secret),
            ),
            (
                self.env._(
                    "Subscribe the app to lead events, with the webhook URL of this "
                    "source as the “Callback URL”."
                ),
                None,
            ),
            (
                self.env._(
                    "Send a test lead from the instant form in TikTok Ads Manager."
                ),
                self.get_arrived(),
            ),
            (
                self.env._(
                    "Look at it in the inbox: choose under “Fields” what is unknown."
                ),
                None,
            ),
        ]

    def get_test(self):
        return {
            "lead_id": "0",
            "field_data": [
                {"name": "name", "value": self.env._("Test Person")},
                {"name": "email", "value": "test.person@example.com"},
            ],
        }


def _get_pair(field):
    """Return the name and the value of an answer, as far as it has them."""
    value = field.get("field_value") or field.get("values") or field.get("value")
    return field.get("field_name") or field.get("name"), value


def _is_named(name):
    return not name.endswith(("_id", "_time", "_at")) and name != "id"


def _get_id(lead):
    return str(lead.get("lead_id") or lead.get("id") or "")


def _find_leads(payload):
    """Return the leads in a body: it is one, or has one, or a list of them."""
    if isinstance(payload, list):
        return _dicts(payload)
    if not isinstance(payload, dict):
        return []
    if payload.get("lead_id"):
        return [payload]
    for value in payload.values():
        if found := [lead for lead in _find_leads(value) if _get_id(lead)]:
            return found
    return []


class LeadCaptureSource(models.Model):
    _inherit = "lead.capture.source"

    kind = fields.Selection(
        selection_add=[("tiktok", "TikTok instant form")],
        ondelete={"tiktok": "cascade"},
    )
