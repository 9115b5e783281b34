import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError

from ....tools.lead_file import read_lead_file
from ...base.client_actions import notice
from ..source.lead_capture_source import MANAGER
from .lead_capture_entry_store import Call, TooMany

# So many rows are kept together.
STEP = 500


class LeadCaptureFile(models.TransientModel):
    """The question for a file of leads, downloaded at a platform: what no webhook told.

    What came by the webhook is known by its number, and nothing is kept twice.
    """

    _name = "lead.capture.file"
    _description = "Downloaded Leads"

    source_id = fields.Many2one(
        "lead.capture.source", required=True, ondelete="cascade", readonly=True
    )
    content = fields.Binary(string="File", required=True, attachment=False)
    filename = fields.Char()

    def action_read(self):
        """Keep the rows of the file as submissions, and tell how many are new."""
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise UserError(self.env._("Ask a sales manager to read the file."))
        self.source_id.check_access("write")
        items = self._read_items()
        # sudo: nobody writes entries by hand; who may is checked above
        source = self.source_id.sudo()
        entries = source.env["lead.capture.entry"]
        before = entries.search_count([("source_id", "=", source.id)])
        try:
            for start in range(0, len(items), STEP):
                entries._store(source, items[start : start + STEP], Call())
        except TooMany as error:
            raise UserError(
                self.env._(
                    "“%s” takes no more within this hour. Try again later: nothing is "
                    "kept twice.",
                    source.name,
                )
            ) from error
        new = entries.search_count([("source_id", "=", source.id)]) - before
        return notice(
            self.env._(
                "Leads in the file: %(count)s, new: %(new)s",
                count=len(items),
                new=new,
            ),
            next={"type": "ir.actions.act_window_close"},
        )

    def _read_items(self):
        """Return the items of the file.

        :raise UserError: when it is none of the platform
        """
        try:
            rows = read_lead_file(base64.b64decode(self.content or b""))
        except (ValueError, binascii.Error) as error:
            raise UserError(
                self.env._("The file cannot be read. Choose a CSV file of up to 10 MB.")
            ) from error
        items = [
            item
            for row in rows
            if (item := self.source_id._get_door().read_row(row)) is not None
        ]
        if not items:
            raise UserError(
                self.env._(
                    "No row has a lead ID. Download the leads with all columns, and "
                    "choose that file."
                )
            )
        return items
