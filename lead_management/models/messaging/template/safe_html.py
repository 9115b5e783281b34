"""HTML of one person in the window of another."""

from odoo.tools import html_sanitize

# For fields that show it: no style takes it out of its place, no class of the program
# makes something else of it.
SHOWN = {"sanitize_style": True, "strip_classes": True}


def clean_html(html):
    """Return HTML that a person wrote as it is kept, sent and shown."""
    return html_sanitize(html or "", **SHOWN)
