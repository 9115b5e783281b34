"""The report as a file."""

import io
import json

import xlsxwriter

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What no name of a sheet may contain, and how long it may be.
FORBIDDEN, LONGEST = str.maketrans(dict.fromkeys("[]:*?/\\'", " ")), 31


class LeadInsights(http.Controller):
    """Downloads; each asks for the rights of the user again."""

    @http.route(
        "/lead/insights/xlsx", type="http", auth="user", methods=["GET"], readonly=True
    )
    def download(self, options="{}"):
        """Return all tables of the report; who works with no leads learns nothing.

        :param options: those of the page, as JSON
        """
        try:
            report = request.env["lead.insight"].get_report(json.loads(options))
        except (AccessError, UserError, ValueError, RecursionError):
            return request.not_found()
        name = f"{request.env._('Insights')} - {report['period']['label']}.xlsx"
        return request.make_response(
            self._write(report),
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    def _write(self, report):
        env, buffer = request.env, io.BytesIO()
        # texts stay texts, whatever they begin with
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(buffer, options) as book:
            bold = book.add_format({"bold": True})
            sections = report["sections"]
            self._write_tiles(book.add_worksheet(env._("Key Figures")), bold, report)
            for number, section in enumerate(sections.values(), 1):
                if not section.get("table"):
                    continue
                title = f"{number} {section['title']}".translate(FORBIDDEN)
                sheet = book.add_worksheet(title[:LONGEST])
                sheet.write_string(0, 0, section["title"], bold)
                sheet.write_string(1, 0, section["help"])
                self._write_rows(sheet, 3, [section["table"]["columns"]], bold)
                self._write_rows(sheet, 4, section["table"]["rows"])
                sheet.set_column(0, 0, 30)
                sheet.set_column(1, len(section["table"]["columns"]), 16)
        return buffer.getvalue()

    def _write_tiles(self, sheet, bold, report):
        env = request.env
        rows = [
            [report["company"], report["scope"]],
            [env._("Period"), report["period"]["label"]],
            [env._("Compared with"), report["before"]["label"]],
            [],
        ]
        for tile in report["sections"]["tiles"]["tiles"]:
            number = tile["number"]
            rows.append(
                [tile["title"], number, tile["before"] or "", tile["verdict_text"]]
            )
        self._write_rows(sheet, 0, rows)
        sheet.set_column(0, 3, 30)

    def _write_rows(self, sheet, first, rows, style=None):
        for line, row in enumerate(rows, first):
            for place, cell in enumerate(row):
                is_number = isinstance(cell, dict)
                value = cell["value"] if is_number else cell
                # durations and rates are read as they are written
                if is_number and value == cell["count"]:
                    sheet.write_number(line, place, value, style)
                else:
                    text = cell["text"] if is_number else str(cell)
                    sheet.write_string(line, place, text, style)
