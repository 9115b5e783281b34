from odoo import api, fields, models


class LeadCreditConsent(models.Model):
    """That a person agreed to a credit check, or asked for one; a history."""

    _name = "lead.credit.consent"
    _inherit = ["lead.row.mixin"]
    _description = "Consent to a Credit Check"
    _order = "date desc, id desc"

    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    text = fields.Text(
        string="Text Shown",
        required=True,
        readonly=True,
        help="The exact text the person agreed to.",
    )
    proof = fields.Text(
        required=True, readonly=True, help="How and where the person agreed."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Recorded By",
        readonly=True,
        ondelete="set null",
    )
    withdrawn = fields.Datetime(string="Withdrawn On", readonly=True)

    @api.model
    def _record(self, lead, text, proof):
        """Record that the person behind a lead agrees.

        :param text: what the person was shown
        :param proof: how and where the person agreed
        """
        lead.check_access("write")
        # sudo: the history is nobody's to write by hand
        return self.sudo().create(
            {"lead_id": lead.id, "text": text, "proof": proof, "user_id": self.env.uid}
        )

    def action_withdraw(self):
        """Record that the person does not agree any more: this is never refused."""
        self.check_access("read")
        self.lead_id.check_access("write")
        # sudo: the history is nobody's to rewrite but in this way
        self.sudo().filtered(
            lambda row: not row.withdrawn
        ).withdrawn = fields.Datetime.now()
