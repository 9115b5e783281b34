from odoo import fields, models


class ResCompany(models.Model):
    """The limits the gate keeps for a company."""

    _inherit = "res.company"

    # Quiet hours
    message_quiet_on = fields.Boolean(
        string="Quiet Hours",
        default=True,
        help="Messages wait while people are not to be disturbed where they are.",
    )
    message_quiet_start = fields.Float(string="Quiet From", default=20.0)
    message_quiet_end = fields.Float(string="Quiet Until", default=8.0)
    message_quiet_sunday = fields.Boolean(string="Quiet on Sundays", default=True)
    message_quiet_email = fields.Boolean(
        string="Quiet for E-mails Too",
        default=True,
        help="Otherwise for SMS and WhatsApp only.",
    )
    # Limits
    message_cap_day = fields.Integer(
        string="Messages a Day",
        default=3,
        help="To one person, whoever sends them. 0: no limit.",
    )
    message_cap_week = fields.Integer(
        string="Messages a Week",
        default=7,
        help="To one person, whoever sends them. 0: no limit.",
    )
    message_duplicate_hours = fields.Integer(
        string="Same Message Not Within",
        default=24,
        help="Hours in which nobody gets the same text or template again. 0: no limit.",
    )
    # Consent
    message_optin_email = fields.Boolean(
        string="Consent for E-mails",
        help="News and offers by e-mail only to those who have agreed.",
    )
    message_optin_sms = fields.Boolean(
        string="Consent for SMS",
        default=True,
        help="News and offers by SMS only to those who have agreed.",
    )
    message_optin_whatsapp = fields.Boolean(
        string="Consent for WhatsApp",
        default=True,
        help="News and offers by WhatsApp only to those who have agreed.",
    )

    _message_hours = models.Constraint(
        "CHECK(message_quiet_start >= 0 AND message_quiet_start < 24 "
        "AND message_quiet_end >= 0 AND message_quiet_end < 24)",
        "Quiet hours are hours of the day, from 0:00 to 23:59.",
    )
    _message_limits = models.Constraint(
        "CHECK(message_cap_day >= 0 AND message_cap_week >= 0 "
        "AND message_duplicate_hours >= 0)",
        "Limits of messages cannot be negative; 0 means none.",
    )

    def _get_message_zone(self):
        """Return the time zone where nothing is known of that of the lead."""
        return self.resource_calendar_id.tz or self.partner_id.tz or "UTC"
