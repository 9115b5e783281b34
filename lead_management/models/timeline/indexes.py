"""A day of a team is read by dates, on which Odoo's own tables have no index.

Tables of ours have one each, declared with their model.
"""

from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"

    _lead_date_idx = models.Index("(date) WHERE model = 'crm.lead'")


class CrmLead(models.Model):
    _inherit = "crm.lead"

    _created_idx = models.Index("(date_trunc('second', create_date))")
    _closed_idx = models.Index(
        "(date_closed) WHERE won_status IN ('won', 'lost') AND date_closed IS NOT NULL"
    )


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    _lead_date_idx = models.Index(
        "(date_trunc('second', create_date))"
        " WHERE res_model = 'crm.lead' AND res_field IS NULL"
    )
