from odoo import models


class CrmLead(models.Model):
    """Leads that nobody accepted, or that came back, are for the rules again."""

    _inherit = "crm.lead"

    def _sharing_refused(self):
        super()._sharing_refused()
        free = self.filtered(
            lambda lead: (
                not lead.user_id
                and not lead.assignment_pool_id
                and lead.won_status == "pending"
            )
        )
        if free and self.env["lead.assignment.rule"]._has_trigger("capture"):
            free._as_engine().write({"assignment_pending": True})
            free._assignment_defer("queue")
