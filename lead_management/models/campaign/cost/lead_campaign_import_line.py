from odoo import api, fields, models


class LeadCampaignImportLine(models.TransientModel):
    """A name in a report about ad spend, and the campaign it stands for."""

    _name = "lead.campaign.import.line"
    _description = "Campaign in an Import"

    import_id = fields.Many2one(
        "lead.campaign.import", required=True, ondelete="cascade"
    )
    name = fields.Char(string="Name on Platform", required=True, readonly=True)
    campaign_id = fields.Many2one("utm.campaign")
    is_left_out = fields.Boolean(string="Leave Out")
    is_open = fields.Boolean(compute="_compute_is_open")
    row_count = fields.Integer(string="Rows", readonly=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)

    @api.depends("campaign_id", "is_left_out")
    def _compute_is_open(self):
        for line in self:
            line.is_open = not (line.campaign_id or line.is_left_out)
