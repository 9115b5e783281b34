from odoo import fields, models


class ResCompany(models.Model):
    """The limits the gate keeps for a company."""

    _inherit = "res.company"

    # Quiet hours
    message_quiet_on = fields.Boolean(
        string="Quiet Hours",
        default=True,
        help="Messages wait until the end of the quiet hours in the time zone of the "
        "contact.",
    )
    message_quiet_start = fields.Float(string="Quiet From", default=20.0)
    message_quiet_end = fields.Float(string="Quiet Until", default=8.0)
    message_quiet_sunday = fields.Boolean(string="Quiet on Sundays", default=True)
    message_quiet_email = fields.Boolean(
        string="Also for Emails",
        default=True,
        help="If not set, quiet hours apply to SMS and WhatsApp only.",
    )
    # Limits
    message_cap_day = fields.Integer(
        string="Max. Messages per Day",
        default=3,
        help="Per contact, regardless of the sender. 0 means no limit.",
    )
    message_cap_week = fields.Integer(
        string="Max. Messages per Week",
        default=7,
        help="Per contact, regardless of the sender. 0 means no limit.",
    )
    message_duplicate_hours = fields.Integer(
        string="Repeat Interval (Hours)",
        default=24,
        help="Number of hours before a contact can receive the same text or template "
        "again. 0 means no limit.",
    )
    # Consent
    message_optin_email = fields.Boolean(
        string="Consent for Emails",
        help="Send news and offers by email only to contacts with consent.",
    )
    message_optin_sms = fields.Boolean(
        string="Consent for SMS",
        default=True,
        help="Send news and offers by SMS only to contacts with consent.",
    )
    message_optin_whatsapp = fields.Boolean(
        string="Consent for WhatsApp",
        default=True,
        help="Send news and offers by WhatsApp only to contacts with consent.",
    )

    _message_hours = models.Constraint(
        "CHECK(message_quiet_start >= 0 AND message_quiet_start < 24 "
        "AND message_quiet_end >= 0 AND message_quiet_end < 24)",
        "Quiet hours must be between 0:00 and 23:59.",
    )
    _message_limits = models.Constraint(
        "CHECK(message_cap_day >= 0 AND message_cap_week >= 0 "
        "AND message_duplicate_hours >= 0)",
        "Message limits must be 0 or more. 0 means no limit.",
    )

    def _get_message_zone(self):
        """Return the time zone where nothing is known of that of the lead."""
        return self.resource_calendar_id.tz or self.partner_id.tz or "UTC"
