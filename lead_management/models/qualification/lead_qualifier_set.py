from odoo import fields, models


class LeadQualifierSet(models.Model):
    """Questions that belong together, to be switched on with one click."""

    _name = "lead.qualifier.set"
    _description = "Question Set"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    description = fields.Text(translate=True)
    qualifier_ids = fields.One2many(
        "lead.qualifier",
        "set_id",
        string="Questions",
        context={"active_test": False},
    )
    is_on = fields.Boolean(compute="_compute_is_on", string="Active")

    def _compute_is_on(self):
        for qualifier_set in self:
            questions = qualifier_set.qualifier_ids
            qualifier_set.is_on = bool(questions) and all(questions.mapped("active"))

    def action_switch_on(self):
        """Ask the questions of these sets from now on."""
        self.qualifier_ids.filtered(lambda q: not q.active).active = True

    def action_switch_off(self):
        """Ask them no more; what was answered is kept."""
        self.qualifier_ids.filtered("active").active = False
