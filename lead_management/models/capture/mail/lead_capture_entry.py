import email
import email.policy

from odoo import models

from ...base.context import CAPTURE_MAIL
from ..door.email import EmailDoor
from ..entry.lead_capture_entry import ATTACHED

LARGEST = 10 * 1024 * 1024
NAME = "submission.eml"


class LeadCaptureEntry(models.Model):
    """Submissions that are mails: what was set aside is kept with its files."""

    _inherit = "lead.capture.entry"

    def _save_mail(self, message):
        """Keep a mail of which no lead was made, for the day somebody wants one."""
        content = message.as_bytes()
        if len(content) > LARGEST or self._get_mail():
            return
        # sudo: files of entries are for nobody but the program
        self.env["ir.attachment"].sudo().create(
            {
                "name": NAME,
                "raw": content,
                "mimetype": "message/rfc822",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _get_mail(self):
        # sudo: files of entries are for nobody but the program
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("name", "=", NAME),
                ]
            )
        )

    def _attach(self, lead, reading):
        if self.source_id.kind == EmailDoor.name and CAPTURE_MAIL.get(self.env):
            outcome = [["attached", {"lead": lead.name}]]
            return {"state": ATTACHED, "lead_id": lead.id, "outcome": outcome}
        return super()._attach(lead, reading)

    def _conclude(self, plan):
        result = super()._conclude(plan)
        if plan.lead and not CAPTURE_MAIL.get(self.env):
            self._post_mail(plan.lead)
        return result

    def _post_mail(self, lead):
        """Put a mail that was set aside into the chatter of the lead made of it."""
        kept = self._get_mail()[:1] if self.source_id.kind == EmailDoor.name else None
        if not kept:
            return
        policy = email.policy.SMTP
        message = email.message_from_bytes(kept.raw, policy=policy)
        parsed = self.env["mail.thread"].message_parse(message)
        lead.message_post(
            body=parsed["body"],
            subject=parsed.get("subject"),
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=False,
            email_from=lead.email_from or parsed.get("email_from"),
            attachments=parsed.get("attachments") or [],
            notify_skip_followers=True,
        )
        kept.unlink()
