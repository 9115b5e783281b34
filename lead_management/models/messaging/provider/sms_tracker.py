from odoo import models

from ..outbox.lead_message import DELIVERED, FAILED, SENT
from .provider_sms import SmsProvider

# What the status of a notification says of a message.
STATUSES = {"pending": SENT, "sent": DELIVERED, "bounce": FAILED, "exception": FAILED}


class SmsTracker(models.Model):
    """Reports of delivery, as they come in for whichever service sends SMS."""

    _inherit = "sms.tracker"

    def _update_sms_notifications(
        self, notification_status, failure_type=False, failure_reason=False
    ):
        result = super()._update_sms_notifications(
            notification_status, failure_type, failure_reason
        )
        status = STATUSES.get(notification_status)
        # sudo: it comes from outside
        messages = (
            self.env["lead.message"]
            .sudo()
            .search(
                [
                    ("provider", "=", SmsProvider.name),
                    ("provider_ref", "in", self.mapped("sms_uuid")),
                ]
            )
        )
        for message in messages if status else ():
            message._set_status(
                SmsProvider.name,
                message.provider_ref,
                status,
                error=failure_reason or failure_type or None,
            )
        return result
