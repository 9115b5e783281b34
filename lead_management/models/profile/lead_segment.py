from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class LeadSegment(models.Model):
    """A market segment: leads get it by its condition, or by hand.

    A segment below another one is a part of it: its condition and those above must be
    met. The most special segment wins, then the order of the list.
    """

    _name = "lead.segment"
    _inherit = ["lead.rule.mixin"]
    _description = "Market Segment"
    _parent_store = True
    _check_company_auto = True

    company_id = fields.Many2one(help="Leave empty to apply to all companies.")
    parent_id = fields.Many2one(
        "lead.segment",
        string="Parent Segment",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("lead.segment", "parent_id", string="Child Segments")
    complete_name = fields.Char(compute="_compute_complete_name", recursive=True)
    is_automatic = fields.Boolean(
        string="Set Automatically",
        help="Leads that match the condition get this segment, unless a segment was "
        "chosen manually.",
    )
    description = fields.Text(translate=True)
    # Statistics
    lead_count = fields.Integer(string="Leads", compute="_compute_lead_count")

    @api.depends("name", "parent_id.complete_name")
    @api.depends_context("lang")
    def _compute_complete_name(self):
        for segment in self:
            parent = segment.parent_id
            # sudo: the part of a shared segment shows where it belongs
            above = f"{parent.sudo().complete_name} / " if parent else ""
            segment.complete_name = f"{above}{segment.name or ''}"

    @api.depends("complete_name")
    def _compute_display_name(self):
        for segment in self:
            segment.display_name = segment.complete_name

    def _compute_lead_count(self):
        """Count the leads of a segment and of its parts."""
        counts = {
            segment.id: count
            for segment, count in self.env["crm.lead"]._read_group(
                [("segment_id", "child_of", self.ids)], ["segment_id"], ["__count"]
            )
        }
        for segment in self:
            parts = self.search([("id", "child_of", segment._origin.ids)])
            segment.lead_count = sum(counts.get(part.id, 0) for part in parts)

    @api.model
    def _get_denied_fields(self):
        return set(self.env["crm.lead"]._derived_columns())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: leads the user does not see count as well
        used = (
            self.env["crm.lead"]
            .sudo()
            .with_context(active_test=False)
            .search_count([("segment_manual_id", "in", self.ids)], limit=1)
        )
        if used:
            raise ValidationError(
                self.env._(
                    "This segment was chosen manually for a lead. Archive it "
                    "instead. Its leads will keep it."
                )
            )

    def _rules_changed(self):
        super()._rules_changed()
        self.env["crm.lead"]._derived_mark_all("lead.profile")

    @api.model
    def _get_active_domain(self):
        return Domain("is_automatic", "=", True)

    def _get_conditions(self):
        conditions = super()._get_conditions()
        parent = self.parent_id
        return conditions + (parent._get_conditions() if parent else ())

    def _in_order(self):
        """Parts come before what they are part of."""
        order = {segment: number for number, segment in enumerate(self.search([]))}

        def key(segment):
            above = []
            while segment:
                above.append(order.get(segment, 0))
                segment = segment.parent_id
            # a part sorts below its parent's number, and before the parent itself
            return [*reversed(above), float("inf")]

        return self.sorted(key)

    def action_view_leads(self):
        """Open the leads of this segment and its parts."""
        self.ensure_one()
        action = super().action_view_leads()
        return {**action, "domain": [("segment_id", "child_of", self.id)]}
