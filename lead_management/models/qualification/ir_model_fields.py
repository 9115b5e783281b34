from odoo import api, models

from .lead_qualifier import COLUMN_PREFIX, TEXT_SUFFIX


def _bound(method_name, column):
    """Return a function for the field of a column that calls a method of the lead."""

    def call(leads, *args):
        return getattr(leads, method_name)(column, *args)

    return call


class IrModelFields(models.Model):
    """The columns in which a lead shows its answers.

    They are custom fields like those of a spreadsheet view or an analytic plan, so that
    no restart is needed for a new question; what they do is here and in the lead.
    """

    _inherit = "ir.model.fields"

    def _instanciate_attrs(self, field_data):
        attrs = super()._instanciate_attrs(field_data)
        name = field_data["name"]
        if (
            not attrs
            or field_data["model"] != "crm.lead"
            or not name.startswith(COLUMN_PREFIX)
        ):
            return attrs
        # as all fields of ours (base/lead_internal_mixin.py)
        attrs["groups"] = "base.group_user"
        attrs.update(compute="_compute_qualifier_columns", compute_sudo=False)
        if name.endswith(TEXT_SUFFIX) and field_data["readonly"]:
            # printed by templates, of no use anywhere else
            attrs["exportable"] = False
            return attrs
        # written by create() and write() of the lead, hence no inverse
        attrs["search"] = _bound("_search_qualifier_column", name)
        if field_data["ttype"] == "selection":
            attrs["selection"] = _bound("_get_qualifier_selection", name)
        return attrs

    @api.model
    def get_field_string(self, model_name):
        labels = super().get_field_string(model_name)
        if model_name != "crm.lead":
            return labels
        Qualifier = self.env["lead.qualifier"]
        for column, data in Qualifier._get_by_column().items():
            text = f"{column}{TEXT_SUFFIX}"
            if Qualifier._is_visible(data):
                labels[column] = data.name
                labels[text] = self.env._("%s (as text)", data.name)
            else:
                labels.pop(column, None)
                labels.pop(text, None)
        return labels
