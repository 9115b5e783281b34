from odoo import api, models

from ....tools.capture_values import digest, to_text
from ..door.door import Item
from ..door.manual import ImportDoor
from ..entry.lead_capture_entry import PARKED

# Of one file so many rows are kept: the file itself has them all.
MOST = 200


class CrmLead(models.Model):
    """Rows of a file that could not be imported wait in the inbox, with the reason."""

    _inherit = "crm.lead"

    @api.model
    def _import_save_failed(self, names, data, batch):
        """Keep the rows of a file that were set aside; a trial keeps none.

        :param names: of the columns
        :param data: rows of the part of the file
        :param batch: the :class:`ImportBatch`
        """
        failed = {}
        for message in batch.messages:
            if message["type"] == "error" and "rows" in message:
                failed.setdefault(message["rows"]["from"], message["message"])
        if not failed:
            return
        source = self.env["lead.capture.source"]._get_own(
            ImportDoor.name, self.env.company
        )
        for number, text in list(failed.items())[:MOST]:
            row = dict(zip(names, map(to_text, data[number]), strict=False))
            row = {name: value for name, value in row.items() if value}
            self.env["lead.capture.entry"]._store_inside(
                source,
                Item(digest("file", row), row),
                state=PARKED,
                person=(row.get("contact_name") or row.get("name") or "")[:100],
                outcome=[["row", {"text": text}]],
            )
