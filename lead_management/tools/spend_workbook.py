"""The sheets of a workbook as rows of text, as a CSV file would have them."""

import io
import zipfile
from datetime import date, datetime

MARK = b"PK\x03\x04"
# What a workbook may hold when it is unpacked, and how wide a sheet may be.
UNPACKED = 200 * 2**20
MOST_COLUMNS = 200


class WorkbookError(Exception):
    """A workbook that cannot be read."""


def read_sheets(content, most_rows):
    """Return the sheets, the first one first: lists of rows of text.

    :param content: bytes of an XLSX file
    :param most_rows: rows of a sheet that are read at most
    :raise WorkbookError: for what is none, or holds too much
    """
    try:
        # Odoo reads workbooks with it where it is installed, and does without elsewhere
        from openpyxl import load_workbook  # noqa: PLC0415

        with zipfile.ZipFile(io.BytesIO(content)) as file:
            if sum(part.file_size for part in file.infolist()) > UNPACKED:
                raise WorkbookError
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return [_read_rows(sheet, most_rows) for sheet in book.worksheets]
    except WorkbookError:
        raise
    except Exception as error:
        # whatever is wrong in it: a file of somebody else's program
        raise WorkbookError from error


def _read_rows(sheet, most_rows):
    # what a sheet says of its size need not be true
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=most_rows, max_col=MOST_COLUMNS, values_only=True)
    return [[write_cell(value) for value in row] for row in rows]


def write_cell(value):
    """Return a cell as text that is read in one way only.

    >>> write_cell(datetime(2026, 3, 4)), write_cell(1234.5), write_cell(12)
    ('2026-03-04', '1234.5000', '12')
    >>> write_cell(None), write_cell(" Fair "), write_cell(1234.567)
    ('', ' Fair ', '1234.5670')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        # three digits after a point may be thousands
        return f"{value:.4f}"
    return str(value)
