from odoo import api, fields, models

from .lead_score import TEMPERATURES


class LeadScoreChange(models.Model):
    """A lead turned colder or hotter: what automated actions start from.

    A record of its own, and no field of the lead: an automated action on leads costs
    every write on every lead, and a write here collides with nobody at work.
    """

    _name = "lead.score.change"
    _inherit = ["lead.row.mixin"]
    _description = "Temperature Change"
    _order = "date desc, id desc"
    _log_access = False

    date = fields.Datetime(required=True, default=fields.Datetime.now)
    before = fields.Selection(
        TEMPERATURES, string="Previous Temperature", required=True
    )
    temperature = fields.Selection(
        TEMPERATURES, string="New Temperature", required=True
    )
    total = fields.Integer(string="Score", aggregator="avg")

    _date_idx = models.Index("(date)")

    @api.depends("lead_id", "temperature")
    def _compute_display_name(self):
        labels = dict(self._fields["temperature"]._description_selection(self.env))
        for change in self:
            change.display_name = (
                f"{change.lead_id.name}: {labels.get(change.temperature, '')}"
            )
