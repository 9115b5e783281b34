"""What callers from outside may pass to a method, said in one place.

A browser passes what our own dialogs send; RPC passes anything. What a method cannot
work with is refused with a sentence before it starts.
"""

import functools
import inspect

from odoo.exceptions import UserError

LARGEST_ID = 2**31 - 1
TEXT_LENGTH = 10_000


def an_id(value):
    """Return whether this can be the id of a record."""
    return type(value) is int and 0 < value <= LARGEST_ID


def a_text(value):
    """Return whether this is a text somebody may have typed."""
    return isinstance(value, str) and len(value) <= TEXT_LENGTH


def a_text_or_none(value):
    """Return whether this is such a text, or says that there is none."""
    return value is None or value is False or a_text(value)


def a_dict(value):
    """Return whether this is a dict of values by name, or of nothing."""
    if not isinstance(value, dict):
        return value is None or value is False
    return all(isinstance(key, (str, int)) for key in value)


def checked(**kinds):
    """Refuse a call whose arguments are none the method can work with.

    :param kinds: for the name of an argument, what says whether a value will do
    :raise UserError: at the call
    """

    def decorate(method):
        signature = inspect.signature(method)

        @functools.wraps(method)
        def call(self, *args, **kwargs):
            try:
                given = signature.bind(self, *args, **kwargs).arguments
            except TypeError as error:
                raise _refuse(self, method.__name__) from error
            for name, is_fitting in kinds.items():
                if name in given and not is_fitting(given[name]):
                    raise _refuse(self, name)
            return method(self, *args, **kwargs)

        return call

    return decorate


def _refuse(records, name):
    return UserError(
        records.env._(
            "“%s” cannot be used for this action. Reload the page and try again.",
            name,
        )
    )
