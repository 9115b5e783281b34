from odoo import fields, models


class CrmLead(models.Model):
    """Leads that somebody else works on: nothing is planned or due for them here."""

    _inherit = "crm.lead"

    is_on_hold = fields.Boolean(
        string="On Hold",
        readonly=True,
        copy=False,
        help="Somebody else works on the lead. No step is planned for it, and no "
        "response target runs.",
    )

    def _set_on_hold(self, is_on_hold):
        """Let leads rest, or go on: their clocks stop, or start."""
        # sudo: follows from an agreement that was checked, whoever reads the lead
        changed = self.sudo().filtered(lambda lead: lead.is_on_hold != is_on_hold)
        changed._as_engine().write({"is_on_hold": is_on_hold})
        self._clock_note()
