from odoo import api, fields, models

from ....tools.answers import show_number


class LeadScoreBand(models.Model):
    """The points of a rule for one answer, or for numbers from one on.

    A range of numbers ends where the next one begins, so that there are neither gaps
    nor overlaps; what is smaller than the first gives nothing, unless that range is
    open to below.
    """

    _name = "lead.score.band"
    _inherit = ["lead.score.part.mixin"]
    _description = "Range or Answer Points"
    _order = "is_unset desc, value_from, sequence, id"

    rule_id = fields.Many2one(
        "lead.score.rule", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="rule_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    is_unset = fields.Boolean(
        string="Not Set", help="For leads without this information."
    )
    option_id = fields.Many2one(
        "lead.qualifier.option", string="Answer", ondelete="cascade"
    )
    value_from = fields.Float(
        string="From",
        digits=(18, 4),
        help="The range starts at this number and ends where the next range starts.",
    )
    and_less = fields.Boolean(
        string="And Below",
        help="On the first range, also includes smaller numbers.",
    )
    points = fields.Integer(required=True)

    _points_range = models.Constraint(
        "CHECK(points BETWEEN -100 AND 100)",
        "The points must be between -100 and 100.",
    )
    _range_uniq = models.UniqueIndex(
        "(rule_id, is_unset, COALESCE(option_id, 0), value_from)",
        "Each range and each answer can be used only once in a rule.",
    )

    def _get_score_models(self):
        return self.rule_id.model_id

    @api.depends(
        *("value_from", "is_unset", "option_id", "and_less"),
        "rule_id.band_ids.value_from",
    )
    def _compute_display_name(self):
        for band in self:
            band.display_name = band._describe()

    def _describe(self):
        """Return the range or the answer in words."""
        if self.is_unset:
            return self.env._("not set")
        if self.option_id:
            return self.option_id.name
        above = [
            band.value_from
            for band in self.rule_id.band_ids
            if not band.is_unset and band.value_from > self.value_from
        ]
        low = show_number(self.value_from)
        if not above:
            return self.env._("%s and more", low)
        if self.and_less and not self._get_below():
            return self.env._("below %s", show_number(min(above)))
        return self.env._(
            "%(low)s to below %(high)s", low=low, high=show_number(min(above))
        )

    def _get_below(self):
        """Return the ranges of the same rule that begin lower."""
        return self.rule_id.band_ids.filtered(
            lambda band: not band.is_unset and band.value_from < self.value_from
        )
