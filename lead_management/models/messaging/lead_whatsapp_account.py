from odoo import fields, models


class LeadWhatsappAccount(models.Model):
    """A number of the company on WhatsApp."""

    _name = "lead.whatsapp.account"
    _description = "WhatsApp Account"

    name = fields.Char(required=True)
