from odoo import models

from ..constants import SMS


class LeadMessage(models.Model):
    """Text messages whose delivery Odoo follows, and shows in the chatter."""

    _inherit = "lead.message"

    def _after_post(self):
        super()._after_post()
        uuids = {
            message.provider_ref: message
            for message in self
            if message.channel == SMS and message.provider_ref
        }
        trackers = self.env["sms.tracker"].search([("sms_uuid", "in", list(uuids))])
        for tracker in trackers:
            message = uuids[tracker.sms_uuid]
            tracker.mail_notification_id = message.mail_message_id.notification_ids[:1]
