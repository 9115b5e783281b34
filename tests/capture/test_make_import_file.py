"""The script that turns the public data set into a file for Odoo's import."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = {
    "accounts.csv": (
        "account,sector,year_established,revenue,employees,office_location,"
        "subsidiary_of\n"
        "Acme,technolgy,1996,1100.04,2822,Korea,\n"
        "Zeta,retail,2001,10,50,United States,\n"
    ),
    "products.csv": "product,series,sales_price\nGTX Pro,GTX,4821\nMG Special,MG,55\n",
    "sales_teams.csv": (
        "sales_agent,manager,regional_office\nAnna,Mia,Central\nBob,Mia,East\n"
    ),
    "sales_pipeline.csv": (
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,"
        "close_date,close_value\n"
        "A1,Anna,GTXPro,Acme,Won,10/20/2016,3/1/2017,4800\n"
        "A2,Anna,GTXPro,Acme,Won,10/20/2016,3/2/2017,4800\n"
        "B1,Bob,MG Special,Zeta,Lost,10/20/2016,3/3/2017,0\n"
        "B2,Bob,MG Special,,Prospecting,,,\n"
    ),
}


@pytest.fixture
def make(tmp_path):
    """Run the script on a small data set and return the rows it wrote."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def run(*options):
        output = tmp_path / "output.csv"
        script = ROOT / "script" / "make-import-file"
        subprocess.run(
            [sys.executable, script, tmp_path, output, *options],
            check=True,
            stdout=subprocess.PIPE,
        )
        with output.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return run


def test_values_are_cleaned(make):
    assert make()[0] == {
        "id": "lead_import.opportunity_A1",
        "name": "GTX Pro for Acme",
        "partner_name": "Acme",
        "industry_id": "IT/Communication",
        "employee_count": "2822",
        "annual_revenue": "1100040000",
        "country_id": "South Korea",
        "tag_ids": "Central",
        "product_ids": "GTX Pro",
        "expected_revenue": "4800",
        "date_deadline": "2017-03-01",
        "stage_id": "Customer",
        "type": "opportunity",
    }


def test_open_deal_without_account(make):
    row = make()[3]
    assert row["name"] == "MG Special (B2)"
    assert row["expected_revenue"] == "55"
    assert row["stage_id"] == "Open"
    assert row["partner_name"] == row["industry_id"] == row["date_deadline"] == ""


def test_extract_covers_all_stages(make):
    rows = make("--rows", "3")
    assert [row["id"][-2:] for row in rows] == ["A1", "B1", "B2"]
    assert rows == make("--rows", "3")


def test_committed_extract():
    """What the browser test imports: complete, and nothing twice."""
    path = ROOT / "tests" / "data" / "opportunities_200.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["id"] for row in rows}) == len(rows) == 200
    assert {row["stage_id"] for row in rows} == {
        "Open",
        "Contacted",
        "Customer",
        "Unqualified",
    }
    assert {row["tag_ids"] for row in rows} == {"Central", "East", "West"}
    assert len({row["product_ids"] for row in rows}) == 7
