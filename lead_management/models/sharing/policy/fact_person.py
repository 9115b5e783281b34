"""Who a lead is: told after acceptance, and never before."""

from odoo.tools import SQL, html2plaintext

from .fact import FACTS, TABLE, Fact, Text


@FACTS.add
class Title(Text):
    name = "title"
    label = "Title"
    field = "name"


@FACTS.add
class Person(Text):
    name = "person"
    label = "Name"
    field = "contact_name"


@FACTS.add
class Function(Text):
    name = "function"
    label = "Position"
    field = "function"


@FACTS.add
class Organization(Text):
    name = "organization"
    label = "Company"
    field = "partner_name"


@FACTS.add
class Phone(Text):
    name = "phone"
    label = "Phone"
    field = "phone"


@FACTS.add
class Email(Text):
    name = "email"
    label = "Email"
    field = "email_from"


@FACTS.add
class Address(Fact):
    name = "address"
    label = "Address"
    shape = "map"
    parts = ("street", "street2", "zip", "city")

    @classmethod
    def sql(cls, env):
        pairs = [
            SQL("%s, NULLIF(%s, '')", part, SQL.identifier(TABLE, part))
            for part in cls.parts
        ]
        return SQL("jsonb_strip_nulls(jsonb_build_object(%s))", SQL(", ").join(pairs))

    @classmethod
    def put(cls, env, value):
        return {part: value[part] for part in cls.parts if part in value}

    @classmethod
    def describe(cls, env, value):
        return ", ".join(str(value[part]) for part in cls.parts if part in value)


@FACTS.add
class Website(Text):
    name = "website"
    label = "Website"
    field = "website"


@FACTS.add
class Notes(Fact):
    name = "notes"
    label = "Notes"

    @classmethod
    def get(cls, lead):
        return html2plaintext(lead.description or "").strip() or None

    @classmethod
    def note(cls, env, value):
        return str(value)
