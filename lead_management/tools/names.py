"""How to address somebody, without a database."""

import re

# What stands before a name and is not one, in the languages we ship.
TITLES = frozenset(
    "mr mrs ms miss mx sir dr prof professor m mme mlle monsieur madame docteur me "
    "sr sra srta don doña dra señor señora pan pani inż mgr hr herr frau ing".split()
)
WORD = re.compile(r"[^\s,;/|()<>]+")


def first_name(name):
    """Return the first name of a person, or "" when there is none to be sure of.

    >>> first_name("Anna Kowalska"), first_name("Dr. Jean-Luc Picard")
    ('Anna', 'Jean-Luc')
    >>> first_name("Kowalska, Anna"), first_name("MARY SMITH")
    ('Anna', 'Mary')

    Initials, addresses and titles alone are no names to call somebody by:

    >>> first_name("J. Smith"), first_name("info@example.com"), first_name("Mrs")
    ('', '', '')
    >>> first_name("Mr Smith"), first_name(False)
    ('', '')
    """
    name = (name or "").strip()
    if "," in name:
        last, __, first = name.partition(",")
        name = f"{first} {last}"
    words = WORD.findall(name)
    given = [word for word in words if word.rstrip(".").lower() not in TITLES]
    if not given or (len(given) == 1 and len(words) > 1):
        return ""  # a title and one word: that is the last name
    first = given[0]
    if (
        len(first.rstrip(".")) < 2
        or not first.replace("-", "").replace("'", "").replace("’", "").isalpha()
    ):
        return ""
    return first.title() if first.isupper() or first.islower() else first
