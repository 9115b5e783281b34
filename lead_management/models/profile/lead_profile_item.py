from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

# An item, detached from the ORM so that it can be cached.
# ``label`` in one language.
ItemData = namedtuple("ItemData", "id information label weight company_id persona_id")


class LeadProfileItem(models.Model):
    """Which information counts for the completeness of a profile, and how much.

    The same information may count differently for a company or a persona: the most
    special item decides. Weight zero takes it out.
    """

    _name = "lead.profile.item"
    _inherit = ["lead.information.mixin"]
    _description = "Profile Field"
    _order = "sequence, id"
    _rec_name = "label"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    weight = fields.Integer(
        required=True,
        default=10,
        help="Weight of this field compared with the others. 0 excludes it for this "
        "company or persona.",
    )
    persona_id = fields.Many2one(
        "lead.persona",
        ondelete="cascade",
        check_company=True,
        index=True,
        help="Leave empty to apply to all personas.",
    )

    _weight_range = models.Constraint(
        "CHECK(weight BETWEEN 0 AND 1000)", "The weight must be between 0 and 1,000."
    )

    @api.depends("label")
    def _compute_display_name(self):
        for item in self:
            item.display_name = item.label

    @api.model
    def _search_display_name(self, operator, value):
        """Find items by the labels people see."""
        if operator != "ilike":
            return super()._search_display_name(operator, value)
        found = self.search(Domain.TRUE).filtered(
            lambda item: (value or "").lower() in item.label.lower()
        )
        return [("id", "in", found.ids)]

    @api.constrains("field_name", "company_id", "persona_id", "active")
    def _check_single(self):
        for item in self.filtered("active"):
            scope = [
                ("company_id", "=", item.company_id.id),
                ("persona_id", "=", item.persona_id.id),
                ("id", "!=", item.id),
            ]
            information = item._get_information()
            if not any(information):
                raise ValidationError(self.env._("Choose a field or a question."))
            if information in [o._get_information() for o in self.search(scope)]:
                raise ValidationError(
                    self.env._(
                        "“%s” is already in the list. Change its weight there.",
                        item.label,
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        self._items_changed()
        return items

    def write(self, vals):
        result = super().write(vals)
        if set(vals) != {"sequence"}:
            self._items_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self._items_changed()
        return result

    def _items_changed(self):
        self.env["crm.lead"]._derived_mark_all("lead.profile")

    # ------------------------------------------------------------
    # Engine
    # ------------------------------------------------------------

    @api.model
    @ormcache("self.env.lang")
    def _get_items(self):
        """Return the active items in order, as ``ItemData``."""
        # sudo: cached for everybody
        items = self.sudo().with_context(active_test=True).search(Domain.TRUE)
        return tuple(
            ItemData(
                item.id,
                item._get_information(),
                item.label,
                item.weight,
                item.company_id.id,
                item.persona_id.id,
            )
            for item in items
        )
