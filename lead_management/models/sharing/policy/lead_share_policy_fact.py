from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .constants import HOW_SHOWN, LATER
from .fact import FACTS


class LeadSharePolicyFact(models.Model):
    """What a policy tells of a lead: before acceptance, and after it."""

    _name = "lead.share.policy.fact"
    _description = "Field of a Sharing Policy"
    _order = "sequence, id"
    _rec_name = "fact"

    policy_id = fields.Many2one(
        "lead.share.policy", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    fact = fields.Selection(
        [(fact.name, fact.label) for fact in FACTS], string="Field", required=True
    )
    preview = fields.Selection(
        HOW_SHOWN,
        required=True,
        default=LATER,
        help="What the other company sees before it accepts. After acceptance it "
        "gets the value as it is.",
    )

    _fact_uniq = models.UniqueIndex(
        "(policy_id, fact)", "A field stands only once in a sharing policy."
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.policy_id._rules_changed()
        return lines

    def write(self, vals):
        result = super().write(vals)
        self.policy_id._rules_changed()
        return result

    def unlink(self):
        policies = self.policy_id
        result = super().unlink()
        policies._rules_changed()
        return result

    @api.constrains("fact", "preview")
    def _check_preview(self):
        """What names a person is told after acceptance only."""
        labels = dict(self._fields["fact"]._description_selection(self.env))
        for line in self:
            if line.preview != LATER and line.preview not in FACTS.get(line.fact).hows:
                raise ValidationError(
                    self.env._(
                        "“%s” cannot be shown in this way before acceptance.",
                        labels[line.fact],
                    )
                )
