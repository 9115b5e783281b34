from odoo import fields, models
from odoo.tools import SQL

from .lead_answer import FORM


class CrmLead(models.Model):
    """What a contact did that waits for an answer."""

    _inherit = "crm.lead"

    answer_ids = fields.One2many("lead.answer", "lead_id", readonly=True)

    def _get_undo_tables(self):
        tables = super()._get_undo_tables()
        return {**tables, "lead_answer": SQL("lead_id = ANY(%s)", self.ids)}

    def _capture_post(self, entry, body):
        """A form that was sent again is one, though the chatter shows it as a mail."""
        message = super()._capture_post(entry, body)
        if entry.source_id._get_door().is_form:
            # sudo: submissions are processed for whoever owns the lead
            answers = self.sudo().answer_ids
            answers.filtered(lambda answer: answer.message_id == message).kind = FORM
        return message
