from odoo import models

from .lead_qualifier import COLUMN_PREFIX, COLUMN_TYPES, MULTIPLE, TEXT, TEXT_SUFFIX


class LeadQualifier(models.Model):
    """The columns of a lead in which the answers to a question are read."""

    _inherit = "lead.qualifier"

    def _get_columns(self):
        """Return the ``ir.model.fields`` of these questions on a lead."""
        names = [
            f"{COLUMN_PREFIX}{key}{suffix}"
            for key in self.mapped("key")
            for suffix in ("", TEXT_SUFFIX)
        ]
        # sudo: whoever may write questions need not be an administrator
        return (
            self.env["ir.model.fields"]
            .sudo()
            .search([("model", "=", "crm.lead"), ("name", "in", names)])
        )

    def _create_columns(self):
        """Give the questions in service a column on the lead."""
        wanted = self.filtered(lambda q: q.active and q.kind in COLUMN_TYPES)
        known = set(wanted._get_columns().mapped("name"))
        vals_list = [
            vals
            for qualifier in wanted
            for vals in qualifier._prepare_columns()
            if vals["name"] not in known
        ]
        if vals_list:
            # sudo: as for reading them
            self.env["ir.model.fields"].sudo().create(vals_list)

    def _prepare_columns(self):
        """Return the values of the columns: the answer, and what templates print."""
        lead_model = self.env["ir.model"]._get_id("crm.lead")
        name = f"{COLUMN_PREFIX}{self.key}"
        common = {"model_id": lead_model, "state": "manual", "store": False}
        columns = [
            {
                **common,
                "name": name,
                "field_description": name,
                "ttype": COLUMN_TYPES[self.kind],
                "copied": False,
            }
        ]
        if self.kind == MULTIPLE:
            columns[0].update(
                relation="lead.qualifier.option",
                domain=str([("qualifier_id", "=", self.id)]),
            )
        if self.kind != TEXT:
            columns.append(
                {
                    **common,
                    "name": f"{name}{TEXT_SUFFIX}",
                    "field_description": f"{name}{TEXT_SUFFIX}",
                    "ttype": "char",
                    "readonly": True,
                }
            )
        return columns
