import hashlib

from odoo import api, fields, models


class LeadCaptureEntry(models.Model):
    """Files that came along: they wait with the submission, and go to its lead."""

    _inherit = "lead.capture.entry"

    file_ids = fields.Many2many(
        "ir.attachment", string="Files", compute="_compute_file_ids"
    )

    def _compute_file_ids(self):
        files = self._get_files().grouped("res_id")
        for entry in self:
            entry.file_ids = files.get(entry.id, False)

    def _get_files(self):
        """Return the files that wait with these submissions."""
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        # sudo: whoever may read a submission may read its files
        return self.env["ir.attachment"].sudo().search(domain, order="id")

    @api.model
    def _describe_files(self, files):
        """Return what the payload says of files: enough to know them again.

        :param files: list of :class:`Upload`
        """
        return [
            {
                "name": file.name,
                "type": file.mimetype,
                "size": len(file.content),
                "checksum": hashlib.sha256(file.content).hexdigest(),
            }
            for file in files
        ]

    def _save_files(self, files):
        """Keep the files of a submission that was just stored, in its transaction.

        :param files: list of :class:`Upload`, checked by their content
        """
        self.env["ir.attachment"].create(
            [
                {
                    "name": file.name,
                    "raw": file.content,
                    "mimetype": file.mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for file in files
            ]
        )

    def _hand_over_files(self, lead):
        """Let the files belong to the lead that the submission became."""
        if self._get_facts("files"):
            self._get_files().write({"res_model": lead._name, "res_id": lead.id})

    def _erase(self, code="erased"):
        self._get_files().unlink()
        return super()._erase(code)

    def unlink(self):
        self._get_files().unlink()
        return super().unlink()
