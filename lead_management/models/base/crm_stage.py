from odoo import fields, models

from .stage_types import STAGE_TYPES


class CrmStage(models.Model):
    """What a stage stands for: every room asks, the pipeline acts on it."""

    _inherit = "crm.stage"

    stage_type = fields.Selection(
        STAGE_TYPES,
        index=True,
        help="What this stage stands for, regardless of its name:\nOpen: a new, "
        "unanswered inquiry\nContacted: the need is understood\nNurturing: "
        "interested, not ready yet\nQualified: ready to buy\nNegotiation: "
        "quotations and discounts are discussed\nCustomer: won\nInactive: an "
        "inactive customer (still won)\nUnqualified: the need does not match "
        "(lost, but visible)",
    )
