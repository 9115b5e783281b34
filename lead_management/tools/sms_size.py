"""How many parts a text message takes, without a database.

>>> sms_size("Hello")
SmsSize(encoding='GSM-7', length=5, parts=1, left=155, odd='')
>>> sms_size("Zażółć")
SmsSize(encoding='UCS-2', length=6, parts=1, left=64, odd='żółć')
>>> [sms_size("a" * length).parts for length in (0, 160, 161, 306, 307)]
[0, 1, 2, 2, 3]
>>> [sms_size("ż" * length).parts for length in (70, 71, 134, 135)]
[1, 2, 2, 3]
"""

from collections import namedtuple

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each takes two places: an escape comes first.
EXTENDED = frozenset("\f^{}\\[~]|€")
GSM_7, UCS_2 = "GSM-7", "UCS-2"
# Places in a message that stands alone, and in each part of a longer one.
PLACES = {GSM_7: (160, 153), UCS_2: (70, 67)}

SmsSize = namedtuple("SmsSize", "encoding length parts left odd")


def sms_size(text):
    """Return how a text goes over the air.

    :return: the encoding, the places taken, the number of parts, the places left in
      the last one, and the characters that force the shorter encoding

    A character is never torn between two parts, so that a part may end early:

    >>> sms_size("a" * 152 + "€" + "a" * 152)
    SmsSize(encoding='GSM-7', length=306, parts=3, left=152, odd='')
    >>> sms_size("😀" * 36)
    SmsSize(encoding='UCS-2', length=72, parts=2, left=61, odd='😀')
    >>> sms_size("😀" * 35).parts, sms_size("😀" * 66).parts, sms_size("😀" * 67).parts
    (1, 2, 3)
    """
    odd = "".join(dict.fromkeys(char for char in text if _is_odd(char)))
    encoding, width = (UCS_2, _utf16_width) if odd else (GSM_7, _gsm_width)
    widths = [width(char) for char in text]
    length = sum(widths)
    alone, each = PLACES[encoding]
    if length <= alone:
        return SmsSize(encoding, length, int(bool(text)), alone - length, odd)
    parts, taken = 1, 0
    for places in widths:
        if taken + places > each:
            parts, taken = parts + 1, 0
        taken += places
    return SmsSize(encoding, length, parts, each - taken, odd)


def _is_odd(char):
    return char not in BASIC and char not in EXTENDED


def _gsm_width(char):
    return 2 if char in EXTENDED else 1


def _utf16_width(char):
    return 2 if ord(char) > 0xFFFF else 1
