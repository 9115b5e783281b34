"""The placeholders of texts, without a database.

There are two ways to write them, both of Odoo: ``{{ object.city ||| your town }}`` in
plain text, ``<t t-out="object.city">your town</t>`` in HTML.
"""

import re
from collections import namedtuple

from lxml import etree, html

INLINE = re.compile(r"\{\{(.+?)(?:\|\|\|\s*(.*?))?\s*\}\}", re.DOTALL)
# A field of the record, or one of what it is linked to.
PATH = re.compile(r"object(\.[a-z_]\w*)+", re.IGNORECASE)
TAG = re.compile(r"(<[^<>]*>)")
STATEMENTS = ("t-out", "t-esc", "t-raw", "t-field")

Placeholder = namedtuple("Placeholder", "expression default")


def inline_placeholders(text):
    """Return the placeholders of a plain text.

    >>> inline_placeholders("Hi {{ object.name ||| you }}, {{object.city}}")
    [Placeholder(expression='object.name', default='you'), \
Placeholder(expression='object.city', default='')]
    >>> inline_placeholders("{{ }} {{ {} }")
    [Placeholder(expression='', default='')]
    """
    return [
        Placeholder(match[1].strip(), match[2] or "") for match in INLINE.finditer(text)
    ]


def html_placeholders(source):
    """Return the placeholders of an HTML text; those under a condition are optional.

    >>> html_placeholders('<p>In <t t-out="object.city">town</t></p>')
    [Placeholder(expression='object.city', default='town')]
    >>> html_placeholders('<p t-if="object.city"><t t-out="object.city"/></p>')
    [Placeholder(expression='object.city', default='…')]
    """
    if not (source or "").strip():
        return []
    found = []
    for node in html.fragment_fromstring(source, create_parent="div").iter(
        etree.Element
    ):
        for name in STATEMENTS:
            if name in node.attrib:
                default = "".join(node.itertext()).strip()
                if not default and _is_conditional(node):
                    default = "…"
                found.append(Placeholder(node.attrib[name].strip(), default))
    return found


def _is_conditional(node):
    return any(
        name in step.attrib
        for step in (node, *node.iterancestors())
        for name in ("t-if", "t-elif", "t-else", "t-foreach")
    )


def html_to_inline(source):
    """Return HTML with its placeholders as a person can type them.

    >>> html_to_inline('<p>In <t t-out="object.city">town</t>.</p>')
    '<p>In {{ object.city ||| town }}.</p>'
    """
    if not (source or "").strip():
        return source
    root = html.fragment_fromstring(source, create_parent="div")
    for node in list(root.iter("t")):
        expression = node.attrib.get("t-out")
        if expression is None:
            continue
        default = "".join(node.itertext()).strip()
        ending = f" ||| {default}" if default else ""
        tail = node.tail or ""
        for child in list(node):
            node.remove(child)
        node.text = f"{{{{ {expression.strip()}{ending} }}}}"
        node.tail = tail
        node.drop_tag()
    return html.tostring(root, encoding="unicode")[5:-6]


def inline_to_html(source):
    """Return HTML in which placeholders that were typed are those of HTML.

    Only paths of fields, and only in what is read, not in attributes or other markup:

    >>> inline_to_html('<p>In {{ object.city ||| your town }}, {{ 1 + 1 }}.</p>')
    '<p>In <t t-out="object.city">your town</t>, {{ 1 + 1 }}.</p>'
    >>> inline_to_html('<a href="x?{{ object.id }}">{{object.name}}</a>')
    '<a href="x?{{ object.id }}"><t t-out="object.name"></t></a>'
    """
    if "{{" not in (source or ""):
        return source

    def replace(match):
        expression = match[1].strip()
        if not PATH.fullmatch(expression):
            return match[0]
        return f'<t t-out="{expression}">{(match[2] or "").strip()}</t>'

    parts = TAG.split(source)
    return "".join(
        part if number % 2 else INLINE.sub(replace, part)
        for number, part in enumerate(parts)
    )


def tighten(text):
    """Return a plain text without space before the end of its placeholders.

    Odoo takes that space for a part of what stands in for a missing fact:

    >>> tighten("News from {{ object.city ||| your town }}.")
    'News from {{ object.city ||| your town}}.'
    """
    return re.sub(r"\s+\}\}", "}}", text)


def replace_inline(text, replace):
    """Return a text with each placeholder replaced.

    :param replace: function of a :class:`Placeholder` that returns a string

    What comes in for a placeholder is not looked at again:

    >>> replace_inline("{{ a }}{{ b ||| 2 }}", lambda item: "{{ b }}" + item.default)
    '{{ b }}{{ b }}2'
    """
    return INLINE.sub(
        lambda match: str(replace(Placeholder(match[1].strip(), match[2] or ""))), text
    )
