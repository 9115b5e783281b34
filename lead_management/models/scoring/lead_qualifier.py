from odoo import models


class LeadQualifier(models.Model):
    """The score follows the questions that give points."""

    _inherit = "lead.qualifier"

    def _rules_changed(self):
        super()._rules_changed()
        self.env["crm.lead"]._derived_mark_all("lead.score")
