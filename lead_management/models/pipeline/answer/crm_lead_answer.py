from odoo import fields, models
from odoo.tools import SQL


class CrmLead(models.Model):
    """What a contact did that waits for an answer."""

    _inherit = "crm.lead"

    answer_ids = fields.One2many("lead.answer", "lead_id", readonly=True)

    def _get_undo_tables(self):
        tables = super()._get_undo_tables()
        return {**tables, "lead_answer": SQL("lead_id = ANY(%s)", self.ids)}
