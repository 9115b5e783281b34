import csv
import io
import json

from odoo import api, models
from odoo.fields import Domain

from ..door.manual import ImportDoor
from .lead_capture_entry import PARKED

# What a program for tables would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST = 10_000


class LeadCaptureEntry(models.Model):
    """Rows of files that failed: to be corrected, and imported again."""

    _inherit = "lead.capture.entry"

    @api.model
    def _get_rows_domain(self):
        """Return which rows of files wait for somebody."""
        sources = self.env["lead.capture.source"].with_context(active_test=False)
        imports = sources.search([("kind", "=", ImportDoor.name)])
        return Domain("source_id", "in", imports.ids) & Domain("state", "=", PARKED)

    @api.model
    def _write_failed_rows(self):
        """Return a file with the rows that failed, each with the reason, as bytes."""
        self._check_manager()
        entries = self.search(self._get_rows_domain(), limit=MOST, order="id")
        rows = [json.loads(entry.payload or "{}") for entry in entries]
        names = list(dict.fromkeys(name for row in rows for name in row))
        file = io.StringIO()
        writer = csv.writer(file)
        writer.writerow([*names, self.env._("Reason")])
        for entry, row in zip(entries, rows, strict=True):
            cells = [*(row.get(name, "") for name in names), entry.reason or ""]
            writer.writerow([_make_harmless(str(cell)) for cell in cells])
        # programs for tables know the encoding by this mark
        return file.getvalue().encode("utf-8-sig")


def _make_harmless(text):
    """Return a cell that is a text wherever it is opened; a number stays one.

    >>> _make_harmless("=1+1"), _make_harmless("+32 470"), _make_harmless("-5.5")
    ("'=1+1", '+32 470', '-5.5')
    """
    plain = text.lstrip("+-").replace(" ", "").replace(".", "")
    if text.startswith(FORMULA) and not plain.isdigit():
        return f"'{text}"
    return text
