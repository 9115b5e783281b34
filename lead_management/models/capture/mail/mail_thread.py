from odoo import api, models
from odoo.tools import email_normalize, html2plaintext

from ....tools.mail_writers import RESPONDER, SERVER, get_writer
from ...base.apart import DATABASE_ERRORS, attempt
from ...base.context import CAPTURE_MAIL
from ..door.door import Item
from ..door.email import EmailDoor, prepare_payload
from ..entry.lead_capture_entry import IGNORED, STORED

XML_TYPES = ("text/xml", "application/xml", "application/x-adf")
LARGEST_TEXT = 512 * 1024
# Where a route carries the submission that its mail is kept as.
ENTRY = "capture_entry"


class MailThread(models.AbstractModel):
    """Mails to the mailbox of a source are submissions, whatever becomes of them.

    The mail itself waits on its server until it is worked in: so its entry is written
    in the same transaction as its lead.
    """

    _inherit = "mail.thread"

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        return [
            self._capture_mark(route, source, message, message_dict)
            if (source := self._capture_get_source(route))
            else route
            for route in routes
        ]

    @api.model
    def _capture_mark(self, route, source, message, message_dict):
        """Return the route with the submission that the mail is kept as."""
        entry = self._capture_store(source, message, message_dict)
        model, thread_id, custom_values, *rest = route
        return (model, thread_id, {**custom_values, ENTRY: entry.id}, *rest)

    @api.model
    def _capture_get_source(self, route):
        """Return the source a route leads to, or none."""
        model, thread_id, custom_values, *__ = route
        sources = self.env["lead.capture.source"]
        if model != "crm.lead" or thread_id or not isinstance(custom_values, dict):
            return sources
        # sudo: whoever runs the gateway
        source = sources.sudo().browse(custom_values.get("capture_source_id") or ())
        return source.exists().filtered(
            lambda one: one.active and one.kind == EmailDoor.name
        )

    @api.model
    def _capture_store(self, source, message, message_dict):
        """Keep a mail as a submission; what is no inquiry is set aside at once."""
        texts = self._capture_get_texts(message, message_dict)
        payload, number = prepare_payload(message, message_dict, texts)
        door = source._get_door()
        [item] = door.split(payload, b"")
        if number:
            item = Item(f"adf:{number}"[:200], payload)
        entry = self.env["lead.capture.entry"]._store_inside(source, item)
        reason = self._capture_get_reason(source, message, message_dict)
        if reason and entry._may_become(IGNORED):
            known = entry._prepare_person(entry._read())
            entry._move(IGNORED, outcome=[[reason, {}]], **known)
            entry._save_mail(message)
        return entry

    @api.model
    def _capture_get_texts(self, message, message_dict):
        """Return the parts of a mail that are texts, the letter first."""
        letter, others = [], []
        for part in message.walk():
            kind = part.get_content_type()
            name = (part.get_filename() or "").lower()
            is_xml = kind in XML_TYPES or name.endswith((".xml", ".adf"))
            if kind != "text/plain" and not is_xml:
                continue
            try:
                text = part.get_content()
            except (LookupError, KeyError, ValueError, AttributeError):
                text = part.get_payload(decode=True) or b""
            if isinstance(text, bytes):
                text = text.decode("utf-8", "replace")
            (others if is_xml or name else letter).append(text[:LARGEST_TEXT])
        if not letter:
            letter.append(html2plaintext(str(message_dict.get("body") or "")))
        return [*letter, *others]

    @api.model
    def _capture_get_reason(self, source, message, message_dict):
        """Return why a mail is no inquiry, or None."""
        writer = get_writer(message)
        if writer in (SERVER, RESPONDER):
            return "bounce" if writer == SERVER else "automatic"
        # sudo: whether a contact is a colleague
        author = self.env["res.partner"].sudo().browse(message_dict.get("author_id"))
        if any(not user.share for user in author.user_ids):
            return "colleague"
        sender = email_normalize(message_dict.get("email_from") or "") or ""
        if sender.rpartition("@")[2] in source._get_own_domains():
            return "own_domain"
        return None

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        kept, thread_id = [], False
        for route in routes or ():
            entry_id = (route[2] or {}).get(ENTRY)
            if not entry_id:
                kept.append(route)
                continue
            # sudo: whoever runs the gateway
            entry = self.env["lead.capture.entry"].sudo().browse(entry_id)
            if lead := self._capture_process(entry):
                kept.append(("crm.lead", lead.id, {}, *route[3:]))
            else:
                entry._save_mail(message)
        if kept:
            thread_id = super()._message_route_process(message, message_dict, kept)
        return thread_id

    @api.model
    def _capture_process(self, entry):
        """Make a lead of a mail that was kept, or none; an error leaves it waiting.

        :return: the lead the mail belongs to
        """
        if entry.state == STORED:
            try:
                with attempt(self.env):
                    CAPTURE_MAIL.set(entry)._process()
            except DATABASE_ERRORS:
                raise
            except Exception as error:  # noqa: BLE001 - the mail is not lost for it
                entry._fail(error)
        return entry.lead_id
