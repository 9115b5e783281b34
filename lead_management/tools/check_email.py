"""Whether an email address is likely to be the one that was meant."""

from functools import lru_cache

from .strict_email import check_email, is_disposable
from .verdicts import DOUBTFUL, FORM, OK, PLAUSIBLE, WRONG, Verdict, squeeze

# Where most private addresses are. What is one slip away from one of them, and is none
# of them, was hardly meant; short ones are left out, since real ones are as close.
BIG = frozenset(
    """
    gmail.com googlemail.com yahoo.com hotmail.com outlook.com icloud.com
    protonmail.com proton.me fastmail.com zohomail.com comcast.net verizon.net
    sbcglobal.net bellsouth.net earthlink.net charter.net yahoo.fr yahoo.es yahoo.de
    yahoo.it yahoo.co.uk yahoo.co.in yahoo.com.br yahoo.co.jp yahoo.ca hotmail.fr
    hotmail.es hotmail.de hotmail.it hotmail.co.uk outlook.fr outlook.es outlook.de
    btinternet.com virginmedia.com t-online.de freenet.de laposte.net orange.fr
    wanadoo.fr bluewin.ch telenet.be skynet.be libero.it virgilio.it tiscali.it
    telefonica.net terra.com.br bol.com.br uol.com.br rambler.ru yandex.ru seznam.cz
    interia.pl onet.pl poczta.onet.pl telkomsa.net bigpond.com optusnet.com.au
    xtra.co.nz rogers.com sympatico.ca
    """.split()
)
# Real ones that are a slip away.
REAL = frozenset(
    """
    ymail.com rocketmail.com gmx.com hotmail.ca hotmail.be hotmail.nl hotmail.se
    hotmail.no hotmail.dk hotmail.ch hotmail.gr hotmail.com.br hotmail.com.ar
    outlook.be outlook.it outlook.at outlook.pt outlook.dk outlook.cl outlook.cz
    outlook.sa outlook.jp outlook.kr outlook.ie outlook.in outlook.hu outlook.lv
    yahoo.in yahoo.gr yahoo.se yahoo.no yahoo.dk yahoo.pl yahoo.ro yahoo.cz yahoo.at
    yahoo.be yahoo.ch yahoo.ie yahoo.nl yahoo.pt yahoo.cn yahoo.hu yahoo.cl
    yandex.com yandex.ua yandex.by yandex.kz gmail.de
    """.split()
)
ROLES = frozenset(
    """
    admin billing contact contacto contato hello help hr info kontakt mail marketing
    office postmaster sales service support team vente ventes ventas biuro webmaster
    """.split()
)
# No domain ends like this; this was meant.
ENDINGS = dict.fromkeys("con cmo ocm comm cpm vom xom coom ckm clm".split(), "com")
ENDINGS |= {"nte": "net", "ent": "net", "ogr": "org", "rog": "org"}


def verify_email(text, own_domains=()):
    """Return what can be said of an address without asking anybody.

    :param text: what stands in the field
    :param own_domains: domains of the company itself
    :return: :class:`~.verdicts.Verdict`

    >>> verify_email("ruth@gmial.com")[:4]
    ('doubtful', 'form', 'email_typo', 'ruth@gmail.com')
    >>> verify_email("ruth@firm.con").offer, verify_email("Ruth@Firm.example")[:3]
    ('ruth@firm.com', ('ok', 'plausible', 'email_fine'))
    >>> verify_email("ruth@firm")[:3], verify_email("x@mailinator.com")[:3]
    (('wrong', 'form', 'email_form'), ('doubtful', 'form', 'email_disposable'))
    >>> verify_email("info@firm.example")[:3]
    ('ok', 'plausible', 'email_role')
    """
    text = (text or "").strip(" \t")
    email = check_email(text)
    if not email:
        return Verdict(WRONG, FORM, "email_form", value=squeeze(text))
    local, __, domain = email.rpartition("@")
    if meant := guess_domain(domain):
        return Verdict(DOUBTFUL, FORM, "email_typo", f"{local}@{meant}", email)
    if is_disposable(email):
        return Verdict(DOUBTFUL, FORM, "email_disposable", value=email)
    if domain in own_domains:
        return Verdict(DOUBTFUL, FORM, "email_own", value=email)
    reason = "email_role" if local in ROLES else "email_fine"
    return Verdict(OK, PLAUSIBLE, reason, value=email)


@lru_cache(10_000)
def guess_domain(domain):
    """Return the domain that was meant, or None when this one was.

    >>> [guess_domain(d) for d in ("gmial.com", "hotmai.com", "yaho.com", "gmail.co")]
    ['gmail.com', 'hotmail.com', 'yahoo.com', 'gmail.com']
    >>> [guess_domain(d) for d in ("gmail.com", "ymail.com", "mail.com", "life.com")]
    [None, None, None, None]
    """
    if domain in BIG or domain in REAL:
        return None
    head, __, ending = domain.rpartition(".")
    near = [big for big in BIG if _is_one_typo_away(domain, big)]
    if len(near) == 1:
        return near[0]
    # of several, the one of which no more than the end is another
    same = [big for big in near if big.split(".")[0] == domain.split(".")[0]]
    if near:
        return same[0] if len(same) == 1 else None
    return f"{head}.{ENDINGS[ending]}" if ending in ENDINGS else None


def _is_one_typo_away(one, other):
    """Return whether one letter is missing, too much, another, or two are swapped.

    >>> _is_one_typo_away("abcd", "abdc"), _is_one_typo_away("abcd", "abd")
    (True, True)
    >>> _is_one_typo_away("abcd", "acbde"), _is_one_typo_away("mail.com", "gmail.com")
    (False, False)
    """
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    if one[0] != other[0]:  # nobody mistypes the first letter and goes on
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]
