from odoo import api, fields, models
from odoo.fields import Domain

ROW_MIXIN = "lead.row.mixin"
# What becomes of the rows of leads that are merged into another one.
MOVE, DROP, OWN = "move", "drop", "own"
# Columns that may hold what people wrote, or what is known of them.
TEXT_TYPES = ("char", "text", "html", "json", "properties", "binary")


class LeadRowMixin(models.AbstractModel):
    """A row that belongs to a lead, and shares its fate.

    Whoever may read the lead may read its rows, whatever the rules for leads are:
    companies, own leads, pools nobody looks into. It needs no record rule of its own,
    only rights on the model; a record rule it has applies as well. It is deleted with
    the lead, follows a merge, and its texts are emptied when the person is erased.
    """

    _name = "lead.row.mixin"
    _description = "Lead Record"
    _rec_name = "lead_id"
    # MOVE: rows go to the lead that stays. DROP: they go with the lead that is merged.
    # OWN: the room decides, in its step of the walk.
    _merge = MOVE
    # Texts that tell nothing of a person: codes, hashes, keys. All others are erased.
    _impersonal = ()

    lead_id = fields.Many2one(
        "crm.lead", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="lead_id.company_id")

    @api.model
    def _merge_get_values(self):
        """Return what else is written on rows that move to another lead."""
        return {}

    @api.model
    def _personal_fields(self):
        """Return all texts, as long as nobody says that they tell nothing."""
        return tuple(
            name
            for name, field in self._fields.items()
            if field.store and field.column_type and field.type in TEXT_TYPES
            if name not in self._impersonal
        )

    @api.model
    def _get_row_domain(self, operation):
        """Return which rows the user may have, as far as their leads go.

        Read are those of leads the user may read; written, created and deleted those
        of leads the user may write. The result is cached with the record rules of the
        model: it may depend on the user and the companies, and on nothing else.

        :param operation: ``read``, ``write``, ``create`` or ``unlink``
        :return: a ``Domain`` on the rows
        """
        operation = get_lead_operation(operation)
        if self.env.user.share or not self.env["crm.lead"].has_access(operation):
            return Domain.FALSE
        domain = self.env["ir.rule"]._compute_domain("crm.lead", operation)
        return Domain("lead_id", "any", domain)


def get_lead_operation(operation):
    """Return what somebody must be allowed to do with a lead to use its rows."""
    return "read" if operation == "read" else "write"


def is_row_model(model):
    """Return whether the rows of a model belong to leads."""
    return issubclass(type(model), model.pool[ROW_MIXIN])
