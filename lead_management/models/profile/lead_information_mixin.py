from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# What is asked, detached from the ORM; rooms that know other pieces fill in the rest.
Information = namedtuple("Information", "field_name qualifier_id")

NUMBERS = ("integer", "float", "monetary")
# Types of fields nobody fills in.
NOT_FILLED_IN = ("one2many", "json", "binary", "properties", "reference")


class LeadInformationMixin(models.AbstractModel):
    """A piece of information about a lead: a field that somebody fills in.

    Rooms that know other pieces than fields add them here.
    """

    _name = "lead.information.mixin"
    _description = "Lead Information"

    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for the leads of every company."
    )
    field_name = fields.Char(
        string="Field", help="Field of the lead that must be filled in."
    )
    label = fields.Char(string="Information", compute="_compute_label")

    @api.depends("field_name")
    @api.depends_context("lang")
    def _compute_label(self):
        for item in self:
            item.label = item._get_label()

    def _get_label(self):
        """Return the name of this information in the language of the reader."""
        labels = self.env["ir.model.fields"].get_field_string("crm.lead")
        return labels.get(self.field_name) or self.field_name or ""

    @api.constrains("field_name")
    def _check_field_name(self):
        CrmLead = self.env["crm.lead"].with_user(self.env.uid)
        for item in self.filtered("field_name"):
            field = CrmLead._fields.get(item.field_name)
            if (
                not field
                or not field._description_searchable
                or field.type in NOT_FILLED_IN
                or not CrmLead._has_field_access(field, "write")
                or (field.readonly and not field.inverse)
                or item.field_name not in CrmLead.fields_get([item.field_name], [])
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” is not a field that can be filled in on a lead. Choose "
                        "another one.",
                        item.field_name,
                    )
                )

    def _get_information(self):
        """Return what is asked, as :class:`Information`."""
        self.ensure_one()
        return Information(self.field_name, None)

    @api.model
    def _get_known_domain(self, information):
        """Return the leads of which something is known.

        :param information: :class:`Information`, or anything else with its attributes
        :raise ValueError: when the field is gone
        """
        fname = information.field_name
        field = self.env["crm.lead"]._fields.get(fname)
        if not field:
            raise ValueError(fname)
        if field.type in NUMBERS:
            return Domain(fname, ">", 0)
        return Domain(fname, "!=", False)
