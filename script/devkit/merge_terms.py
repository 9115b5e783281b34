"""Merge exported terms into the translation files of an addon.

Started with the Python that has polib:

    merge_terms.py EXPORTED.pot FOLDER

The folder gets ``EXPORTED.pot``, and each ``.po`` file in it exactly these terms.
Nothing in the files tells when that was, so that they change with the terms only.
"""

import sys
from pathlib import Path

import polib

DATES = ("POT-Creation-Date", "PO-Revision-Date")


def merge(exported, folder):
    """Write all files of the folder; return a line about each of them."""
    template = polib.pofile(str(exported))
    template.metadata = _undated(template.metadata)
    folder.mkdir(exist_ok=True)
    _write(template, folder / exported.name)
    lines = [f"{exported.name}: {len(template)} terms"]
    for path in sorted(folder.glob("*.po")):
        added, dropped = merge_language(template, path)
        lines.append(f"{path.name}: {added} new to translate, {dropped} dropped")
    return lines


def merge_language(template, path):
    """Give one file the terms of the template; return how many came and went."""
    known = polib.pofile(str(path))
    translations = {entry.msgid: entry for entry in known if not entry.obsolete}
    merged = polib.POFile()
    merged.header = template.header
    merged.metadata = _undated({**known.metadata, "Language": path.stem})
    for term in template:
        merged.append(_translated(term, translations.get(term.msgid)))
    _write(merged, path)
    terms = {term.msgid for term in template}
    return len(terms - set(translations)), len(set(translations) - terms)


def _translated(term, known):
    """The entry of a term, with the translation that is known."""
    return polib.POEntry(
        msgid=term.msgid,
        msgstr=known.msgstr if known else "",
        comment=term.comment,
        tcomment=known.tcomment if known else "",
        occurrences=term.occurrences,
        flags=known.flags if known else [],
    )


def _undated(metadata):
    return {name: value for name, value in metadata.items() if name not in DATES}


def _write(file, path):
    path.write_text(str(file), encoding="utf-8")


if __name__ == "__main__":
    for line in merge(Path(sys.argv[1]), Path(sys.argv[2])):
        print(f"  {line}", flush=True)
