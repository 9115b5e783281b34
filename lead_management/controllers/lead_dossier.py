"""The dossier of a lead as a file, for whoever may read the lead."""

import io
import json

import xlsxwriter

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request


class LeadDossier(http.Controller):
    """Downloads; each asks for the rights of the user again."""

    @http.route(
        "/lead/dossier/<int:lead_id>/<string:kind>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def download(self, lead_id, kind):
        """Return the dossier as a file; who may not read the lead learns nothing.

        :param kind: ``json`` or ``xlsx``
        """
        writers = {"json": self._write_json, "xlsx": self._write_xlsx}
        if kind not in writers:
            return request.not_found()
        lead = request.env["crm.lead"].browse(lead_id)
        try:
            content, content_type = writers[kind](lead)
        except (AccessError, MissingError):
            return request.not_found()
        name = f"{request.env._('Dossier')} - {lead.name}.{kind}"
        headers = [
            ("Content-Type", content_type),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(content, headers)

    def _write_json(self, lead):
        dossier = lead._get_dossier()
        for name in ("head", "turning_points"):
            dossier[name] = dict(dossier[name])
        text = json.dumps({"lead": lead.name, **dossier}, ensure_ascii=False, indent=2)
        return text.encode(), "application/json; charset=utf-8"

    def _write_xlsx(self, lead):
        env = request.env
        dossier = lead._get_dossier()
        buffer = io.BytesIO()
        # texts stay texts, whatever they begin with
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(buffer, options) as book:
            bold = book.add_format({"bold": True})
            sheet = book.add_worksheet(env._("Summary"))
            sheet.set_column(0, 0, 24)
            sheet.set_column(1, 1, 90)
            rows = [
                (env._("Lead"), lead.name),
                *dossier["head"],
                *((str(n), text) for n, text in enumerate(dossier["story"], 1)),
                *dossier["turning_points"],
                *_get_checked_rows(dossier),
                *((env._("Left out"), text) for text in dossier["left_out"]),
            ]
            for number, (label, text) in enumerate(rows):
                sheet.write_string(number, 0, label, bold)
                sheet.write_string(number, 1, text)
            self._write_table(
                book.add_worksheet(env._("Timeline")),
                bold,
                (
                    env._("Date, time"),
                    env._("Kind"),
                    env._("What happened"),
                    env._("By"),
                ),
                [
                    [r["moment"], r["kind"], r["text"], r["who"]]
                    for r in dossier["rows"]
                ],
            )
            self._write_table(
                book.add_worksheet(env._("Documents")),
                bold,
                (env._("Name"), env._("Size"), env._("Date"), env._("SHA-1")),
                [
                    [d["name"], d["size"], d["date"], d["checksum"]]
                    for d in dossier["documents"]
                ],
            )
        return (
            buffer.getvalue(),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )

    def _write_table(self, sheet, bold, titles, rows):
        for number, title in enumerate(titles):
            sheet.write_string(0, number, title, bold)
            sheet.set_column(number, number, 60 if number == 2 else 22)
        for line, row in enumerate(rows, 1):
            for number, text in enumerate(row):
                sheet.write_string(line, number, text or "")


def _get_checked_rows(dossier):
    """Yield what was verified, and how each credit band came about."""
    for label, *texts in dossier["verified"]:
        yield label, ", ".join(texts)
    for title, parts in dossier["credit"]:
        yield title, ""
        for __, lines in parts:
            yield from lines
