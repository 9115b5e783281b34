from odoo import fields, models


class LeadErasure(models.TransientModel):
    """The question before the personal data of leads is erased."""

    _name = "lead.erasure"
    _description = "Erase Personal Data"

    lead_ids = fields.Many2many("crm.lead", string="Leads", required=True)

    def action_erase(self):
        """Erase for good, and show the leads as they are now."""
        self.ensure_one()
        self.lead_ids._erase_personal_data()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
