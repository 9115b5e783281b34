"""Reports about ad spend, as platforms export them: read whole, or refused.

Nothing is guessed: a file with two currencies, or with days that may be read either
way, is refused with a code and what it is about.
"""

import csv
import io
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from .spend_cells import (
    BOTH,
    DAY_FIRST,
    MONTH_FIRST,
    find_day_order,
    find_decimal,
    read_amount,
    read_count,
    read_day,
)
from .spend_names import (
    AMOUNT,
    CLICKS,
    CURRENCY,
    DAY,
    FOLDED_ENGLISH,
    KEY,
    LINKEDIN,
    NAME,
    SHOWN,
    UNTIL,
    find_columns,
    fold,
    get_inside,
    is_total,
)
from .spend_workbook import MARK, WorkbookError, read_sheets

LARGEST = 20 * 2**20
MOST_ROWS = 100_000
# The columns are named in one of the first lines.
PREAMBLE = 30
DELIMITERS = "\t;,"
# How long the days of a row are, by what its column is called.
DAYS = {fold(name) for name in ("Day", "Jour", "Día", "Tag", "Dzień")}
WEEKS = {fold(name) for name in ("Week", "Semaine", "Semana", "Woche", "Tydzień")}
MONTHS = {fold(name) for name in ("Month", "Mois", "Mes", "Monat", "Miesiąc")}


class SpendError(Exception):
    """Why a file is refused.

    :param code: what is wrong
    :param values: what it is about
    """

    def __init__(self, code, **values):
        super().__init__(code)
        self.code = code
        self.values = values


class SpendRow(NamedTuple):
    """What a campaign cost from one day to another."""

    day: date
    until: date
    name: str
    key: str
    amount: float
    currency: str
    shown: int
    clicks: int


class Spend(NamedTuple):
    """A file that was read.

    :param left_out: how many rows add others up
    """

    platform: str
    rows: list
    left_out: int


def read_spend(content, day_order=None):
    """Return what stands in a file.

    :param content: bytes
    :param day_order: ``DAY_FIRST`` or ``MONTH_FIRST``, where the file does not tell
    :return: :class:`Spend`
    :raise SpendError: for a file that cannot be read without guessing

    >>> spend = read_spend(b"date,campaign,amount,currency\\n2026-11-03,Fair,12.50,EUR")
    >>> spend.platform, spend.rows[0].amount, spend.rows[0].currency
    ('own', 12.5, 'EUR')
    """
    if len(content) > LARGEST:
        raise SpendError("large")
    tables = _read_workbook(content) if content[:4] == MARK else _read_texts(content)
    lines, platform, columns, names = _find_table(tables)
    return _Table(platform, columns, names, lines, day_order).read_rows()


def _decode(content):
    for mark, encoding in (
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"\xef\xbb\xbf", "utf-8-sig"),
    ):
        if content.startswith(mark):
            return _decode_as(content, encoding)
    if b"\0" in content[:2000]:
        # without a mark: every other byte of Latin letters is 0
        odd = content[1:2000:2].count(0) >= content[0:2000:2].count(0)
        return _decode_as(content, "utf-16-le" if odd else "utf-16-be")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _decode_as(content, encoding):
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise SpendError("no_text") from None


def _read_workbook(content):
    """Return the sheets of a workbook, each as rows of cells."""
    try:
        return read_sheets(content, MOST_ROWS + PREAMBLE + 1)
    except WorkbookError:
        raise SpendError("workbook") from None


def _read_texts(content):
    """Yield a text file as rows of cells, once for each way to divide its lines."""
    text = _decode(content)
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    for delimiter in DELIMITERS:
        yield csv.reader(io.StringIO(text), delimiter=delimiter)


def _find_table(tables):
    """Return the rows below the names, the platform, the columns and their names."""
    for table in tables:
        rows = iter(table)
        try:
            for cells in islice(rows, PREAMBLE):
                if len(cells) >= 3 and (found := find_columns(cells)):
                    lines = [row for row in rows if any(cell.strip() for cell in row)]
                    return lines, *found, cells
        except csv.Error:
            continue
    raise SpendError("no_columns")


class _Table:
    """The rows of a file, of which some things show only together."""

    def __init__(self, platform, columns, names, lines, day_order):
        if len(lines) > MOST_ROWS:
            raise SpendError("large")
        self.platform = platform
        self.columns = columns
        self.names = names
        if fold(names[columns[DAY]]) in DAYS:
            # broken down by day: what else is named is the period of the whole report
            columns.pop(UNTIL, None)
        self.is_english = fold(names[columns[DAY]]) in FOLDED_ENGLISH
        self.lines, self.left_out = self._split(lines)
        if not self.lines:
            raise SpendError("empty")
        self.day_order = self._get_day_order(day_order)
        self.decimal = self._get_decimal()

    def read_rows(self):
        rows = [self._read_row(cells) for cells in self.lines]
        currencies = sorted({row.currency for row in rows if row.currency})
        if len(currencies) > 1:
            raise SpendError("currencies", names=", ".join(currencies))
        if currencies and not all(row.currency for row in rows):
            raise SpendError("currency_missing", name=currencies[0])
        return Spend(self.platform, rows, self.left_out)

    def _get(self, cells, what):
        place = self.columns.get(what)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    def _split(self, lines):
        """Return the rows about campaigns, and how many add these up."""
        rows = [
            cells
            for cells in lines
            if not is_total(
                cells,
                self._get(cells, NAME),
                self._get(cells, DAY)[:1].isdigit(),
            )
        ]
        return rows, len(lines) - len(rows)

    def _get_day_order(self, wanted):
        texts = [
            self._get(cells, what) for cells in self.lines for what in (DAY, UNTIL)
        ]
        order = find_day_order([text for text in texts if text])
        if order is None and self.platform == LINKEDIN:
            order = MONTH_FIRST
        order = order or wanted
        if order not in (DAY_FIRST, MONTH_FIRST):
            raise SpendError("day_order", text=next(filter(None, texts)))
        return order

    def _get_decimal(self):
        texts = [self._get(cells, AMOUNT) for cells in self.lines]
        sign = find_decimal(texts)
        if sign == BOTH:
            raise SpendError("decimal", text=next(filter(None, texts)))
        if sign is None:
            # "1,234" alone: the language of the columns tells, own words do not
            if self.platform == "own":
                raise SpendError("decimal", text=next(filter(None, texts)))
            sign = "." if self.is_english else ","
        return sign

    def _read_row(self, cells):
        text, until = self._get(cells, DAY), self._get(cells, UNTIL)
        day = read_day(text, self.day_order)
        last = read_day(until, self.day_order) if until else self._get_last(day)
        if not day or not last or last < day:
            raise SpendError("day", text=f"{text} {until}".strip()[:60])
        amount_text = self._get(cells, AMOUNT)
        amount = read_amount(amount_text, self.decimal)
        if amount is None:
            raise SpendError("amount", text=amount_text[:60])
        currency = self._get(cells, CURRENCY).upper()
        return SpendRow(
            day=day,
            until=last,
            name=self._get(cells, NAME)[:200],
            key=self._get(cells, KEY)[:64],
            amount=amount,
            currency=currency or get_inside(self.names[self.columns[AMOUNT]]) or "",
            shown=read_count(self._get(cells, SHOWN)),
            clicks=read_count(self._get(cells, CLICKS)),
        )

    def _get_last(self, day):
        """Return the last day of a row with one date, by what its column is called."""
        called = fold(self.names[self.columns[DAY]])
        if not day:
            return None
        if called in WEEKS:
            return day + timedelta(days=6)
        if called in MONTHS:
            following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
            return following - timedelta(days=1)
        return day
