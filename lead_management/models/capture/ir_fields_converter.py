from odoo import models

from ..base.context import IMPORT


class IrFieldsConverter(models.AbstractModel):
    """Names in a file of leads (stages, products, tags) are looked up once each.

    The same few names stand in every row, and looking them up row by row takes most
    of the time of an import.
    """

    _inherit = "ir.fields.converter"

    def db_id_for(self, model, field, subfield, value, savepoint):
        batch = IMPORT.get(self.env)
        if batch is None or subfield is not None:
            return super().db_id_for(model, field, subfield, value, savepoint)
        key = (model._name, field.name, value)
        if key not in batch.names:
            try:
                batch.names[key] = super().db_id_for(
                    model, field, subfield, value, savepoint
                )
            except ValueError:
                # what was created from a name so far may be rolled back
                batch.names.clear()
                raise
        record_id, warnings = batch.names[key]
        return record_id, list(warnings)
