"""Shares as people write them: French and Spanish set the sign apart."""

from odoo.tools import formatLang, get_lang
from odoo.tools.misc import babel_locale_parse

SPACE = "\u00a0"


def format_percent(env, share, digits=0):
    """Return a share in percent as the user writes it."""
    value = formatLang(env, 100 * share, digits=digits)
    pattern = babel_locale_parse(get_lang(env).code).percent_formats[None].pattern
    is_apart = any(f"{space}%" in pattern for space in (SPACE, "\u202f"))
    return f"{value}{SPACE if is_apart else ''}%"
