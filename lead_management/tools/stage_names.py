"""What a stage means, by its name, its won flag and its place."""

import re
import unicodedata

from .stage_words import WHOLE_NAMES, WORDS

# Where phrases of several types occur and are equally long, the first type is meant:
# "Lost" is never anything else, while a "contact" is part of many names.
PRIORITY = (
    "unqualified",
    "inactive",
    "customer",
    "negotiation",
    "qualified",
    "nurturing",
    "contacted",
    "open",
)
WON_TYPES = ("customer", "inactive")
WHOLE = 10  # longer than any phrase


def _compile(text, whole=False):
    """Return pairs of a pattern and its number of words."""
    patterns = []
    for phrase in text.split(","):
        words = phrase.split()
        body = " ".join(
            re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word)
            for word in words
        )
        pattern = f"^{body}$" if whole else rf"\b{body}\b"
        patterns.append((re.compile(pattern), WHOLE if whole else len(words)))
    return patterns


PATTERNS = {
    stage_type: _compile(WORDS[stage_type])
    + (_compile(WHOLE_NAMES[stage_type], True) if stage_type in WHOLE_NAMES else [])
    for stage_type in PRIORITY
}


def plain(name):
    """Return a name without accents, capitals and signs.

    >>> plain("  Négociation / Łódź (2) ")
    'negociation lodz 2'
    """
    letters = unicodedata.normalize("NFKD", name.lower().replace("ł", "l"))
    letters = "".join(char for char in letters if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", letters))


def type_of_name(name, is_won=None):
    """Return the type of stage a name stands for, or None.

    :param is_won: whether it is known to be a won stage; None when it is not known

    >>> [type_of_name(n) for n in ("New", "SQL", "Proposal sent", "Signed", "Dormant")]
    ['open', 'qualified', 'negotiation', 'customer', 'inactive']
    >>> [type_of_name(n) for n in ("Interested", "Not interested", "Lost customers")]
    ['nurturing', 'unqualified', 'inactive']
    >>> [type_of_name(n) for n in ("Customer contacted", "Contract sent", "Zzz", "")]
    ['contacted', 'negotiation', None, None]
    >>> [type_of_name(n) for n in ("À relancer", "Descartado", "Niezakwalifikowane")]
    ['nurturing', 'unqualified', 'unqualified']
    >>> type_of_name("Lost deals", is_won=True)
    """
    words = plain(name)
    best, longest = None, 0
    for stage_type in PRIORITY:
        if is_won and stage_type not in WON_TYPES:
            continue
        for pattern, length in PATTERNS[stage_type]:
            if length > longest and pattern.search(words):
                best, longest = stage_type, length
    return best


def propose(stages):
    """Return for each stage a pair: the type proposed, or None, and why.

    The reasons: ``type`` (it has one), ``name``, ``won`` (the flag), ``place`` (it
    comes first, or right after a stage that is known), None.

    :param stages: list, in their order, of dicts with ``type``, ``is_won`` and
        ``names``, the name in all languages

    >>> def stage(*names, is_won=False, type=None):
    ...     return {"names": names, "is_won": is_won, "type": type}
    >>> for pair in propose([
    ...     stage("Alpha"),
    ...     stage("Gamma", "Qualifié"),
    ...     stage("Delta"),
    ...     stage("Party", is_won=True),
    ...     stage("Epsilon"),
    ...     stage("Zeta", type="unqualified"),
    ... ]):
    ...     print(*pair)
    open place
    qualified name
    qualified place
    customer won
    None None
    unqualified type
    """
    proposals = [_propose_by_name(**stage) for stage in stages]
    opened = any(stage_type == "open" for stage_type, __ in proposals)
    before = None
    for number, (stage_type, __) in enumerate(proposals):
        if stage_type is None:
            stage_type = before
            if not number and not opened:
                stage_type = "open"
            if stage_type in (None, *WON_TYPES, "unqualified"):
                continue
            proposals[number] = (stage_type, "place")
        before = stage_type
    return proposals


def _propose_by_name(names, is_won, type):  # noqa: A002 - the keys of a stage
    if type:
        return type, "type"
    for name in names:
        if found := type_of_name(name, is_won or None):
            return found, "name"
    return ("customer", "won") if is_won else (None, None)
