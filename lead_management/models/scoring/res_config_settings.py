from odoo import fields, models

from .crm_lead_front import FRONT_PARAMETER, FRONTS, PROBABILITY


class ResConfigSettings(models.TransientModel):
    """Which chance of a lead is shown in front."""

    _inherit = "res.config.settings"

    score_in_front = fields.Selection(
        FRONTS,
        string="Chance in Front",
        default=PROBABILITY,
        config_parameter=FRONT_PARAMETER,
        help="The number beside the amount of a lead. The other one is explained "
        "behind the question mark.",
    )
