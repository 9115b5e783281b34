from odoo import fields, models


class LeadMessage(models.Model):
    _inherit = "lead.message"

    whatsapp_template = fields.Json(
        readonly=True,
        help="The template of Meta and the facts of the lead, as they were when the "
        "message was queued.",
    )
