from odoo import fields, models


class LeadTimeline(models.Model):
    _inherit = "lead.timeline"

    kind = fields.Selection(selection_add=[("share", "Sharing"), ("planned",)])
