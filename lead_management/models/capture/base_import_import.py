from odoo import models

from odoo.addons.base_import.models.base_import import ImportValidationError

from ...tools.import_batch import ImportPart
from ..base.context import IMPORT_PART


class BaseImportImport(models.TransientModel):
    """The import screen, for leads: one bad cell does not stop the file.

    A number or a date that cannot be read is left as it is, so that the model reports
    it with its row. Rows are numbered as in the file, title row included.
    """

    _inherit = "base_import.import"

    def execute_import(self, fields, columns, options, dryrun=False):
        if self.res_model != "crm.lead":
            return super().execute_import(fields, columns, options, dryrun=dryrun)
        has_title = bool(options.get("has_headers"))
        first_row = (options.get("skip") or 0) + has_title + 1
        importing = IMPORT_PART.set(self, ImportPart(first_row))
        result = super(BaseImportImport, importing).execute_import(
            fields, columns, options, dryrun=dryrun
        )
        messages = result["messages"]
        for message in messages:
            if "rows" in message:
                self._shift_rows(message, first_row - 1)
        if has_title and "name" in result:
            result["name"] = ["", *result["name"]]
        if result.get("ids") is not False and any(
            "rows" in message and message["type"] == "error" for message in messages
        ):
            messages.insert(0, self._prepare_summary(dryrun))
        return result

    def _convert_import_data(self, fields, options):
        """Tell the model the external ids of the parts of the file sent before."""
        skip = options.get("skip")
        if self.res_model != "crm.lead" or not skip or "id" not in fields:
            return super()._convert_import_data(fields, options)
        data, import_fields = super()._convert_import_data(
            fields, {**options, "skip": 0}
        )
        ids_before = IMPORT_PART.get(self.env, ImportPart()).ids_before
        column = import_fields.index("id")
        first_row = bool(options.get("has_headers")) + 1
        for number, line in enumerate(data[:skip], first_row):
            ids_before.setdefault(line[column], number)
        return data[skip:], import_fields

    def _shift_rows(self, message, offset):
        """Count rows as the screen does: from 0 in ``rows``, as shown in ``record``."""
        rows = message["rows"]
        message["rows"] = {"from": rows["from"] + offset, "to": rows["to"] + offset}
        message["record"] = rows["from"] + offset + 1

    def _prepare_summary(self, dryrun):
        """Return the message above all others: what happened to the good rows."""
        if dryrun:
            text = self.env._(
                "The rows below cannot be imported, all others can. Correct them in "
                "the file and load it again, or import the others now."
            )
        else:
            text = self.env._(
                "All rows are imported except those below. Correct them in the file "
                "and import it again: what is imported is not imported twice."
            )
        return {"type": "warning", "message": text}

    def _parse_float_from_data(self, data, index, name, options):
        parse = super()._parse_float_from_data
        return self._parse_each(parse, data, index, name, options)

    def _parse_date_from_data(self, data, index, name, field_type, options):
        parse = super()._parse_date_from_data
        return self._parse_each(parse, data, index, name, field_type, options)

    def _parse_each(self, parse, data, index, *arguments):
        """Parse a column; for leads, cell by cell, leaving what cannot be read."""
        if self.res_model != "crm.lead":
            return parse(data, index, *arguments)
        for line in data:
            cell = line[index]
            try:
                parse([line], index, *arguments)
            except ImportValidationError:
                line[index] = cell
        return None
