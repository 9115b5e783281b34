"""Phone numbers as people read them, without database."""

from functools import lru_cache

from odoo.addons.phone_validation.tools import phone_validation


@lru_cache(10_000)
def show_phone(number):
    """Return a number in the international format, the one way they are written.

    :param number: with the code of its country; what is none stays as it is

    >>> show_phone("+32470123456"), show_phone("+15055550134")
    ('+32 470 12 34 56', '+1 505-555-0134')
    >>> show_phone("ext. 12"), show_phone(False)
    ('ext. 12', False)
    """
    if not number or not number.startswith("+"):
        return number or False
    return phone_validation.phone_format(
        number, None, None, force_format="INTERNATIONAL", raise_exception=False
    )
