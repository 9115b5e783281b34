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
            replacement = _similar_font(link, tree.parents[2] / "share" / "fonts")
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


def _similar_font(link, fonts):
    """Another font, so that no request for a missing one ends in an error."""
    if link.suffix not in (".ttf", ".otf"):
        return None
    beside = sorted(link.parent.glob("*.[ot]tf"))
    same_name = sorted(fonts.rglob(f"{link.stem}*.[ot]tf"))
    return next((path for path in (*same_name, *beside) if path.is_file()), None)
