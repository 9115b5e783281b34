"""Which keys of the context the code names, read from the source."""

import ast
from pathlib import Path

import pytest

from odoo.addons.lead_management.models.base.context import KEYS, PUBLIC

ROOT = Path(__file__).resolve().parents[2]
# Keys of Odoo, by the addon that reads them.
OF_ODOO = {
    "active_id",  # web: what an action is started on
    "active_ids",
    "active_model",
    "active_test",  # base: archived records, too
    "allowed_company_ids",
    "install_module",
    "lang",
    "module",  # of the external ids that are loaded
    "prefetch_fields",
    "tz",
    "_import_limit",  # base_import
    "__action_done",  # base_automation: what it did so far
    "dont_notify",  # calendar: of its reminders
    "domain_bounce_address",  # mail
    "domain_notifications_email",
    "mail_activity_quick_update",
    "mail_auto_subscribe_no_notify",
    "mail_create_nolog",
    "mail_create_nosubscribe",
    "mail_notify_author",
    "mail_notrack",
    "send_validated_to",
    "tracking_disable",
}


def _is_context(node):
    """Return whether an expression is named or reached as a context of records."""
    if getattr(getattr(node, "value", None), "id", "") == "error":
        return False  # what an exception carries
    name = getattr(node, "attr", getattr(node, "id", ""))
    return name in ("context", "_context")


def _named_keys(tree):
    """Yield the text of each key of a context, and the line it is named in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called == "with_context":
                yield from (
                    (word.arg, node.lineno) for word in node.keywords if word.arg
                )
                yield from _dict_keys(node.args)
                spread = [word.value for word in node.keywords if not word.arg]
                yield from _dict_keys(spread)
            if called in ("get", "pop", "setdefault") and _is_context(
                getattr(node.func, "value", None)
            ):
                yield from _texts(node.args[:1])
            if called in ("Environment", "env", "__call__"):
                words = [word.value for word in node.keywords if word.arg == "context"]
                yield from _dict_keys([*words, *node.args[2:]])
        elif isinstance(node, ast.Subscript) and _is_context(node.value):
            yield from _texts([node.slice])
        elif isinstance(node, ast.Compare) and any(map(_is_context, node.comparators)):
            yield from _texts([node.left])


def _texts(nodes):
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


def _dict_keys(nodes):
    for node in nodes:
        if isinstance(node, ast.Dict):
            yield from _texts([key for key in node.keys if key])


def _find_foreign(source):
    known = OF_ODOO | PUBLIC.keys()
    return [
        (name, line)
        for name, line in _named_keys(ast.parse(source))
        if name not in known and not name.startswith("default_")
    ]


def _sources():
    return [
        path
        for addon in sorted(ROOT.glob("lead_management*"))
        for path in sorted(addon.rglob("*.py"))
        if "tests" not in path.relative_to(addon).parts
    ]


def test_no_key_of_ours_is_a_text():
    found = {
        f"{path.relative_to(ROOT)}:{line}": name
        for path in _sources()
        for name, line in _find_foreign(path.read_text())
    }
    assert not found, "declare them in models/base/context.py"


@pytest.mark.parametrize(
    "line",
    [
        "self.with_context(lead_forged=True)",
        "self.with_context({'lead_forged': True})",
        "self.with_context(**{'lead_forged': True})",
        "self.env.context.get('lead_forged')",
        "self.env.context['lead_forged']",
        "'lead_forged' in self.env.context",
        "context.get('lead_forged')",
        "self.env(context={**self.env.context, 'lead_forged': True})",
        "api.Environment(cr, uid, {'lead_forged': True})",
    ],
)
def test_each_way_of_naming_one_is_seen(line):
    assert _find_foreign(line) == [("lead_forged", 1)]


def test_names_do_not_meet():
    assert KEYS.keys().isdisjoint(PUBLIC.keys() | OF_ODOO)


def test_public_keys_are_used():
    texts = [
        path.read_text()
        for addon in ROOT.glob("lead_management*")
        for kind in ("*.py", "*.xml", "*.js")
        for path in addon.rglob(kind)
        if path.name != "context.py"
    ]
    for name in PUBLIC:
        assert any(name in text for text in texts), name
