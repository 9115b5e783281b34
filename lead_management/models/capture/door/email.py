from odoo import fields, models
from odoo.tools import email_split

from ....tools.adf import find_adf, read_adf
from ....tools.capture_values import digest
from ....tools.label_lines import read_labels
from ....tools.strict_email import check_email
from .door import DOORS, Door, Item


@DOORS.add
class EmailDoor(Door):
    """A mailbox: letters of people, of portals, and of programs of car dealers.

    Who wrote is, in this order: what ADF says, what lines with labels say, the address
    to reply to where a portal writes, and the sender.
    """

    name = "email"
    has_picture = True
    defaults = {"Vehicle": "note", "Provider": "note", "Vendor": "note"}

    def split(self, payload, body):
        return [Item(digest("mail", payload["message_id"]), payload)]

    def get_steps(self):
        return [
            (
                self.env._("Enter the mailbox here, for example “leads”."),
                bool(self.source.alias_name),
            ),
            (
                self.env._(
                    "Redirect mails to the email address that is shown: a rule of your "
                    "mail program, or the recipient in the settings of the portal."
                ),
                None,
            ),
            (
                self.env._(
                    "Enter the addresses of portals that write for others: they may "
                    "write as often as they like."
                ),
                bool(self.source.portal_emails) or None,
            ),
            (
                self.env._("Send a mail there: it appears in the inbox."),
                self.get_arrived(),
            ),
            (
                self.env._(
                    "Choose under “Fields” what the labels of a portal mean: each is "
                    "listed with an example as soon as it came in."
                ),
                None,
            ),
        ]

    def get_test(self):
        return {
            "from": "Test Person <test.person@example.com>",
            "subject": self.env._("Test of the mailbox"),
            "text": self.env._("Please call me back."),
            "message_id": "test",
        }

    def is_portal(self, payload):
        """Return whether somebody else's program wrote, for a person."""
        return self.source._is_portal(payload.get("from"))

    def read_texts(self, payload, detail=None):
        if payload.get("adf"):
            return {"subject": payload.get("subject", ""), **payload["adf"]}
        texts = {}
        text = payload.get("text") or ""
        is_portal = self.is_portal(payload)
        if is_portal:
            texts = dict(read_labels(text))
        meanings = {self.source._get_meaning(name) for name in texts}
        sender = payload.get("from")
        if is_portal:
            sender = payload.get("reply_to")
        if is_portal and "email_from" in meanings:
            sender = None
        name, address = _split(sender)
        if address:
            texts["email_from"] = address
        if name and not meanings & {"contact_name", "first_name", "last_name"}:
            texts["contact_name"] = name
        texts["subject"] = payload.get("subject") or ""
        if is_portal and "description" not in meanings:
            texts["description"] = text
        return texts


def _split(sender):
    """Return the name and the one address of a header."""
    found = email_split(sender or "")
    address = check_email(found[0]) if len(found) == 1 else None
    name = (sender or "").split("<")[0].strip(' "') if "<" in (sender or "") else ""
    return (name if "@" not in name else ""), address


def prepare_payload(message, message_dict, texts):
    """Return what is kept of a mail: as it came, but for its files.

    :param message: the ``email.message.Message``
    :param message_dict: what Odoo read of it
    :param texts: of the parts that are texts
    """
    payload = {
        "from": message_dict.get("email_from") or message_dict.get("from") or "",
        "reply_to": str(message.get("Reply-To") or ""),
        "to": str(message.get("To") or ""),
        "subject": message_dict.get("subject") or "",
        "date": str(message_dict.get("date") or ""),
        "message_id": message_dict["message_id"],
        "text": "\n".join(texts)[:20_000],
    }
    if adf := find_adf(texts):
        try:
            payload["adf"], key = read_adf(adf)
        except ValueError:
            return payload, None
        return payload, key
    return payload, None


class LeadCaptureSource(models.Model):
    _inherit = "lead.capture.source"

    kind = fields.Selection(
        selection_add=[("email", "Email")], ondelete={"email": "cascade"}
    )
