from lxml import etree

from odoo import api, models

from .lead_qualifier import DATE, NUMBER, OPTION_KINDS, TEXT_SUFFIX

# How a list shows the answers of each kind.
LIST_WIDGETS = {
    "selection": {"widget": "badge"},
    "many2many": {"widget": "many2many_tags"},
    "float": {"widget": "lead_qualifier_number"},
}


class CrmLead(models.Model):
    """The questions in lists and searches of leads."""

    _inherit = "crm.lead"

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, tuple(self.env.companies.ids))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Offer the questions as columns of lists, and in searches."""
        arch, view = super()._get_view(view_id, view_type, **options)
        extend = {"list": self._add_list_columns, "search": self._add_search_items}
        if view_type in extend:
            visible = [
                data
                for column, data in self.env["lead.qualifier"]._get_by_column().items()
                if data.active
                and column in self._fields
                and self.env["lead.qualifier"]._is_visible(data)
            ]
            extend[view_type](arch, visible)
        return arch, view

    @api.model
    def _add_list_columns(self, arch, questions):
        """Add the columns behind the temperature, or at the end."""
        nodes = []
        for data in questions:
            attributes = {
                "name": data.column,
                "optional": "hide",
                **LIST_WIDGETS.get(self._fields[data.column].type, {}),
            }
            if data.kind == NUMBER:
                text = f"{data.column}{TEXT_SUFFIX}"
                nodes.append(etree.Element("field", name=text, column_invisible="1"))
                attributes["options"] = str({"text": text})
            nodes.append(etree.Element("field", attributes))
        self._insert_behind(arch, arch.find("field[@name='score_temperature']"), nodes)

    @api.model
    def _add_search_items(self, arch, questions):
        """Add what can be typed behind the other fields, and groups behind ours."""
        fields_ = [
            etree.Element("field", name=data.column)
            for data in questions
            if data.kind not in (NUMBER, DATE)
        ]
        self._insert_behind(arch, (arch.findall("field") or [None])[-1], fields_)
        product = arch.find("group/filter[@name='product']")
        if product is not None:
            groups = [
                etree.Element(
                    "filter",
                    name=f"group_{data.column}",
                    string=data.name,
                    context=str({"group_by": data.column}),
                )
                for data in questions
                if data.kind in OPTION_KINDS
            ]
            self._insert_behind(product.getparent(), product, groups)

    @api.model
    def _insert_behind(self, parent, node, new):
        position = len(parent) if node is None else parent.index(node) + 1
        parent[position:position] = new
