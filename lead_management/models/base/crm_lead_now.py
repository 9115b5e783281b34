from odoo import api, fields, models


class CrmLead(models.Model):
    """What is due now: which button of the form is solid, one at a time."""

    _inherit = "crm.lead"

    lead_now = fields.Char(
        string="Due Now",
        compute="_compute_lead_now",
        help="The action that is due now, by the key of its button.",
    )

    @api.depends_context("uid")
    def _compute_lead_now(self):
        for lead in self:
            lead.lead_now = lead._get_now()

    def _get_now(self):
        """Return the key of what is due now, or False.

        A room that knows something more urgent overrides it, and adds the fields it
        goes by to the dependencies of :meth:`_compute_lead_now`.
        """
        return False
