from odoo import models


class CrmLead(models.Model):
    """What people change in a view, in one go, can be undone: moves, and selections."""

    _inherit = "crm.lead"

    def web_save(self, vals, specification, next_id=None):
        if not self._undo_is_offered(vals):
            return super().web_save(vals, specification, next_id)
        Undo = self.env["lead.undo"]
        with Undo._record(self) as recording:
            result = super().web_save(vals, specification, next_id)
        Undo._keep(recording, self._undo_get_message(vals))
        return result

    def _undo_is_offered(self, vals):
        """Return whether saving these values is a move, or changes a selection."""
        return len(self.ids) > 1 or (bool(self.ids) and "stage_id" in vals)

    def _undo_get_message(self, vals):
        if len(self) > 1:
            return self.env._("Leads changed: %s.", len(self))
        return self.env._(
            "Moved: %(lead)s, to %(stage)s.",
            lead=self.display_name,
            stage=self.stage_id.name,
        )
