from odoo import fields, models

from ....tools.capture_values import digest, flatten
from .door import DOORS, FORGED, GENUINE, Item, is_same, sign
from .platform import PlatformDoor

FIELDS = (
    "created_time,ad_id,ad_name,adset_id,campaign_id,campaign_name,form_id,field_data,"
    "custom_disclaimer_responses,is_organic,platform"
)
# A page of a form, and how many of them: more is read the next time.
PAGE, MOST_PAGES = 100, 50
PERMISSIONS = (
    "leads_retrieval, pages_manage_metadata, pages_show_list, pages_read_engagement, "
    "ads_management"
)
SUBSCRIBE = "POST /{page-id}/subscribed_apps?subscribed_fields=leadgen"
ABOUT = ("ad_id", "adset_id", "form_id", "id", "is_organic", "created_time")


@DOORS.add
class MetaDoor(PlatformDoor):
    """Lead ads on Facebook and Instagram: Meta tells ids, the Graph API the rest."""

    name = "meta"
    is_form = has_picture = True
    # it tells of up to 1,000 leads at once, some 250 bytes each
    largest_body = 1024 * 1024
    base_url = "https://graph.facebook.com"
    api_version = "v23.0"
    # the token is expired, or lacks a permission
    lost_codes = (190, 10, 200, 102, 463, 467)
    busy_codes = (4, 17, 32, 613, 80005)
    defaults = {
        "full_name": "contact_name",
        "email": "email_from",
        "work_email": "email_from",
        "phone_number": "phone",
        "work_phone_number": "phone",
        "company_name": "partner_name",
        "job_title": "function",
        "post_code": "zip",
        "street_address": "street",
        "campaign_name": "utm_campaign",
        "ad_name": "note",
        "platform": "ignore",
        **dict.fromkeys(ABOUT, "ignore"),
    }

    def handshake(self, params):
        challenge = params.get("hub.challenge", "")
        is_ours = is_same(params.get("hub.verify_token"), self.source.verify_token)
        is_good = challenge.isalnum() and challenge.isascii() and len(challenge) < 257
        if is_ours and is_good and params.get("hub.mode") == "subscribe":
            return challenge
        return None

    def verify(self, body, headers, payload):
        wanted = f"sha256={sign(self.source.secret, body)}"
        given = headers.get("X-Hub-Signature-256")
        is_ours = self.source.secret and is_same(given, wanted)
        return GENUINE if is_ours else FORGED

    def split(self, payload, body):
        if not isinstance(payload, dict) or payload.get("object") != "page":
            raise ValueError("no page of Meta")
        return [
            self._get_item(value["leadgen_id"], value)
            for entry in _dicts(payload.get("entry"))
            for change in _dicts(entry.get("changes"))
            if change.get("field") == "leadgen"
            and isinstance(value := change.get("value"), dict)
            and value.get("leadgen_id")
        ]

    def _get_item(self, lead_id, payload):
        return Item(digest(str(lead_id)), payload)

    def fetch(self, payload):
        if known := payload.get("lead"):
            return known
        return self.call(str(payload["leadgen_id"]), fields=FIELDS)

    def read_texts(self, payload, detail=None):
        detail = detail or payload.get("lead") or payload
        texts = {
            name: value
            for name, value in flatten(detail).items()
            if "." not in name and name != "field_data"
        }
        for item in _dicts(detail.get("field_data")):
            values = item.get("values") or ()
            texts.update(flatten({str(item.get("name")): list(values)}))
        answers = _dicts(detail.get("custom_disclaimer_responses"))
        for answer in answers:
            if answer.get("is_checked") in ("1", 1, True):
                texts[f"consent {answer.get('checkbox_key')}"] = "yes"
        return texts

    def backfill(self, since):
        items = []
        for form in filter(None, self.forms):
            items += self._read_form(form, since)
        items.sort(key=lambda item: item.payload["lead"].get("created_time", ""))
        return items

    def _read_form(self, form, since):
        """Yield an item for each lead of a form, page by page."""
        after = None
        for __ in range(MOST_PAGES):
            params = {
                "fields": f"id,{FIELDS}",
                "limit": PAGE,
                "filtering": '[{"field":"time_created","operator":"GREATER_THAN",'
                f'"value":{int(since.timestamp())}}}]',
            }
            if after:
                params["after"] = after
            answer = self.call(form, "leads", **params)
            for lead in _dicts(answer.get("data")):
                if lead.get("id"):
                    yield self._get_item(
                        lead["id"], {"leadgen_id": lead["id"], "lead": lead}
                    )
            paging = answer.get("paging") or {}
            after = (paging.get("cursors") or {}).get("after")
            if not after or "next" not in paging:
                return

    def get_steps(self):
        return [
            (
                self.env._(
                    "On developers.facebook.com create an app of the type “Business” "
                    "with the products “Webhooks” and “Facebook Login for Business”."
                ),
                None,
            ),
            (
                self.env._(
                    "Copy the app secret (App settings › Basic) into the secret here."
                ),
                bool(self.source.secret),
            ),
            (
                self.env._(
                    "In the app open Webhooks › Page. Copy the webhook URL into "
                    "“Callback URL” and the verify token into “Verify token”, and "
                    "click “Verify and save”."
                ),
                None,
            ),
            (self.env._("Subscribe to the field “leadgen” there."), None),
            (
                self.env._(
                    "Create a system user with the permissions %s, generate a token "
                    "for the page, and enter it as the access token here.",
                    PERMISSIONS,
                ),
                bool(self.token),
            ),
            (self.env._("Subscribe the page to the app: %s", SUBSCRIBE), None),
            (
                self.env._(
                    "Enter the IDs of the lead forms here: missed leads are read there."
                ),
                any(self.forms),
            ),
            (
                self.env._("Send a lead with the “Lead Ads Testing Tool” of Meta."),
                self.get_arrived(),
            ),
        ]

    def get_test(self):
        return {
            "leadgen_id": "0",
            "lead": {
                "field_data": [
                    {"name": "full_name", "values": [self.env._("Test Person")]},
                    {"name": "email", "values": ["test.person@example.com"]},
                ]
            },
        }


def _dicts(value):
    """Return the dicts of a list, as far as it is one."""
    items = value if isinstance(value, list) else ()
    return [item for item in items if isinstance(item, dict)]


class LeadCaptureSource(models.Model):
    _inherit = "lead.capture.source"

    kind = fields.Selection(
        selection_add=[("meta", "Meta lead ad")], ondelete={"meta": "cascade"}
    )
