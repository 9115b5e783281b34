import base64
import binascii
import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, plaintext2html

from ....tools.capture_values import digest
from ....tools.incoming_text import clean_incoming
from ....tools.strict_email import check_email
from ....tools.vcard import LONGEST, read_card
from ...base.rpc_arguments import a_dict, a_text, checked
from ..door.manual import ManualDoor

SHOWN = 3
SHORTEST = 4
NO_DIGIT = re.compile(r"\D")
NAMES = ("contact_name", "partner_name", "phone", "email_from", "function", "website")
LENGTHS = {"website": 500, "description": 5000}
LARGEST = 10 * 1024 * 1024
IMAGES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class CrmLead(models.Model):
    """Leads that a colleague enters while somebody is on the phone, or at a fair."""

    _inherit = "crm.lead"

    @api.model
    @checked(text=a_text)
    def action_capture_lookup(self, text):
        """Return the leads of the user that a number, address or name may belong to.

        :param text: what was typed so far
        :return: list of dicts, open leads first
        """
        self.check_access("read")
        domain = self._capture_lookup_domain(text.strip())
        if domain is None:
            return []
        leads = self.search(domain, order="id desc", limit=4 * SHOWN)
        leads = leads.sorted(lambda lead: lead.won_status != "pending")[:SHOWN]
        return [lead._capture_get_known() for lead in leads]

    @api.model
    def _capture_lookup_domain(self, text):
        if len(text) < SHORTEST:
            return None
        digits = NO_DIGIT.sub("", text).lstrip("0")
        if len(digits) >= SHORTEST + 1 and not re.search(r"[^\W\d]", text):
            return Domain("phone_sanitized", "=like", f"%{digits}%")
        if "@" in text:
            return Domain("email_normalized", "=like", f"{_escape(text.lower())}%")
        text = _escape(text)
        return Domain("contact_name", "ilike", text) | Domain(
            "partner_name", "ilike", text
        )

    def _capture_get_known(self):
        return {
            "id": self.id,
            "name": self.name,
            "person": ", ".join(filter(None, (self.contact_name, self.partner_name))),
            "stage": self.stage_id.name or "",
            "owner": self.user_id.name or "",
            "since": format_date(self.env, self.create_date),
            "is_open": self.won_status == "pending",
        }

    @api.model
    @checked(text=lambda text: isinstance(text, str) and len(text) <= LONGEST)
    def action_capture_card(self, text):
        """Return what a business card says, or its QR code, by field.

        :param text: of the code, or of a file of contacts
        :return: dict, empty where it says nothing of a person
        """
        self.check_access("create")
        card = self._capture_clean(read_card(text))
        return {name: value for name, value in card.items() if value}

    @api.model
    def _capture_clean(self, values):
        """Return the texts among values that came from outside, harmless, by field."""
        return {
            name: clean_incoming(
                values.get(name), LENGTHS.get(name, 150), lines=name == "description"
            )
            for name in (*NAMES, "description")
        }

    @api.model
    @checked(values=a_dict)
    def action_capture_call(self, values):
        """Make a lead of what somebody says, and open it.

        :param values: texts by field: :data:`NAMES` and ``description``; ``is_mine``:
          whether the user takes it; ``image``: the photo of a card, in base64
        :return: the action that opens the lead
        """
        self.check_access("create")
        values = values or {}
        texts = self._capture_clean(values)
        texts = {name: text for name, text in texts.items() if text}
        if not (texts.get("contact_name") or texts.get("partner_name")):
            raise UserError(self.env._("Enter the name of the person or the company."))
        if texts.get("email_from") and not check_email(texts["email_from"].strip()):
            raise UserError(
                self.env._(
                    "“%s” is not an email address. Write one such as name@example.com, "
                    "or leave the field empty.",
                    texts["email_from"],
                )
            )
        image = self._capture_read_image(values.get("image"))
        source = self.env["lead.capture.source"]._get_own(
            ManualDoor.name, self.env.company
        )
        lead = self.create(
            {
                **texts,
                "description": plaintext2html(texts.get("description", "")),
                "name": self._capture_get_name(texts),
                "type": "opportunity",
                "user_id": self.env.uid if values.get("is_mine", True) else False,
                "company_id": self.env.company.id,
                "capture_source_id": source.id,
            }
        )
        lead._capture_save_image(image)
        lead._capture_count(source, digest("call", lead.id), texts)
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": lead.id,
            "views": [(False, "form")],
        }

    @api.model
    def _capture_get_name(self, texts):
        who = texts.get("partner_name") or texts.get("contact_name")
        need = (texts.get("description") or "").split("\n")[0]
        return f"{need[:80]} ({who})" if need else self.env._("Call: %s", who)

    @api.model
    def _capture_read_image(self, image):
        """Return content and type of a photo, or None.

        :raise UserError: when it is none, or too large
        """
        if not image:
            return None
        problem = UserError(
            self.env._("Choose a photo (JPEG, PNG or WebP) of up to 10 MB.")
        )
        if not isinstance(image, str) or len(image) > LARGEST * 4 // 3 + 100:
            raise problem
        try:
            content = base64.b64decode(image.rpartition(",")[2], validate=True)
        except (binascii.Error, ValueError) as error:
            raise problem from error
        kind = _get_image_type(content)
        if not kind:
            raise problem
        return content, kind

    def _capture_save_image(self, image):
        if image:
            content, kind = image
            self.env["ir.attachment"].create(
                {
                    "name": self.env._("Business card") + f".{IMAGES[kind]}",
                    "raw": content,
                    "mimetype": kind,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )


def _get_image_type(content):
    """Return the type of a photo by its first bytes, or None.

    >>> _get_image_type(b"\\xff\\xd8\\xff1"), _get_image_type(b"<svg>")
    ('image/jpeg', None)
    """
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def _escape(text):
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
