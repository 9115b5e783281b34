from odoo import fields, models


class LeadRelease(models.TransientModel):
    """Giving leads back, with the reason that stays in their history."""

    _name = "lead.release"
    _description = "Release Leads"

    lead_ids = fields.Many2many("crm.lead", string="Leads", required=True)
    reason = fields.Char(required=True)

    def action_release(self):
        """Give the leads back and leave them: they are no longer the user's."""
        self.ensure_one()
        self.lead_ids.action_release(self.reason)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "lead_management.crm_lead_action_pipeline"
        ) | {"target": "main"}
