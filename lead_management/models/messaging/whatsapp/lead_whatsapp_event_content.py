import hashlib
import mimetypes
from datetime import timedelta

from odoo import fields, models

from ....tools.whatsapp_errors import BUSY, UNCERTAIN, get_kind
from ....tools.whatsapp_payload import clean_text, get_media, get_text
from ...base.graph import GraphError, GraphFailure, RefusedAddressError
from .lead_whatsapp_event import PostponedError

# A file is asked for so often; then the message comes without it.
FILE_TRIES = 3
MAX_FILE = 16 * 1024 * 1024
# What is kept of files: nothing a browser would run.
FILE_TYPES = {
    "application/gzip": ".gz",
    "application/json": ".json",
    "application/msword": ".doc",
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (
        ".pptx"
    ),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/zip": ".zip",
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "text/csv": ".csv",
    "text/plain": ".txt",
    "video/3gpp": ".3gp",
    "video/mp4": ".mp4",
}
# A message answers the last one of ours, if that is not longer ago.
ANSWERED_WITHIN = timedelta(days=30)


def _dict(value):
    return value if isinstance(value, dict) else {}


def _dicts(value):
    return (
        [one for one in value if isinstance(one, dict)]
        if (isinstance(value, list))
        else []
    )


class LeadWhatsappEvent(models.Model):
    """What a message says: in words, and with the file that came along."""

    _inherit = "lead.whatsapp.event"

    def _get_oldest_answered(self):
        return fields.Datetime.now() - ANSWERED_WITHIN

    # ------------------------------------------------------------
    # Words
    # ------------------------------------------------------------

    def _describe(self, message):
        """Return a message in words."""
        kind = message.get("type")
        describe = {
            "location": self._describe_location,
            "contacts": self._describe_contacts,
            "reaction": self._describe_reaction,
            "order": self._describe_order,
            "system": self._describe_system,
        }.get(kind if isinstance(kind, str) else None)
        text = describe(message) if describe else get_text(message)
        if not text and not get_media(message):
            text = self.env._("A message of a type that WhatsApp does not pass on.")
        return "\n".join(filter(None, [text, self._describe_referral(message)]))

    def _describe_location(self, message):
        location = _dict(message.get("location"))
        words = [clean_text(location.get(name), 200) for name in ("name", "address")]
        try:
            latitude = float(location.get("latitude"))
            longitude = float(location.get("longitude"))
        except (TypeError, ValueError):
            latitude = longitude = None
        if latitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180:
            place = f"mlat={latitude:.6f}&mlon={longitude:.6f}"
            words.append(f"https://www.openstreetmap.org/?{place}")
        return self.env._("Location: %s", ", ".join(filter(None, words)))

    def _describe_contacts(self, message):
        people = []
        for contact in _dicts(message.get("contacts"))[:20]:
            name = clean_text(_dict(contact.get("name")).get("formatted_name"), 100)
            phones = [
                clean_text(phone.get("phone"), 40)
                for phone in _dicts(contact.get("phones"))[:5]
            ]
            people.append(" ".join(filter(None, [name, *phones])))
        return self.env._("Contacts: %s", ", ".join(filter(None, people)))

    def _describe_reaction(self, message):
        return self.env._("Reacted with %s", self._get_reaction(message))

    def _get_reaction(self, message):
        return clean_text(_dict(message.get("reaction")).get("emoji"), 20)

    def _describe_order(self, message):
        order = _dict(message.get("order"))
        items = [
            f"{clean_text(item.get('quantity'), 20)} × "
            f"{clean_text(item.get('product_retailer_id'), 100)}"
            for item in _dicts(order.get("product_items"))[:50]
        ]
        lines = [clean_text(order.get("text"), 1000), *items]
        return self.env._("Order: %s", "\n".join(filter(None, lines)))

    def _describe_system(self, message):
        number = clean_text(_dict(message.get("system")).get("wa_id"), 20)
        if number:
            return self.env._("The number on WhatsApp is now +%s.", number)
        return get_text(message)

    def _describe_referral(self, message):
        """Return the advertisement somebody came from."""
        referral = _dict(message.get("referral"))
        names = ("headline", "source_url")
        words = [clean_text(referral.get(name), 300) for name in names]
        known = ", ".join(filter(None, words))
        return self.env._("Source: advertisement %s", known) if known else ""

    # ------------------------------------------------------------
    # Files
    # ------------------------------------------------------------

    def _fetch_files(self, message):
        """Return the file of a message, and what is to be said where there is none.

        :return: list of (name, content), and a text or ""
        :raises PostponedError: when it may be had later
        """
        media = get_media(message)
        if not media:
            return [], ""
        if media["mimetype"] not in FILE_TYPES:
            return [], self.env._(
                "A file of the type “%s” was not saved.", media["mimetype"] or "?"
            )
        try:
            content = self._download(media)
        except RefusedAddressError as failure:
            return [], self._get_file_problem(failure)
        except GraphFailure as failure:
            code = getattr(failure, "code", None)
            later = not isinstance(failure, GraphError) or get_kind(code) in (
                BUSY,
                UNCERTAIN,
            )
            if later and self.attempts + 1 < FILE_TRIES:
                raise PostponedError(
                    self.account_id._get_failure_text(failure)
                ) from None
            return [], self._get_file_problem(failure)
        if content is None:
            return [], self.env._(
                "A file larger than %s MB was not saved.",
                MAX_FILE // 1024**2,
            )
        return [(self._get_file_name(media), content)], ""

    def _get_file_problem(self, failure):
        return self.env._(
            "A file could not be downloaded. %s",
            self.account_id._get_failure_text(failure),
        )

    def _download(self, media):
        """Return the content of a file of Meta, None when it is too large.

        :raises GraphFailure: when it cannot be had
        """
        client = self.account_id._get_client()
        answer = client.get(media["id"] or "-")
        size = answer.get("file_size")
        if str(size).isdigit() and int(size) > MAX_FILE:
            return None
        content = client.download(clean_text(answer.get("url"), 2000), MAX_FILE)
        expected = clean_text(answer.get("sha256"), 64)
        if len(expected) == 64:
            found = hashlib.sha256(content).hexdigest()
            if found != expected.lower():
                raise GraphError(
                    self.env._("The file is not the one that was sent."), 1
                )
        return content

    def _get_file_name(self, media):
        """Return a name that ends as files of the type do."""
        suffix = FILE_TYPES[media["mimetype"]]
        stem = media["name"] or f"WhatsApp {media['kind']}"
        if mimetypes.guess_type(stem)[0] == media["mimetype"]:
            return stem
        return f"{stem.rsplit('.', 1)[0]}{suffix}"
