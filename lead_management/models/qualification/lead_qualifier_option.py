from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.answers import free_name, slug


class LeadQualifierOption(models.Model):
    _name = "lead.qualifier.option"
    _description = "Answer Choice"
    _order = "sequence, id"

    name = fields.Char(string="Answer", required=True, translate=True)
    sequence = fields.Integer(default=10)
    qualifier_id = fields.Many2one(
        "lead.qualifier",
        required=True,
        ondelete="cascade",
        index=True,
        string="Question",
    )
    company_id = fields.Many2one(related="qualifier_id.company_id", store=True)
    key = fields.Char(
        string="Technical Name",
        readonly=True,
        copy=False,
        help="Name used in conditions and imports.",
    )
    points = fields.Integer(help="Added to the score of leads with this answer.")

    _key_uniq = models.Constraint(
        "UNIQUE(qualifier_id, key)",
        "Another answer already has this technical name. Choose another name.",
    )
    _points_range = models.Constraint(
        "CHECK(points BETWEEN -100 AND 100)",
        "The points must be between -100 and 100.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        options = super().create(vals_list)
        for option in options.filtered(lambda option: not option.key):
            taken = set(option.qualifier_id.option_ids.mapped("key"))
            option.key = free_name(slug(option.name) or f"option_{option.id}", taken)
        options.qualifier_id._rules_changed()
        return options

    def write(self, vals):
        if "qualifier_id" in vals and any(
            option.qualifier_id.id != vals["qualifier_id"] for option in self
        ):
            raise ValidationError(
                self.env._(
                    "An answer cannot be moved to another question. Add a new answer "
                    "there."
                )
            )
        result = super().write(vals)
        self.qualifier_id._rules_changed()
        return result

    def unlink(self):
        qualifiers = self.qualifier_id
        result = super().unlink()
        qualifiers._rules_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        # sudo: answers on leads the user does not see count as well
        Answer = self.env["lead.qualifier.answer"].sudo()
        if Answer.search_count(
            ["|", ("option_id", "in", self.ids), ("option_ids", "in", self.ids)],
            limit=1,
        ):
            raise ValidationError(
                self.env._(
                    "The answer “%s” is used by leads. Rename it, or archive the "
                    "question and create a new one.",
                    self[:1].name,
                )
            )
