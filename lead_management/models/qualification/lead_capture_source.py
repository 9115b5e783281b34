from odoo import api, fields, models


class LeadCaptureSource(models.Model):
    """The fields of a source by what they are: of the lead, or questions."""

    _inherit = "lead.capture.source"

    plain_field_ids = fields.One2many(
        "lead.capture.field",
        "source_id",
        string="Form Fields",
        domain=[("qualifier_id", "=", False)],
    )
    question_field_ids = fields.One2many(
        "lead.capture.field",
        "source_id",
        string="Form Questions",
        domain=[("qualifier_id", "!=", False)],
    )

    @api.onchange("kind")
    def _onchange_kind(self):
        """A new form asks for what most forms do."""
        if self._origin:
            return
        if not self._get_door().has_page:
            self.plain_field_ids = [fields.Command.clear()]
        elif not self.plain_field_ids:
            self.plain_field_ids = self._prepare_form_fields()

    def _get_form_lines(self):
        """Return the fields first, then the questions, also while they are edited."""
        lines = super()._get_form_lines()
        if not isinstance(self.id, int):
            lines = self.plain_field_ids + self.question_field_ids
        return lines.sorted(lambda line: (bool(line.qualifier_id), line.sequence))

    @api.depends("plain_field_ids", "question_field_ids")
    def _compute_form_preview(self):
        super()._compute_form_preview()
