from odoo import api, fields, models
from odoo.exceptions import UserError


class LeadWon(models.TransientModel):
    """What a win was worth, and when: asked where it is not known."""

    _name = "lead.won"
    _description = "Mark Lead as Won"

    lead_id = fields.Many2one("crm.lead", required=True, readonly=True)
    deadline_known = fields.Date(related="lead_id.date_deadline")
    company_currency = fields.Many2one(related="lead_id.company_currency")
    expected_revenue = fields.Monetary(
        string="Amount",
        currency_field="company_currency",
        compute="_compute_known",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_deadline = fields.Date(
        string="Closed On",
        required=True,
        compute="_compute_known",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("lead_id")
    def _compute_known(self):
        for dialog in self:
            dialog.expected_revenue = dialog.lead_id.expected_revenue
            dialog.date_deadline = (
                dialog.lead_id.date_deadline or fields.Date.context_today(self)
            )

    @api.model
    def _open(self, lead):
        """Return an action that asks about a lead."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Won"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_lead_id": lead.id, "dialog_size": "medium"},
        }

    def action_apply(self):
        """Win the lead with what was entered."""
        self.ensure_one()
        lead = self.lead_id
        lead.check_access("write")
        if self.expected_revenue < 0:
            raise UserError(self.env._("The amount must be 0 or more."))
        return lead._win(
            {
                "expected_revenue": self.expected_revenue,
                "date_deadline": self.date_deadline,
            }
        )
