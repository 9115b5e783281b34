"""What may be told of a lead: one class for each fact, with all that is known of it.

What is told travels as plain data: codes, names and amounts with their currency, never
the id of a record, so that it means the same in another company or database.
"""

from odoo.tools import format_amount, html2plaintext

from ....tools.bands import get_band
from ...base.plugins import Registry
from .kinds import BAND, EXACT, YES_NO

FACTS = Registry("name")


class Fact:
    """One fact about a lead."""

    #: As in ``kinds.FACTS``.
    name = None
    #: How it may be told before acceptance; of what names a person, not at all.
    hows = ()

    @classmethod
    def get(cls, lead):
        """Return the fact as plain data, or something false."""
        raise NotImplementedError

    @classmethod
    def put(cls, env, value):
        """Return the values of a new lead that has this fact."""
        return {}

    @classmethod
    def describe(cls, env, value):
        """Return the fact in words of the reader."""
        return str(value)

    @classmethod
    def note(cls, env, value):
        """Return what is written into the notes of a new lead that has no field."""
        return ""

    @classmethod
    def get_domain(cls, lead, how):
        """Return the leads of which the same is told, or None where nobody can say."""
        return None

    @classmethod
    def preview(cls, lead, how):
        """Return what is told before acceptance."""
        value = cls.get(lead)
        return bool(value) if how == YES_NO else value

    @classmethod
    def show(cls, env, value):
        """Return what is told in words of the reader, however it is told."""
        if value is True:
            return env._("Yes")
        if not value:
            return env._("No") if value is False else ""
        return cls.describe(env, value)


class Text(Fact):
    """A text of the lead, as it is."""

    field = None

    @classmethod
    def get(cls, lead):
        return lead[cls.field] or None

    @classmethod
    def put(cls, env, value):
        return {cls.field: value}


class Choice(Text):
    """A value of a selection, by its key."""

    hows = (EXACT,)

    @classmethod
    def describe(cls, env, value):
        field = env["crm.lead"]._fields[cls.field]
        return dict(field._description_selection(env)).get(value, "")

    @classmethod
    def get_domain(cls, lead, how):
        return [(cls.field, "=", lead[cls.field])]


@FACTS.add
class Products(Fact):
    name = "products"
    hows = (EXACT, YES_NO)

    @classmethod
    def get(cls, lead):
        return [product.name for product in lead.product_ids]

    @classmethod
    def describe(cls, env, value):
        return ", ".join(map(str, value))

    @classmethod
    def note(cls, env, value):
        return env._("Need: %s", cls.describe(env, value))


@FACTS.add
class Region(Fact):
    name = "region"
    hows = (EXACT,)

    @classmethod
    def get(cls, lead):
        codes = {"country": lead.country_id.code, "state": lead.state_id.code}
        return {key: code for key, code in codes.items() if code}

    @classmethod
    def _find(cls, env, value):
        Country, State = env["res.country"], env["res.country.state"]
        country = Country.search([("code", "=", value.get("country"))], limit=1)
        state = State.search(
            [("country_id", "=", country.id), ("code", "=", value.get("state"))],
            limit=1,
        )
        return country, state

    @classmethod
    def put(cls, env, value):
        country, state = cls._find(env, value)
        return {"country_id": country.id, "state_id": state.id}

    @classmethod
    def describe(cls, env, value):
        country, state = cls._find(env, value)
        return ", ".join(filter(None, (state.name, country.name)))

    @classmethod
    def get_domain(cls, lead, how):
        return [
            ("country_id", "=", lead.country_id.id),
            ("state_id", "=", lead.state_id.id),
        ]


@FACTS.add
class City(Text):
    name = "city"
    field = "city"
    hows = (EXACT,)

    @classmethod
    def get_domain(cls, lead, how):
        return [("city", "=", lead.city)]


@FACTS.add
class Amount(Fact):
    name = "amount"
    hows = (EXACT, BAND, YES_NO)

    @classmethod
    def get(cls, lead):
        currency = lead.company_currency or lead.env.company.currency_id
        amount = lead.expected_revenue
        return {"value": amount, "currency": currency.name} if amount else None

    @classmethod
    def preview(cls, lead, how):
        value = super().preview(lead, how)
        if how != BAND or not value:
            return value
        low, high = get_band(value["value"])
        return {"from": low, "to": high, "currency": value["currency"]}

    @classmethod
    def _get_currency(cls, env, value):
        name = value.get("currency")
        Currency = env["res.currency"].with_context(active_test=False)
        return Currency.search([("name", "=", name)], limit=1)

    @classmethod
    def put(cls, env, value):
        currency = cls._get_currency(env, value)
        own = env.company.currency_id
        amount = value["value"]
        if currency and currency != own:
            today = env.cr.now().date()
            amount = currency._convert(amount, own, env.company, today)
        return {"expected_revenue": amount}

    @classmethod
    def describe(cls, env, value):
        currency = cls._get_currency(env, value) or env.company.currency_id
        if "value" in value:
            return format_amount(env, value["value"], currency)
        low, high = (
            format_amount(env, value[key], currency, trailing_zeroes=False)
            for key in ("from", "to")
        )
        return f"{low} – {high}"

    @classmethod
    def get_domain(cls, lead, how):
        if how == BAND:
            low, high = get_band(lead.expected_revenue)
            return [("expected_revenue", ">=", low), ("expected_revenue", "<=", high)]
        return [("expected_revenue", "=", lead.expected_revenue)]


@FACTS.add
class Temperature(Choice):
    name = "temperature"
    field = "score_temperature"

    @classmethod
    def put(cls, env, value):
        return {}  # whoever gets the lead scores it by rules of their own

    @classmethod
    def get_domain(cls, lead, how):
        return None


@FACTS.add
class Answers(Fact):
    """What was answered to questions; before acceptance only what was chosen."""

    name = "answers"
    hows = (EXACT, YES_NO)

    @classmethod
    def get(cls, lead):
        return cls._read(lead.qualifier_answer_ids)

    @classmethod
    def preview(cls, lead, how):
        chosen = lead.qualifier_answer_ids.filtered(
            lambda answer: answer.option_id or answer.option_ids
        )
        answers = cls._read(chosen)
        return bool(answers) if how == YES_NO else answers

    @classmethod
    def _read(cls, answers):
        return [
            [answer.qualifier_id.name, answer.display_value]
            for answer in answers.sorted("id")
            if answer.is_current and answer.display_value
        ]

    @classmethod
    def describe(cls, env, value):
        return " · ".join(f"{question}: {answer}" for question, answer in value)

    @classmethod
    def note(cls, env, value):
        return "\n".join(f"{question}: {answer}" for question, answer in value)


@FACTS.add
class Industry(Fact):
    name = "industry"
    hows = (EXACT,)

    @classmethod
    def get(cls, lead):
        return lead.industry_id.name or None

    @classmethod
    def put(cls, env, value):
        found = env["res.partner.industry"].search([("name", "=", value)], limit=1)
        return {"industry_id": found.id}

    @classmethod
    def get_domain(cls, lead, how):
        return [("industry_id", "=", lead.industry_id.id)]


@FACTS.add
class Size(Choice):
    name = "size"
    field = "company_size"


@FACTS.add
class Language(Fact):
    name = "language"
    hows = (EXACT,)

    @classmethod
    def get(cls, lead):
        return lead.lang_id.code or None

    @classmethod
    def _find(cls, env, value):
        return env["res.lang"].search([("code", "=", value)], limit=1)

    @classmethod
    def put(cls, env, value):
        return {"lang_id": cls._find(env, value).id}

    @classmethod
    def describe(cls, env, value):
        return cls._find(env, value).name or str(value)


@FACTS.add
class Source(Fact):
    name = "source"
    hows = (EXACT,)

    @classmethod
    def get(cls, lead):
        return lead.source_id.name or None

    @classmethod
    def note(cls, env, value):
        return env._("Source: %s", value)


@FACTS.add
class Title(Text):
    name = "title"
    field = "name"


@FACTS.add
class Person(Text):
    name = "person"
    field = "contact_name"


@FACTS.add
class Function(Text):
    name = "function"
    field = "function"


@FACTS.add
class Organization(Text):
    name = "organization"
    field = "partner_name"


@FACTS.add
class Phone(Text):
    name = "phone"
    field = "phone"


@FACTS.add
class Email(Text):
    name = "email"
    field = "email_from"


@FACTS.add
class Address(Fact):
    name = "address"
    parts = ("street", "street2", "zip", "city")

    @classmethod
    def get(cls, lead):
        return {part: lead[part] for part in cls.parts if lead[part]}

    @classmethod
    def put(cls, env, value):
        return {part: value[part] for part in cls.parts if part in value}

    @classmethod
    def describe(cls, env, value):
        return ", ".join(str(value[part]) for part in cls.parts if part in value)


@FACTS.add
class Website(Text):
    name = "website"
    field = "website"


@FACTS.add
class Notes(Fact):
    name = "notes"

    @classmethod
    def get(cls, lead):
        return html2plaintext(lead.description or "").strip() or None

    @classmethod
    def note(cls, env, value):
        return str(value)


def read_all(lead, names):
    """Return what is told of a lead after acceptance, by the names of the facts."""
    values = {name: FACTS.get(name).get(lead) for name in names if FACTS.get(name)}
    return {name: value for name, value in values.items() if value}


def show_all(env, values):
    """Return what is told, in words: a list of ``name``, ``label``, ``text``."""
    field = env["lead.share.policy.fact"]._fields["fact"]
    labels = dict(field._description_selection(env))
    shown = []
    for name, label in labels.items():
        fact = FACTS.get(name)
        if name in values and (text := fact.show(env, values[name])):
            shown.append({"name": name, "label": label, "text": text})
    return shown


def put_all(env, values):
    """Return the values of a new lead of which all this is known."""
    lead, notes = {}, []
    for name, value in values.items():
        if (fact := FACTS.get(name)) and value:
            lead.update(fact.put(env, value))
            notes.append(fact.note(env, value))
    return lead, list(filter(None, notes))
