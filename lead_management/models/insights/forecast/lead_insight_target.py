from odoo import api, fields, models

from ....tools.periods import MONTH, get_start

WON, WON_AMOUNT, QUALIFIED, CREATED = "won", "won_amount", "qualified", "created"
METRICS = [
    (WON_AMOUNT, "Amount won"),
    (WON, "Leads won"),
    (QUALIFIED, "Leads qualified"),
    (CREATED, "Leads created"),
]


class LeadInsightTarget(models.Model):
    """What a person, a team or the company is to reach in a month."""

    _name = "lead.insight.target"
    _description = "Target"
    _order = "month desc, company_id, team_id, user_id, metric"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    team_id = fields.Many2one(
        "crm.team", string="Sales Team", check_company=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        ondelete="cascade",
        help="Leave team and salesperson empty for a target of the whole company.",
    )
    month = fields.Date(
        required=True,
        default=lambda self: get_start(MONTH, fields.Date.context_today(self)),
        help="Any day of the month.",
    )
    metric = fields.Selection(METRICS, required=True, default=WON_AMOUNT)
    value = fields.Float(string="Target", required=True, digits=(16, 2))

    _target_uniq = models.UniqueIndex(
        "(company_id, COALESCE(team_id, 0), COALESCE(user_id, 0), month, metric)",
        "There is a target of this kind for this month already.",
    )
    _value_range = models.Constraint("CHECK(value > 0)", "A target is more than 0.")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._first_day(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._first_day(vals))

    @api.model
    def _first_day(self, vals):
        """Return values whose month begins with its first day."""
        if not vals.get("month"):
            return vals
        return {**vals, "month": get_start(MONTH, fields.Date.to_date(vals["month"]))}

    @api.depends("user_id", "team_id", "company_id", "metric", "month")
    def _compute_display_name(self):
        labels = dict(self._fields["metric"]._description_selection(self.env))
        for target in self:
            who = target.user_id.name or target.team_id.name or target.company_id.name
            month = self.env["lead.insight"]._format_month(target.month)
            target.display_name = f"{who}: {labels.get(target.metric)}, {month}"
