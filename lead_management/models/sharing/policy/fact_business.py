"""What a lead is about: what can be told without naming anybody."""

from odoo.tools import SQL, format_amount

from ....tools.bands import get_band
from .constants import BAND, EXACT, YES_NO
from .fact import FACTS, Choice, Fact, Text, find


def sql_name(env, table, column):
    """Return the name of the record a column of a lead points to, in our language."""
    model = env[table.replace("_", ".")]
    name = SQL.identifier("named", "name")
    if model._fields["name"].translate:
        name = SQL(
            "COALESCE(named.name->>%s, named.name->>'en_US')", env.lang or "en_US"
        )
    return SQL(
        "(SELECT to_jsonb(%s) FROM %s named WHERE named.id = %s)",
        name,
        SQL.identifier(table),
        SQL.identifier("crm_lead", column),
    )


@FACTS.add
class Products(Fact):
    name = "products"
    label = "Need"
    preview_at_first = EXACT
    shape = "texts"
    hows = (EXACT, YES_NO)

    @classmethod
    def sql(cls, env):
        return SQL(
            """(SELECT jsonb_agg(COALESCE(template.name->>%s, template.name->>'en_US')
                                 ORDER BY product.id)
                FROM crm_lead_product_rel rel
                JOIN product_product product ON product.id = rel.product_id
                JOIN product_template template ON template.id = product.product_tmpl_id
                WHERE rel.lead_id = crm_lead.id AND product.active)""",
            env.lang or "en_US",
        )

    @classmethod
    def describe(cls, env, value):
        return ", ".join(map(str, value))

    @classmethod
    def note(cls, env, value):
        return env._("Need: %s", cls.describe(env, value))


@FACTS.add
class Region(Fact):
    name = "region"
    label = "Region"
    preview_at_first = EXACT
    shape = "map"
    hows = (EXACT,)

    @classmethod
    def sql(cls, env):
        return SQL(
            """jsonb_strip_nulls(jsonb_build_object(
                'country',
                (SELECT code FROM res_country WHERE id = crm_lead.country_id),
                'state',
                (SELECT code FROM res_country_state WHERE id = crm_lead.state_id)))"""
        )

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
    label = "City"
    field = "city"
    hows = (EXACT,)

    @classmethod
    def get_domain(cls, lead, how):
        return [("city", "=", lead.city)]


@FACTS.add
class Amount(Fact):
    name = "amount"
    label = "Amount"
    preview_at_first = BAND
    shape = "amount"
    hows = (EXACT, BAND, YES_NO)

    @classmethod
    def sql(cls, env):
        return SQL(
            """(SELECT jsonb_build_object('value', crm_lead.expected_revenue,
                                          'currency', currency.name)
                FROM res_company company
                JOIN res_currency currency ON currency.id = company.currency_id
                WHERE company.id = COALESCE(crm_lead.company_id, %s)
                  AND crm_lead.expected_revenue <> 0)""",
            env.company.id,
        )

    @classmethod
    def preview(cls, lead, how, value):
        value = super().preview(lead, how, value)
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
    label = "Temperature"
    preview_at_first = EXACT
    field = "score_temperature"

    @classmethod
    def sql(cls, env):
        column = env["crm.lead"]._derived_columns()[cls.field]
        return SQL(
            """to_jsonb(COALESCE((SELECT score.%s FROM %s score
                                  WHERE score.lead_id = crm_lead.id), %s))""",
            SQL.identifier(column.name),
            SQL.identifier(env[column.model]._table),
            column.default,
        )

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
    label = "Answers"
    shape = "pairs"
    hows = (EXACT, YES_NO)

    @classmethod
    def get(cls, lead):
        return cls._read(lead.qualifier_answer_ids)

    @classmethod
    def preview(cls, lead, how, value):
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
    label = "Industry"
    hows = (EXACT,)

    @classmethod
    def sql(cls, env):
        return sql_name(env, "res_partner_industry", "industry_id")

    @classmethod
    def put(cls, env, value):
        return {"industry_id": find(env, "res.partner.industry", name=value).id}

    @classmethod
    def get_domain(cls, lead, how):
        return [("industry_id", "=", lead.industry_id.id)]


@FACTS.add
class Size(Choice):
    name = "size"
    label = "Company Size"
    field = "company_size"


@FACTS.add
class Language(Fact):
    name = "language"
    label = "Language"
    hows = (EXACT,)

    @classmethod
    def sql(cls, env):
        return SQL(
            "(SELECT to_jsonb(code) FROM res_lang WHERE res_lang.id = crm_lead.lang_id)"
        )

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
    label = "Source"
    hows = (EXACT,)

    @classmethod
    def sql(cls, env):
        return sql_name(env, "utm_source", "source_id")

    @classmethod
    def note(cls, env, value):
        return env._("Source: %s", value)
