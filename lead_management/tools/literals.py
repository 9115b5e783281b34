"""Python literals as people store them: the domains of rules."""

from ast import literal_eval

RETRIES = 5


def parse_literal(text):
    """Return what a Python literal says.

    Python before 3.11.8 counts how deep a parser is in one number for all threads of a
    server: a parser that another one interrupts fails by chance, whatever it reads
    (`gh-106905 <https://github.com/python/cpython/issues/106905>`_). It reads again.

    :param text: the literal; nothing but spaces around it
    :raises ValueError, SyntaxError: when it is anything but a literal

    >>> parse_literal(" [('name', '=', 'Ann')] ")
    [('name', '=', 'Ann')]
    """
    for __ in range(RETRIES):
        try:
            return literal_eval(text.strip())
        except SystemError:
            continue
    return literal_eval(text.strip())
