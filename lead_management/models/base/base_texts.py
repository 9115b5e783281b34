from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools.texts import storable
from .lead_internal_mixin import MODULE

TEXT_TYPES = ("char", "text", "html")
# How long a text of ours may be that a person writes, by the type of the field. Nobody
# writes as much; whoever sends more fills chatters and logs. HTML may hold pictures.
LENGTHS = {"char": 10_000, "text": 100_000}
# A condition may name thousands of records.
LONG = {"domain"}


class Base(models.AbstractModel):
    """Texts of our models: nothing in them fails in the database, or floods it."""

    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._clean_texts_of(vals_list))

    def write(self, vals):
        if self._original_module == MODULE:
            vals = self._clean_texts(vals)
        return super().write(vals)

    @api.model
    def _clean_texts_of(self, vals_list):
        """Return values of new records, with texts that can be stored where ours."""
        if self._original_module != MODULE:
            return vals_list
        return [self._clean_texts(vals) for vals in vals_list]

    @api.model
    def _clean_texts(self, vals):
        """Return values whose texts can be stored.

        :raise ValidationError: when somebody writes one that is too long
        """
        cleaned = {}
        for fname, value in vals.items():
            field = self._fields.get(fname)
            if field and field.type in TEXT_TYPES and isinstance(value, str):
                # the same class: markup stays markup
                text = storable(value)
                value = value if text is value else type(value)(text)
                self._check_length(field, value)
            elif field and field.type == "json":
                value = storable(value)
            cleaned[fname] = value
        return cleaned

    @api.model
    def _check_length(self, field, text):
        if field.type not in LENGTHS or field._modules[:1] != (MODULE,):
            return
        longest = LENGTHS[field.type] * (10 if field.name in LONG else 1)
        # what programs put together (payloads, logs) is theirs to limit
        if len(text) > longest and not self.env.su:
            raise ValidationError(
                self.env._(
                    "“%(field)s” is too long. Shorten it to %(length)s characters.",
                    field=field._description_string(self.env),
                    length=longest,
                )
            )
