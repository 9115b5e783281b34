"""Reports of ad platforms, read without a database."""

import io
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from odoo.addons.lead_management.tools import spend_workbook
from odoo.addons.lead_management.tools.spend_days import spread, until
from odoo.addons.lead_management.tools.spend_file import (
    DAY_FIRST,
    MONTH_FIRST,
    SpendError,
    read_spend,
)

from .reports import GOOGLE_EN, GOOGLE_PL, LINKEDIN_EN, META_ES, META_FR, OWN

NOV_1, NOV_2 = date(2026, 11, 1), date(2026, 11, 2)


@pytest.mark.parametrize(
    ("text", "encoding", "platform", "currency", "total", "count", "left_out"),
    [
        (GOOGLE_EN, "utf-8", "google", "EUR", 1035.75, 3, 2),
        (
            GOOGLE_EN.replace(",EUR,", ",USD,"),
            "utf-8-sig",
            "google",
            "USD",
            1035.75,
            3,
            2,
        ),
        (GOOGLE_PL, "utf-16", "google", "PLN", 1010.25, 1, 1),
        (META_FR, "utf-8", "meta", "EUR", 300.30, 2, 1),
        (META_FR, "cp1252", "meta", "EUR", 300.30, 2, 1),
        (META_ES, "utf-8", "meta", "EUR", 1101.0, 2, 0),
        (LINKEDIN_EN, "utf-16", "linkedin", "EUR", 1234.5, 2, 0),
        (LINKEDIN_EN, "utf-16-le", "linkedin", "EUR", 1234.5, 2, 0),
        (OWN, "utf-8", "own", "EUR", 12.5, 1, 0),
    ],
)
def test_files_are_read(text, encoding, platform, currency, total, count, left_out):
    spend = read_spend(text.encode(encoding))
    assert spend.platform == platform
    assert {row.currency for row in spend.rows} == {currency}
    assert round(sum(row.amount for row in spend.rows), 2) == total
    assert (len(spend.rows), spend.left_out) == (count, left_out)


def _save_workbook(*sheets):
    """Return the bytes of a workbook with these rows."""
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_workbooks_are_read():
    content = _save_workbook(
        [["Notes"], ["of", "our", "agency"]],
        [
            ["Campaign report"],
            ["1 November - 2 November"],
            ["Day", "Campaign", "Currency code", "Cost", "Clicks"],
            [datetime(2026, 11, 1), "Spring Fair", "EUR", 1010.25, 310],
            [date(2026, 11, 2), "Brand", "EUR", 12, 3],
            ["Total: Account", None, "EUR", 1022.25, 313],
        ],
    )
    spend = read_spend(content)
    assert (spend.platform, spend.left_out) == ("google", 1)
    assert [(row.day, row.name, row.amount, row.clicks) for row in spend.rows] == [
        (NOV_1, "Spring Fair", 1010.25, 310),
        (NOV_2, "Brand", 12.0, 3),
    ]
    # 1.234 in a cell is a number, and never a thousand
    own = [["date", "campaign", "amount"], [date(2026, 11, 3), "A", 1.234]]
    assert read_spend(_save_workbook(own)).rows[0].amount == 1.234


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 and nothing behind", "workbook"),
        (_save_workbook([["a", "b", "c"], [1, 2, 3]]), "no_columns"),
        (
            _save_workbook([["date", "campaign", "amount"], ["2026-11-03", "A", "1,5"],
                            ["2026-11-04", "A", 2.5]]),
            "decimal",
        ),
        (
            _save_workbook([["date", "campaign", "amount"], [45999, "A", 2.5]]),
            "day",
        ),
    ],
)  # fmt: skip
def test_workbooks_that_are_refused(content, code):
    with pytest.raises(SpendError) as error:
        read_spend(content)
    assert error.value.code == code


def test_a_workbook_that_swells_is_refused(monkeypatch):
    content = _save_workbook([["date", "campaign", "amount"]])
    monkeypatch.setattr(spend_workbook, "UNPACKED", 100)
    with pytest.raises(SpendError) as error:
        read_spend(content)
    assert error.value.code == "workbook"


def test_columns_mean_what_they_say():
    row = read_spend(GOOGLE_EN.encode()).rows[0]
    assert (row.day, row.until, row.name, row.key) == (
        NOV_1,
        NOV_1,
        "Spring Fair",
        "901",
    )
    assert (row.amount, row.shown, row.clicks) == (1010.25, 12400, 310)
    row = read_spend(META_FR.encode()).rows[1]
    assert (row.day, row.until, row.clicks) == (NOV_1, date(2026, 11, 10), 70)
    # broken down by day: the period of the report is not that of a row
    rows = read_spend(META_ES.encode()).rows
    assert [(row.day, row.until) for row in rows] == [(NOV_1, NOV_1), (NOV_2, NOV_2)]
    # months first, whatever the file shows
    assert read_spend(LINKEDIN_EN.encode()).rows[0].day == date(2026, 11, 3)


def test_weeks_and_months_are_as_long_as_they_are():
    text = GOOGLE_EN.replace("Day,", "Week,")
    assert read_spend(text.encode()).rows[0].until == date(2026, 11, 7)
    text = "Month,Campaign,Cost\n2026-02-01,Fair,28.00\n"
    assert read_spend(text.encode()).rows[0].until == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no_columns"),
        ("a,b,c\n1,2,3", "no_columns"),
        ("date,campaign,amount\n", "empty"),
        (OWN + "2026-11-03,B,1.00,USD", "currencies"),
        (OWN + "2026-11-03,B,1.00,", "currency_missing"),
        ("date,campaign,amount\n03/04/2026,A,1.00", "day_order"),
        ("date,campaign,amount\n2026-11-03,A,\"1,234\"", "decimal"),
        ("date,campaign,amount\n2026-02-30,A,1.00", "day"),
        ("date,campaign,amount\nyesterday,A,1.00", "day"),
        ("date,campaign,amount\n2026-11-03,A,much", "amount"),
        ("date,campaign,amount\n2026-11-03,A,1.00 - 2.00", "amount"),
        ("date from,date to,campaign,amount\n2026-11-03,2026-11-01,A,1.00", "day"),
    ],
)  # fmt: skip
def test_what_would_have_to_be_guessed_is_refused(text, code):
    with pytest.raises(SpendError) as error:
        read_spend(text.encode())
    assert error.value.code == code


def test_somebody_may_say_which_comes_first():
    content = b"date,campaign,amount\n03/04/2026,A,1.00"
    assert read_spend(content, DAY_FIRST).rows[0].day == date(2026, 4, 3)
    assert read_spend(content, MONTH_FIRST).rows[0].day == date(2026, 3, 4)


def test_a_campaign_may_be_called_as_a_total():
    text = OWN + "2026-11-04,Total comfort,3.00,EUR\n"
    assert read_spend(text.encode()).rows[1].name == "Total comfort"


@given(st.binary(max_size=400))
def test_whatever_comes_is_read_or_refused(content):
    for start in (b"", b"date,campaign,amount\n", b"\xff\xfe", b"Day;Campaign;Cost\n"):
        try:
            read_spend(start + content)
        except SpendError:
            pass


@given(st.integers(-(10**9), 10**9), st.integers(1, 400), st.data())
def test_days_add_up_to_the_cent(units, days, data):
    parts = spread(units, days)
    assert sum(parts) == units
    assert max(parts) - min(parts) <= 1
    low = data.draw(st.integers(0, days))
    assert sum(parts[:low]) == until(units, days, low)
