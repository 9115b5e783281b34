"""Leads of car, boat and motorcycle portals: ADF 1.0, an XML in a mail."""

from lxml import etree

LARGEST = 512 * 1024
# One parser: nothing outside of the text is read, and nothing in it is expanded.
OPTIONS = {
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": False,
    "load_dtd": False,
    "dtd_validation": False,
    "remove_comments": True,
    "remove_pis": True,
}


def find_adf(texts):
    """Return the first of the texts that is ADF, or None.

    >>> find_adf(["Hello", '<?xml version="1.0"?><adf><prospect/></adf>'])
    '<?xml version="1.0"?><adf><prospect/></adf>'
    """
    for text in texts:
        start = text.find("<adf")
        end = text.rfind("</adf>")
        if 0 <= start < end and end - start < LARGEST:
            head = '<?xml version="1.0"?>' if "<?xml" in text[:start] else ""
            return head + text[start : end + 6]
    return None


def read_adf(text):
    """Return what a prospect says, by target, and its id.

    :return: pair of a dict of texts and the id, or None
    :raise ValueError: when it is no ADF

    >>> texts, key = read_adf(
    ...     '<adf><prospect><id source="x">7</id><vehicle interest="buy"><year>2026'
    ...     '</year><make>Ada</make></vehicle><customer><contact><name part="first">'
    ...     'Ann</name><name part="last">Roe</name><email>a@b.org</email><phone>1'
    ...     '</phone></contact><comments>Call me</comments></customer></prospect>'
    ...     '</adf>')
    >>> key, texts["first_name"], texts["last_name"], texts["email_from"]
    ('x:7', 'Ann', 'Roe', 'a@b.org')
    >>> texts["Vehicle"], texts["description"]
    ('2026 Ada', 'Call me')
    """
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(**OPTIONS))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ValueError("no ADF") from error
    prospect = root.find("prospect")
    if root.getroottree().docinfo.doctype or prospect is None:
        raise ValueError("no ADF")
    contact = prospect.find("customer/contact")
    texts = _read_contact(contact) if contact is not None else {}
    texts["description"] = _text(prospect, "customer/comments")
    vehicles = [_read_vehicle(vehicle) for vehicle in prospect.findall("vehicle")]
    texts["Vehicle"] = ", ".join(filter(None, vehicles))
    for name in ("provider/name", "vendor/vendorname"):
        texts[name.split("/")[0].title()] = _text(prospect, name)
    number = prospect.find("id")
    key = None
    if number is not None and number.text:
        key = f"{number.get('source') or ''}:{number.text.strip()}"
    return {name: value for name, value in texts.items() if value}, key


def _read_contact(contact):
    texts = {}
    names = {"first": "first_name", "last": "last_name", "full": "contact_name"}
    for name in contact.findall("name"):
        texts[names.get(name.get("part"), "contact_name")] = (name.text or "").strip()
    texts["email_from"] = _text(contact, "email")
    texts["phone"] = _text(contact, "phone")
    texts["city"] = _text(contact, "address/city")
    texts["zip"] = _text(contact, "address/postalcode")
    texts["street"] = _text(contact, "address/street")
    texts["country"] = _text(contact, "address/country")
    return texts


def _read_vehicle(vehicle):
    parts = ("year", "make", "model", "trim", "stock")
    return " ".join(filter(None, (_text(vehicle, part) for part in parts)))


def _text(element, path):
    found = element.find(path)
    return (found.text or "").strip() if found is not None else ""
