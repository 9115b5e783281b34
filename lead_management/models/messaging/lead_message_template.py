from odoo import fields, models


class LeadMessageTemplate(models.Model):
    """A text for a purpose, on a channel."""

    _name = "lead.message.template"
    _description = "Message Template"

    name = fields.Char(required=True, translate=True)
