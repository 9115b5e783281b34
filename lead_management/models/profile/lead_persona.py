from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache

DEFAULT_THRESHOLD = 60


class LeadPersona(models.Model):
    """An ideal customer, described as data: leads show which one they come close to.

    The criteria are the conditions joined by “all of” at the top, the segment and the
    products. A lead matches by the share of the criteria it meets; its persona is the
    one it matches best, if that is enough.
    """

    _name = "lead.persona"
    _inherit = ["lead.rule.mixin", "image.mixin"]
    _description = "Persona"
    _check_company_auto = True

    company_id = fields.Many2one(help="Leave empty to apply to all companies.")
    # Portrait
    description = fields.Text(translate=True)
    goals = fields.Text(
        translate=True, help="What this customer wants to achieve, in their own words."
    )
    pains = fields.Text(
        translate=True,
        help="The problems that keep this customer from their goals.",
        string="Pain Points",
    )
    # Criteria
    segment_id = fields.Many2one("lead.segment", check_company=True)
    product_ids = fields.Many2many("product.product", string="Products of Interest")
    threshold = fields.Integer(
        string="Minimum Match (%)",
        required=True,
        default=DEFAULT_THRESHOLD,
        help="Percentage of the criteria that must match to assign the persona.",
    )
    # Statistics
    company_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_company_currency_id",
    )
    lead_count = fields.Integer(string="Leads", compute="_compute_statistics")
    win_rate = fields.Float(
        compute="_compute_statistics",
        help="Won leads as a percentage of closed leads.",
    )
    average_deal = fields.Monetary(
        compute="_compute_statistics",
        currency_field="company_currency_id",
        help="Average expected revenue of the won leads.",
    )

    _threshold_range = models.Constraint(
        "CHECK(threshold BETWEEN 1 AND 100)",
        "The minimum match must be between 1 and 100 percent.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_company_currency_id(self):
        for persona in self:
            company = persona.company_id or self.env.company
            persona.company_currency_id = company.currency_id

    def _compute_statistics(self):
        # archived leads are the lost ones
        groups = (
            self.env["crm.lead"]
            .with_context(active_test=False)
            ._read_group(
                [("persona_id", "in", self.ids)],
                ["persona_id", "won_status"],
                ["__count", "expected_revenue:sum"],
            )
        )
        numbers = {
            (persona.id, status): (count, revenue)
            for persona, status, count, revenue in groups
        }
        for persona in self:
            won, revenue = numbers.get((persona._origin.id, "won"), (0, 0))
            lost, __ = numbers.get((persona._origin.id, "lost"), (0, 0))
            pending, __ = numbers.get((persona._origin.id, "pending"), (0, 0))
            persona.lead_count = won + lost + pending
            persona.win_rate = 100 * won / (won + lost) if won + lost else 0
            persona.average_deal = revenue / won if won else 0

    @api.model
    def _get_denied_fields(self):
        return set(self.env["crm.lead"]._derived_columns()) - {"segment_id"}

    def _rules_changed(self):
        super()._rules_changed()
        self.env["crm.lead"]._derived_mark_all("lead.profile")

    def _get_conditions(self):
        conditions = [self.domain]
        if self.segment_id:
            conditions.append(str([("segment_id", "child_of", self.segment_id.ids)]))
        if self.product_ids:
            conditions.append(str([("product_ids", "in", self.product_ids.ids)]))
        return tuple(conditions)

    @api.model
    @ormcache()
    def _get_thresholds(self):
        """Return from which match on each persona counts, by id."""
        # sudo: cached for everybody
        return {persona.id: persona.threshold for persona in self.sudo().search([])}

    @api.model
    def _split_criteria(self, conditions):
        """Return the criteria of a persona as domains."""
        joined = Domain.AND(map(self._parse_domain, conditions))
        criteria = (
            joined.children if getattr(joined, "OPERATOR", "") == "&" else [joined]
        )
        return [domain for domain in criteria if not domain.is_true()]

    def action_view_leads(self):
        """Open the leads that come close to this persona."""
        self.ensure_one()
        action = super().action_view_leads()
        return {**action, "domain": [("persona_id", "=", self.id)]}
