from odoo import fields, models


class LeadCampaignTouch(models.Model):
    """A campaign that brought a person to us, the first time or once more.

    The first one stands on the lead as well, and is written there once.
    """

    _name = "lead.campaign.touch"
    _inherit = ["lead.row.mixin"]
    _description = "Campaign Touch"
    _order = "date desc, id desc"
    _log_access = False
    _impersonal = ("how",)

    date = fields.Datetime(required=True, readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True, ondelete="set null")
    source_id = fields.Many2one(
        "utm.source", string="UTM Source", readonly=True, ondelete="set null"
    )
    medium_id = fields.Many2one("utm.medium", readonly=True, ondelete="set null")
    how = fields.Char(
        string="Channel", readonly=True, help="The type of the capture source."
    )
    capture_source_id = fields.Many2one(
        "lead.capture.source", readonly=True, ondelete="set null"
    )
    page = fields.Char(string="Landing Page", readonly=True)
    utm = fields.Json(
        string="As Sent", readonly=True, help="Names that no campaign of ours has."
    )

    _date_idx = models.Index("(date)")
