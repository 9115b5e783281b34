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
        Undo._save_until_asked(recording, self._undo_get_message(vals))
        return result

    def web_save_multi(self, vals_list, specification):
        Undo = self.env["lead.undo"]
        with Undo._record(self) as recording:
            result = super().web_save_multi(vals_list, specification)
        Undo._save_until_asked(recording, self.env._("Leads changed: %s.", len(self)))
        return result

    def action_archive_selected(self):
        """Archive these leads, with a way back: what people do in a view.

        :return: the action that offers to undo it, or what comes first
        """
        message = self.env._("Leads archived: %s.", len(self))
        return self._undo_toggle("action_archive", message)

    def action_unarchive_selected(self):
        """Take these leads out of the archive, with a way back."""
        message = self.env._("Leads taken out of the archive: %s.", len(self))
        return self._undo_toggle("action_unarchive", message)

    def _undo_toggle(self, method, message):
        self.check_access("write")
        Undo = self.env["lead.undo"]
        with Undo._record(self) as recording:
            action = getattr(self, method)()
            # who is put away is waited for no longer, as with a lead that is closed
            put_away = self.filtered(lambda lead: not lead.active)
            self.env["lead.answer"]._settle(put_away)
        return action or Undo._offer(recording, message)

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
