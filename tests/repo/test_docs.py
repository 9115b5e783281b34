"""The documentation is whole: its tables have heads, and its links lead somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
APPS = ROOT / "lead_management" / "static" / "description" / "index.html"
PICTURE = re.compile(r'<img src="([^"]+)"')
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
RULE = re.compile(r"\s*\|[\s:|-]+$")


def _get_lines(page):
    """Return the lines outside of blocks of code, with their numbers."""
    lines, is_code = [], False
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if line.lstrip().startswith("```"):
            is_code = not is_code
        elif not is_code:
            lines.append((number, line))
    assert not is_code, f"{page}: a block of code has no end"
    return lines


def _get_broken(lines):
    """Return the numbers of lines at which a heading or a table is broken."""
    before, after = [(0, ""), *lines[:-1]], [*lines[1:], (0, "")]
    for (__, last), (number, line), (__, following) in zip(
        before, lines, after, strict=True
    ):
        is_row = line.lstrip().startswith("|")
        starts_table = is_row and not last.lstrip().startswith("|")
        if line.startswith("#") and last.strip():
            yield number
        elif starts_table and (last.strip() or not RULE.match(following)):
            yield number


def test_a_broken_page_is_found():
    lines = ["text", "## Heading", "", "| a |", "| - |", "", "| row |", "| row |"]
    assert [*_get_broken([*enumerate(lines, 1)])] == [2, 7]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_are_whole(page):
    assert not [*_get_broken(_get_lines(page))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    text = "\n".join(line for __, line in _get_lines(page))
    local = {link for link in LINK.findall(text) if "://" not in link}
    assert not {link for link in local if not (page.parent / link).exists()}


def test_pictures_of_the_description_are_there():
    pictures = PICTURE.findall(APPS.read_text())
    assert pictures
    assert not [name for name in pictures if not (APPS.parent / name).exists()]
