"""Rows of files that could not be imported, as a file."""

from odoo.http import Controller, content_disposition, request, route


class LeadCaptureRows(Controller):
    """For sales managers, as the inbox itself."""

    @route("/lead/capture/rows", type="http", auth="user", methods=["GET"])
    def download(self, **__):
        entries = request.env["lead.capture.entry"]
        return request.make_response(
            entries._write_failed_rows(),
            headers=[
                ("Content-Type", "text/csv; charset=utf-8"),
                ("Content-Disposition", content_disposition("failed-rows.csv")),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )
