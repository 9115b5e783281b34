"""What the columns of reports about ad spend are called, by platform and language.

Platforms write the names in the language of whoever exports the report. They are
compared without case, accents and what stands in parentheses.
"""

import re
import unicodedata

GOOGLE, META, LINKEDIN, OWN = "google", "meta", "linkedin", "own"
# What a column holds.
DAY, UNTIL, NAME, KEY, AMOUNT, CURRENCY, SHOWN, CLICKS = (
    "day",
    "until",
    "name",
    "key",
    "amount",
    "currency",
    "shown",
    "clicks",
)
NEEDED = (DAY, NAME, AMOUNT)

# Platform: what a column holds: its names in English, French, Spanish, German, Polish.
# Of several that a file has, the first one counts.
COLUMNS = {
    GOOGLE: {
        DAY: "Day|Week|Month|Jour|Semaine|Mois|Día|Semana|Mes|Tag|Woche|Monat|Dzień"
        "|Tydzień|Miesiąc",
        NAME: "Campaign|Campagne|Campaña|Kampagne|Kampania",
        KEY: "Campaign ID|ID de la campagne|ID de campagne|ID de campaña"
        "|ID de la campaña|Kampagnen-ID|Identyfikator kampanii",
        AMOUNT: "Cost|Coût|Coste|Costo|Kosten|Koszt",
        CURRENCY: "Currency code|Code de devise|Code devise|Código de moneda"
        "|Código de divisa|Währungscode|Kod waluty",
        SHOWN: "Impr.|Impressions|Impresiones|Impressionen|Wyśw.|Wyświetlenia",
        CLICKS: "Clicks|Clics|Klicks|Kliknięcia",
    },
    META: {
        DAY: "Day|Jour|Día|Tag|Dzień"
        "|Reporting starts|Début des rapports|Inicio del informe|Auswertungsstart"
        "|Berichtsstart|Berichtsbeginn|Początek raportowania",
        UNTIL: "Reporting ends|Fin des rapports|Fin del informe|Auswertungsende"
        "|Berichtsende|Koniec raportowania",
        NAME: "Campaign name|Nom de la campagne|Nombre de la campaña"
        "|Name der Kampagne|Kampagnenname|Nazwa kampanii",
        KEY: "Campaign ID|ID de la campagne|Identifiant de la campagne"
        "|Identificador de la campaña|ID de la campaña|Kampagnen-ID"
        "|Identyfikator kampanii",
        AMOUNT: "Amount spent|Montant dépensé|Importe gastado|Ausgegebener Betrag"
        "|Wydana kwota",
        CURRENCY: "Currency|Devise|Divisa|Währung|Waluta",
        SHOWN: "Impressions|Impresiones|Impressionen|Wyświetlenia",
        CLICKS: "Link clicks|Clics sur un lien|Clics sur le lien|Clics en el enlace"
        "|Link-Klicks|Kliknięcia linku|Kliknięcia łącza",
    },
    LINKEDIN: {
        UNTIL: "End Date|Date de fin|Fecha de finalización|Enddatum|Data zakończenia",
        DAY: "Start Date|Date de début|Fecha de inicio|Startdatum|Data rozpoczęcia",
        NAME: "Campaign Name|Nom de la campagne|Nombre de la campaña"
        "|Kampagnenname|Nazwa kampanii",
        KEY: "Campaign ID|ID de la campagne|ID de campagne|ID de la campaña"
        "|Kampagnen-ID|Identyfikator kampanii",
        AMOUNT: "Total Spent|Total dépensé|Montant total dépensé|Total gastado"
        "|Importe total gastado|Gesamtausgaben|Łącznie wydano",
        CURRENCY: "Currency|Devise|Divisa|Moneda|Währung|Waluta",
        SHOWN: "Impressions|Impresiones|Impressions|Wyświetlenia",
        CLICKS: "Clicks|Clics|Klicks|Kliknięcia",
    },
    OWN: {
        DAY: "Date|Date from|From|Du|Date de début|Fecha|Desde|Datum|Von|Data|Od",
        UNTIL: "Date to|To|Until|Au|Date de fin|Hasta|Bis|Do",
        NAME: "Campaign|Campagne|Campaña|Kampagne|Kampania",
        KEY: "Campaign ID|ID",
        AMOUNT: "Amount|Montant|Importe|Betrag|Kwota",
        CURRENCY: "Currency|Devise|Moneda|Divisa|Währung|Waluta",
        SHOWN: "Impressions|Impresiones|Impressionen|Wyświetlenia",
        CLICKS: "Clicks|Clics|Klicks|Kliknięcia",
    },
}
# In which languages a comma separates thousands: the others write 1.234,56.
ENGLISH = "Day|Week|Month|Reporting starts|Start Date|Date|Date from|From"
# How the first cell of a row begins that adds others up, instead of a day.
TOTALS = ("total", "gesamt", "lacznie", "suma", "razem")
# What stands in place of the name of a campaign there.
TOTAL_NAMES = {"total", "totals", "totaux", "totales", "gesamt", "lacznie", "suma"}
TOTAL_STARTS = ("results from", "resultats de", "resultados de", "ergebnisse von")
_INSIDE = re.compile(r"\(([^()]*)\)")


def fold(text):
    """Return a name as names are compared.

    >>> fold(" Montant dépensé (EUR) "), fold("Łącznie")
    ('montant depense', 'lacznie')
    """
    text = _INSIDE.sub("", text.replace("ł", "l").replace("Ł", "L"))
    text = unicodedata.normalize("NFKD", text)
    text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(text.casefold().split())


def get_inside(text):
    """Return the code of a currency in a name, or None.

    >>> get_inside("Amount spent (EUR)"), get_inside("Start Date (in UTC)")
    ('EUR', None)
    """
    found = [part.strip() for part in _INSIDE.findall(text)]
    codes = [part for part in found if re.fullmatch("[A-Z]{3}", part)]
    return codes[0] if codes else None


FOLDED = {
    platform: {
        what: [fold(name) for name in names.split("|")]
        for what, names in columns.items()
    }
    for platform, columns in COLUMNS.items()
}
FOLDED_ENGLISH = {fold(name) for name in ENGLISH.split("|")}


def find_columns(cells):
    """Return of which platform a row of names is, and where its columns are.

    :param cells: the texts of a row
    :return: (platform, dict of what a column holds to its place), or None

    >>> find_columns(["Day", "Campaign", "Currency code", "Cost"])
    ('google', {'day': 0, 'name': 1, 'amount': 3, 'currency': 2})
    >>> find_columns(["Nombre de la campaña", "Día", "Importe gastado (EUR)"])
    ('meta', {'day': 1, 'name': 0, 'amount': 2})
    >>> find_columns(["Campaign report"])
    """
    folded = [fold(cell) for cell in cells]
    for platform, columns in FOLDED.items():
        places = {}
        for what, names in columns.items():
            found = [folded.index(name) for name in names if name in folded]
            if found:
                places[what] = found[0]
        if all(what in places for what in NEEDED):
            return platform, places
    return None


def is_total(cells, name, is_dated):
    """Return whether a row adds others up.

    :param cells: the texts of the row
    :param name: that of its campaign
    :param is_dated: whether it has a day

    >>> is_total(["Total: Account", "--", "EUR", "9"], "--", False)
    True
    >>> is_total(["2026-11-03", "Total comfort", "EUR", "9"], "Total comfort", True)
    False
    """
    first = fold(next((cell for cell in cells if cell.strip()), ""))
    called = fold(name).strip(" -\u2014")
    return (
        not called
        or called in TOTAL_NAMES
        or called.startswith(TOTAL_STARTS)
        or (not is_dated and first.startswith(TOTALS))
    )
