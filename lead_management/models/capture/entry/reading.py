"""What a submission says, checked and made harmless: from texts to values of a lead."""

from ....tools.addresses import clean_number
from ....tools.incoming_text import clean_incoming
from ....tools.strict_email import check_email
from ..source.lead_capture_field import CONSENT, FILE, IGNORE, NOTE

MOST_NOTES = 40
LENGTHS = {"description": 5000, "street": 200, "website": 200}
# Values that are texts of the lead as they are.
TEXTS = ("contact_name", "partner_name", "function", "street", "zip", "city")
UTM = ("utm_campaign", "utm_source", "utm_medium")


class Reading:
    """What stands in a submission.

    :ivar texts: by target
    :ivar notes: pairs of label and text that have no field of their own
    :ivar unmapped: names nobody said the meaning of, with what came in
    :ivar more: what rooms make of it: answers, say
    """

    def __init__(self):
        self.texts = {}
        self.notes = []
        self.unmapped = {}
        self.more = {}
        self.consents = []

    def put(self, target, text, label):
        """Put a text where it belongs; the first one of several counts."""
        if target == IGNORE:
            return
        if target == CONSENT:
            self.consents.append(text)
            return
        if not target or target in (NOTE, FILE) or self.texts.get(target):
            self.add_note(label, text)
            return
        lines = target == "description"
        self.texts[target] = clean_incoming(text, LENGTHS.get(target, 150), lines)

    def add_note(self, label, text):
        note = clean_incoming(label, 80), clean_incoming(text, 2000, lines=True)
        if note[1] and note not in self.notes and len(self.notes) < MOST_NOTES:
            self.notes.append(note)

    # What is known of the person
    # ---------------------------

    @property
    def email(self):
        """The one address, or None when there is none, or no good one."""
        return check_email(self.texts.get("email_from", "").strip())

    @property
    def name(self):
        names = [self.texts.get("first_name"), self.texts.get("last_name")]
        return self.texts.get("contact_name") or " ".join(filter(None, names))

    def get_phone(self, env, company):
        """Return the number as it is to be written, or as it came.

        A number without its country is one of the country that is named, or else of
        the company.
        """
        text = self.texts.get("phone")
        if not text:
            return ""
        country = self.get_country(env) or company.country_id
        found = env["res.partner"]._phone_format(number=text, country=country)
        return found or text

    def get_number(self, env, company):
        """Return the number in the international format, or None."""
        text = self.texts.get("phone")
        if not text:
            return None
        country = self.get_country(env) or company.country_id
        found = env["res.partner"]._phone_format(
            number=text, country=country, force_format="E164"
        )
        return clean_number(found or text)

    def get_country(self, env):
        text = self.texts.get("country")
        countries = env["res.country"]
        if not text:
            return countries
        if len(text) == 2:
            return countries.search([("code", "=ilike", text)], limit=1)
        return countries.search([("name", "=ilike", text)], limit=1)

    @property
    def is_anybody(self):
        """Whether somebody can be found by it again."""
        return bool(self.email or self.texts.get("phone"))

    @property
    def person(self):
        """How the person is called in a list."""
        texts = self.texts
        found = self.name or texts.get("partner_name") or texts.get("email_from")
        return found or texts.get("phone") or ""

    def get_values(self, env, company):
        """Return the values of a lead, none of which says whose it is."""
        values = {name: self.texts[name] for name in TEXTS if self.texts.get(name)}
        if self.name:
            values["contact_name"] = self.name
        if self.email:
            values["email_from"] = self.email
        if self.texts.get("phone"):
            values["phone"] = self.get_phone(env, company)
        if country := self.get_country(env):
            values["country_id"] = country.id
        if website := self.texts.get("website"):
            values["website"] = website
        return values

    def get_notes(self):
        """Return pairs of label and text for whoever reads the lead."""
        notes = list(self.notes)
        if self.texts.get("email_from") and not self.email:
            notes.append(("Email", self.texts["email_from"]))
        if self.texts.get("country"):
            notes.append(("Country", self.texts["country"]))
        return notes
