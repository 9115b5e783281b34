from odoo import fields, models


class MailTemplate(models.Model):
    """The text of e-mails to leads: theirs who own what it is the text of."""

    _inherit = "mail.template"

    # record rules look at it
    lead_message_template_ids = fields.One2many(
        "lead.message.template",
        "mail_template_id",
        string="Message Templates",
        readonly=True,
    )
