"""What a lead is about: what can be told without naming anybody."""

from odoo.tools import format_amount

from ....tools.bands import get_band
from .fact import FACTS, Choice, Fact, Text, find
from .kinds import BAND, EXACT, YES_NO


@FACTS.add
class Products(Fact):
    name = "products"
    shape = "texts"
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
    shape = "map"
    hows = (EXACT,)

    @classmethod
    def get(cls, lead):
        codes = {"country": lead.country_id.code, "state": lead.state_id.code}
        return {key: code for key, code in codes.items() if code}

    @classmethod
    def _find(cls, env, value):
        country = find(env, "res.country", code=value.get("country") or "")
        state = env["res.country.state"]
        if country and value.get("state"):
            state = find(env, state._name, country_id=country.id, code=value["state"])
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
    shape = "amount"
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
        return find(env, "res.currency", name=value.get("currency") or "")

    @classmethod
    def put(cls, env, value):
        currency = cls._get_currency(env, value)
        own = env.company.currency_id
        amount = value.get("value", 0)
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
    shape = "pairs"
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
        return {"industry_id": find(env, "res.partner.industry", name=value).id}

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
        return find(env, "res.lang", code=value)

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
