from odoo import api, models


class LeadScorePartMixin(models.AbstractModel):
    """What a scoring model consists of: any change of it moves scores."""

    _name = "lead.score.part.mixin"
    _description = "Scoring Model Part"

    def _get_score_models(self):
        """Return the scoring models these records are part of."""
        return self.model_id

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._get_score_models()._content_changed()
        return parts

    def write(self, vals):
        before = self._get_score_models()
        result = super().write(vals)
        (before | self._get_score_models())._content_changed()
        return result

    def unlink(self):
        before = self._get_score_models()
        result = super().unlink()
        before._content_changed()
        return result
