"""Merging of exported terms into translation files."""

import polib
import pytest

from devkit import merge_terms

HEADER = 'msgid ""\nmsgstr ""\n"{}"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
DATED = HEADER.format(r"POT-Creation-Date: 2026-01-01 00:00+0000\n")


def entry(term, translation=""):
    return (
        "\n#. module: lead_management\n#: model:crm.stage,name:lead_management.a\n"
        f'msgid "{term}"\nmsgstr "{translation}"\n'
    )


@pytest.fixture
def merge(tmp_path):
    """A function that merges terms into an es.po with the given entries."""

    def merged(terms, known):
        folder = tmp_path / "i18n"
        folder.mkdir(exist_ok=True)
        exported = tmp_path / "lead_management.pot"
        exported.write_text(DATED + "".join(map(entry, terms)))
        (folder / "es.po").write_text(known)
        lines = merge_terms.merge(exported, folder)
        return lines, folder

    return merged


def test_translations_are_kept_and_what_is_gone_is_dropped(merge):
    known = DATED + entry("One", "Uno") + entry("Gone", "Ido") + '\n#~ msgid "Old"\n'
    lines, folder = merge(["New", "One"], known + '#~ msgstr "Viejo"\n')
    file = polib.pofile(str(folder / "es.po"))
    assert [(term.msgid, term.msgstr) for term in file] == [("New", ""), ("One", "Uno")]
    assert not file.obsolete_entries()
    assert file.metadata["Language"] == "es"
    assert lines == [
        "lead_management.pot: 2 terms",
        "es.po: 1 new to translate, 1 dropped",
    ]


def test_nothing_changes_when_the_terms_have_not(merge):
    folder = merge(["One"], DATED + entry("One", "Uno"))[1]
    before = {path.name: path.read_text() for path in folder.iterdir()}
    assert not any("-Date" in text for text in before.values())
    merge(["One"], before["es.po"])
    assert {path.name: path.read_text() for path in folder.iterdir()} == before
