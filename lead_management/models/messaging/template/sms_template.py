from odoo import fields, models


class SmsTemplate(models.Model):
    """The text of text messages to leads: theirs who own what it is the text of."""

    _inherit = "sms.template"

    # record rules look at it
    lead_message_template_ids = fields.One2many(
        "lead.message.template",
        "sms_template_id",
        string="Message Templates",
        readonly=True,
    )
