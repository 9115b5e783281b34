"""Repair the web assets of Odoo's Debian package.

Debian replaces bundled fonts and libraries by links into other packages. Not
all of these still have the file, and one library is left out altogether.
"""

import os
import shutil

from .progress import say

# Named in mail's backend bundle; without the file every page logs an error.
LEFT_OUT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def repair(tree, icon_fonts):
    """Make every link and every named library of the web client exist."""
    addons = tree / "odoo" / "addons"
    if not (addons / "web").is_dir():
        return  # a source checkout: web is in addons/, and nothing is missing
    left_out = addons / LEFT_OUT
    if not left_out.exists():
        left_out.parent.mkdir(parents=True, exist_ok=True)
        left_out.write_text("/* not shipped by Debian; used in video calls only */\n")
    for link in dangling(addons):
        replacement = icon_fonts / link.name
        if not replacement.is_file():
            replacement = _similar_font(link)
        if replacement is None:
            say(f"  Missing file, no replacement found: {link.relative_to(addons)}")
            continue
        link.unlink()
        shutil.copyfile(replacement, link)


def dangling(folder):
    """Links below a folder whose target is missing."""
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = type(folder)(place, name)
            if path.is_symlink() and not path.exists():
                yield path


def _similar_font(link):
    """Another font beside a missing one, so that no request ends in an error."""
    beside = (
        link.parent.glob(f"*{link.suffix}") if link.suffix in (".ttf", ".otf") else ()
    )
    return next((path for path in sorted(beside) if path.is_file()), None)
