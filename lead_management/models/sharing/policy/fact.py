"""What may be told of a lead: one class for each fact, with all that is known of it.

What is told travels as plain data: codes, names and amounts with their currency, never
the id of a record, so that it means the same in another company or database.
"""

from odoo.tools import SQL

from ...base.plugins import Registry
from .constants import EXACT, LATER, YES_NO

FACTS = Registry("name")
TABLE = "crm_lead"


def _is_text(value):
    return isinstance(value, str)


def _is_texts(value):
    return isinstance(value, list) and all(map(_is_text, value))


def _is_pairs(value):
    return isinstance(value, list) and all(
        _is_texts(pair) and len(pair) == 2 for pair in value
    )


def _is_map(value):
    return isinstance(value, dict) and all(map(_is_text, value.values()))


def _is_amount(value):
    if not isinstance(value, dict) or not _is_text(value.get("currency")):
        return False
    names = ("value",) if "value" in value else ("from", "to")
    return all(isinstance(value.get(name), int | float) for name in names)


def find(env, model, **values):
    """Return the record with these values, looked for once in a transaction."""
    known = env.cr.cache.setdefault("lead_share_found", {})
    key = model, *values.items()
    if key not in known:
        domain = [(name, "=", value) for name, value in values.items()]
        records = env[model].with_context(active_test=model != "res.currency")
        known[key] = records.search(domain, limit=1).id
    return env[model].browse(known[key] or ())


SHAPES = {
    "text": _is_text,
    "texts": _is_texts,
    "pairs": _is_pairs,
    "map": _is_map,
    "amount": _is_amount,
}


class Fact:
    """One fact about a lead."""

    #: What it is known by, and what people read.
    name = None
    label = None
    #: How it may be told before acceptance; of what names a person, not at all.
    hows = ()
    #: How a new policy tells it before acceptance.
    preview_at_first = LATER
    #: What the plain data looks like, as in ``SHAPES``.
    shape = "text"

    @classmethod
    def sql(cls, env):
        """Return the fact as JSON in a statement on ``crm_lead``.

        :return: None where only :meth:`get` can tell it
        """
        return None

    @classmethod
    def get(cls, lead):
        """Return the fact as plain data, where SQL cannot; or something false."""
        return None

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
    def preview(cls, lead, how, value):
        """Return what is told before acceptance.

        :param value: the fact as it is told after acceptance
        """
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
    def sql(cls, env):
        column = env["crm.lead"]._field_to_sql(TABLE, cls.field)
        return SQL("to_jsonb(NULLIF(%s, ''))", column)

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
    def put(cls, env, value):
        return {cls.field: value} if cls.describe(env, value) else {}

    @classmethod
    def get_domain(cls, lead, how):
        return [(cls.field, "=", lead[cls.field])]


def keep_known(values):
    """Return what another database tells, as far as it makes sense here."""
    return {
        name: value
        for name, value in (values.items() if isinstance(values, dict) else ())
        if (fact := FACTS.get(name))
        and (isinstance(value, bool) or SHAPES[fact.shape](value))
    }


def select_facts(env, names):
    """Return the facts of a lead as one JSON object, as far as SQL can tell them.

    :return: what is selected in a statement on ``crm_lead``
    """
    pairs = []
    for name in names:
        if (fact := FACTS.get(name)) and (value := fact.sql(env)) is not None:
            pairs.append(SQL("%s, %s", name, value))
    return SQL("jsonb_build_object(%s)", SQL(", ").join(pairs))


def complete(lead, names, selected):
    """Return what is told of a lead after acceptance, by the names of the facts.

    :param selected: what :func:`select_facts` found of it
    """
    values = dict(selected)
    for name in names:
        if name not in values and (fact := FACTS.get(name)):
            values[name] = fact.get(lead)
    return {name: value for name, value in values.items() if value}


def read_all(leads, names):
    """Return what is told of leads after acceptance, by lead id and name of the fact.

    :param leads: with all rights
    """
    env = leads.env
    leads._derived_flush()
    env.flush_all()
    rows = env.execute_query(
        SQL(
            "SELECT id, %s FROM crm_lead WHERE id = ANY(%s)",
            select_facts(env, names),
            list(leads.ids),
        )
    )
    return {
        lead_id: complete(leads.browse(lead_id).with_prefetch(leads.ids), names, facts)
        for lead_id, facts in rows
    }


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
        if (fact := FACTS.get(name)) and value and value is not True:
            lead.update(fact.put(env, value))
            notes.append(fact.note(env, value))
    return lead, list(filter(None, notes))
