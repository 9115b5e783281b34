"""Days as people write them, in the order of their language."""

from babel.dates import format_skeleton

from odoo.tools import babel_locale_parse, get_lang


def format_day(env, day, skeleton):
    """Return a day as the language of the user has it: *Dec 1*, *1 déc.*

    :param day: a date, or a time of it where people are
    :param skeleton: what is said of it, as Unicode has it: ``MMMd``, ``yMMMEd``
    """
    locale = babel_locale_parse(get_lang(env).code)
    return format_skeleton(skeleton, day, locale=locale)
