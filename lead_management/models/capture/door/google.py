from odoo import fields, models

from ....tools.capture_values import digest, flatten
from .door import (
    DOORS,
    GENUINE,
    WRONG_SECRET,
    Door,
    Item,
    find_lead_id,
    is_about,
    is_same,
)

# What Google calls the standard questions of its lead forms.
COLUMNS = {
    "FULL_NAME": "contact_name",
    "FIRST_NAME": "first_name",
    "LAST_NAME": "last_name",
    "EMAIL": "email_from",
    "WORK_EMAIL": "email_from",
    "PHONE_NUMBER": "phone",
    "WORK_PHONE": "phone",
    "COMPANY_NAME": "partner_name",
    "JOB_TITLE": "function",
    "STREET_ADDRESS": "street",
    "CITY": "city",
    "POSTAL_CODE": "zip",
    "COUNTRY": "country",
}
# How its files call them.
FILE_COLUMNS = {
    "full name": "FULL_NAME",
    "first name": "FIRST_NAME",
    "last name": "LAST_NAME",
    "user email": "EMAIL",
    "email": "EMAIL",
    "work email": "WORK_EMAIL",
    "user phone": "PHONE_NUMBER",
    "phone number": "PHONE_NUMBER",
    "work phone": "WORK_PHONE",
    "company name": "COMPANY_NAME",
    "job title": "JOB_TITLE",
    "street address": "STREET_ADDRESS",
    "city": "CITY",
    "postal code": "POSTAL_CODE",
    "zip code": "POSTAL_CODE",
    "country": "COUNTRY",
}
# What Google tells of the advertisement: for the notes, and never for the person.
ABOUT = ("form_id", "campaign_id", "adgroup_id", "creative_id", "gcl_id")


@DOORS.add
class GoogleDoor(Door):
    """Lead forms of Google Ads: it posts all there is, with a key in the body.

    Its button for tests sends the same id each time, so that tests have keys of their
    own.
    """

    name = "google"
    is_form = has_picture = True
    route = "hook"
    secrets = ("secret",)
    defaults = {**COLUMNS, **dict.fromkeys(ABOUT, "ignore")}

    def verify(self, body, headers, payload):
        given = payload.get("google_key") if isinstance(payload, dict) else None
        return GENUINE if is_same(given, self.source.secret) else WRONG_SECRET

    def split(self, payload, body):
        if not isinstance(payload, dict) or not payload.get("lead_id"):
            raise ValueError("no lead of Google")
        # the key of the webhook is a secret: it is compared, and not kept
        kept = {name: payload[name] for name in payload if name != "google_key"}
        if payload.get("is_test") is True:
            moment = fields.Datetime.now().isoformat()
            key = f"test:{digest(kept, moment, self.env.cr.now())}"
            return [Item(key, kept, is_test=True)]
        return [Item(digest(str(payload["lead_id"])), kept)]

    def read_texts(self, payload, detail=None):
        texts = {
            name: str(payload[name])
            for name in ABOUT
            if isinstance(payload.get(name), (str, int))
        }
        columns = payload.get("user_column_data")
        for column in columns if isinstance(columns, list) else ():
            if not isinstance(column, dict):
                continue
            name = column.get("column_id") or column.get("column_name")
            value = column.get("string_value")
            if name and value:
                texts.update(flatten({str(name): value}))
        return texts

    has_own_secret = True

    def read_row(self, row):
        found = find_lead_id(row)
        if not found:
            return None
        columns = [
            {"column_id": FILE_COLUMNS.get(name.lower(), name), "string_value": text}
            for name, text in row.items()
            if text and not is_about(name)
        ]
        return Item(digest(found), {"lead_id": found, "user_column_data": columns})

    def get_steps(self):
        return [
            (
                self.env._(
                    "In Google Ads open the lead form: Campaigns › Assets › Lead form."
                ),
                None,
            ),
            (self.env._("Unfold “Lead delivery” and choose “Webhook”."), None),
            (
                self.env._("Copy the webhook URL of this source into “Webhook URL”."),
                None,
            ),
            (self.env._("Copy the secret of this source into “Key”."), None),
            (
                self.env._(
                    "Click “Send test data”: the submission appears here as a test."
                ),
                self.get_arrived("test"),
            ),
            (
                self.env._("Save the lead form. Leads come in."),
                self.get_arrived("done"),
            ),
        ]

    def get_test(self):
        return {
            "lead_id": f"test-{self.source.id}",
            "user_column_data": [
                {"column_id": "FULL_NAME", "string_value": self.env._("Test Person")},
                {"column_id": "EMAIL", "string_value": "test.person@example.com"},
                {"column_id": "PHONE_NUMBER", "string_value": "+16505550123"},
            ],
        }


class LeadCaptureSource(models.Model):
    _inherit = "lead.capture.source"

    kind = fields.Selection(
        selection_add=[("google", "Google lead form")],
        ondelete={"google": "cascade"},
    )
