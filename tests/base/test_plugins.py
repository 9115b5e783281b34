"""What every plug-in says of itself: one contract for all of them."""

import ast
import inspect
import sys
from collections import namedtuple
from pathlib import Path

from odoo.addons.lead_management.models.assignment.rule.target import (
    TARGET_KINDS,
    TargetKind,
)
from odoo.addons.lead_management.models.base.plugins import Registry
from odoo.addons.lead_management.models.capture.door.door import DOORS, Door
from odoo.addons.lead_management.models.credit.provider.contract import (
    AGENCIES,
    Agency,
)
from odoo.addons.lead_management.models.insights.report.section import (
    SECTIONS,
    Section,
)
from odoo.addons.lead_management.models.messaging.channel.channel import (
    REGISTERED,
    Channel,
)
from odoo.addons.lead_management.models.messaging.provider.provider import (
    PROVIDERS,
    Provider,
)
from odoo.addons.lead_management.models.nurturing.sequence.step_kind import (
    KINDS,
    StepKind,
)
from odoo.addons.lead_management.models.nurturing.sequence.trigger import (
    TRIGGERS,
    Trigger,
)
from odoo.addons.lead_management.models.sharing.policy.fact import FACTS, Fact
from odoo.addons.lead_management.models.timeline.source import (
    SOURCES,
    SOURCES_MAX,
    Source,
)
from odoo.addons.lead_management.models.verification.provider.service import (
    SERVICES,
    Service,
)
from odoo.addons.lead_management.tests.common import LeadManagementCase

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "odoo.addons.lead_management"

# A registry, the class whose promises its classes keep, and the field whose selection
# their keys are. Where it has values that are no plug-in, ``is_part``.
Contract = namedtuple("Contract", "registry base field is_part", defaults=(False,))
CONTRACTS = (
    Contract(DOORS, Door, "lead.capture.source.kind"),
    Contract(SERVICES, Service, "lead.check.service.key"),
    Contract(AGENCIES, Agency, "lead.credit.provider.key"),
    Contract(TARGET_KINDS, TargetKind, "lead.assignment.rule.target", is_part=True),
    Contract(REGISTERED, Channel, "lead.message.channel"),
    Contract(PROVIDERS, Provider, None),
    Contract(KINDS, StepKind, "lead.sequence.step.kind"),
    Contract(TRIGGERS, Trigger, "lead.sequence.trigger"),
    Contract(SOURCES, Source, None),
    Contract(SECTIONS, Section, None),
    Contract(FACTS, Fact, "lead.share.policy.fact.fact"),
)
# Rooms and fields whose value is a key: nobody compares it with a word there.
ASKED = (
    ("capture", "kind", DOORS),
    ("messaging", "channel", REGISTERED),
    ("nurturing", "kind", KINDS),
    ("nurturing", "trigger", TRIGGERS),
    ("sharing", "fact", FACTS),
    ("verification", "key", SERVICES),
    ("credit", "key", AGENCIES),
)


def _get_registries():
    """Return all registries of the addons that are loaded, each once."""
    return {
        id(value): value
        for name, module in [*sys.modules.items()]
        if name.startswith(PACKAGE)
        for value in vars(module).values()
        if isinstance(value, Registry)
    }


def _get_methods(base):
    """Yield names and functions of what a base class defines."""
    for name, value in vars(base).items():
        function = getattr(value, "__func__", value)
        if inspect.isfunction(function):
            yield name, function


def _find_words(source, fname, keys):
    """Return the lines where a field is compared with one of the keys as a word."""

    def is_key(node):
        return any(
            isinstance(each, ast.Constant) and each.value in keys
            for each in ast.walk(node)
        )

    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            named = any(getattr(side, "attr", None) == fname for side in sides)
            found = named and any(map(is_key, sides))
        elif isinstance(node, ast.Tuple) and len(node.elts) == 3:
            first, __, last = node.elts
            path = first.value if isinstance(first, ast.Constant) else None
            found = str(path).rpartition(".")[2] == fname and is_key(last)
        else:
            continue
        if found:
            lines.append(node.lineno)
    return lines


class TestPlugins(LeadManagementCase):
    """Each is complete in its file, and known by its class alone."""

    def _each(self):
        for contract in CONTRACTS:
            for cls in contract.registry:
                yield contract, cls

    def test_each_registry_has_a_contract(self):
        known = {id(contract.registry) for contract in CONTRACTS}
        self.assertEqual(_get_registries().keys(), known)

    def test_what_the_base_asks_for_is_there(self):
        for contract, cls in self._each():
            self.assertTrue(issubclass(cls, contract.base))
            for name, function in _get_methods(contract.base):
                where = f"{cls.__name__}.{name}"
                own = inspect.getattr_static(cls, name)
                kind = type(inspect.getattr_static(contract.base, name))
                self.assertIs(type(own), kind, where)
                own = getattr(own, "__func__", own)
                if "NotImplementedError" in function.__code__.co_names:
                    self.assertIsNot(own, function, where)
                asked = [*inspect.signature(function).parameters]
                given = [*inspect.signature(own).parameters.values()]
                self.assertEqual(
                    [one.name for one in given][: len(asked)], asked, where
                )
                for more in given[len(asked) :]:
                    self.assertIsNot(more.default, more.empty, where)

    def test_facts_are_of_the_kind_the_base_says(self):
        for contract, cls in self._each():
            for name, value in vars(contract.base).items():
                own = getattr(cls, name)
                if name.startswith("_") or callable(own) or value is None:
                    continue
                self.assertIs(type(own), type(value), f"{cls.__name__}.{name}")

    def test_keys_are_those_of_the_field(self):
        for contract in CONTRACTS:
            if not contract.field:
                continue
            with self.subTest(field=contract.field):
                model, __, fname = contract.field.rpartition(".")
                field = self.env[model]._fields[fname]
                labels = dict(field._description_selection(self.env))
                keys = [key for (key,) in contract.registry._classes]
                if contract.is_part:
                    self.assertLessEqual({*keys}, {*labels})
                else:
                    self.assertEqual({*keys}, {*labels})
                # a list is translated with the addon, what is worked out is not
                self.assertIsInstance(field.selection, list)
                if hasattr(contract.base, "label"):
                    for cls in contract.registry:
                        key = getattr(cls, contract.registry._attributes[0])
                        self.assertEqual(cls.label, labels[key])

    def test_no_key_is_a_word_elsewhere(self):
        for room, fname, registry in ASKED:
            keys = {key[-1] for key in registry._classes}
            found = [
                f"{path.relative_to(ROOT)}:{line}"
                for path in (ROOT / "lead_management/models" / room).rglob("*.py")
                for line in _find_words(path.read_text(), fname, keys)
            ]
            self.assertFalse(found, "ask the class")

    def test_a_word_is_seen(self):
        for source in (
            "step.kind == 'a'",
            "'b' != step.kind",
            "step.kind in ('c', 'a')",
            "[('kind', '=', 'a')]",
            "[('step_id.kind', 'in', ['c', 'b'])]",
        ):
            self.assertTrue(_find_words(source, "kind", {"a", "b"}), source)
        for source in ("step.kind == 'c'", "step.kin == 'a'", "[('kin', '=', 'a')]"):
            self.assertFalse(_find_words(source, "kind", {"a", "b"}), source)

    def test_sections_have_words(self):
        for section in SECTIONS:
            with self.subTest(section=section.key):
                own = {name for cls in section.__mro__[:-2] for name in vars(cls)}
                self.assertLessEqual({"get_title", "get_help", "build"}, own)

    def test_sources_have_numbers_of_their_own(self):
        for source in SOURCES:
            with self.subTest(source=source.__name__):
                self.assertTrue(0 < source.number < SOURCES_MAX and source.model)

    def test_targets_say_what_they_settle(self):
        outcomes = self.env["lead.assignment.log"]._fields["outcome"]
        for kind in TARGET_KINDS:
            self.assertIn(kind.outcome, outcomes.get_values(self.env))

    def test_doors_have_their_pictures(self):
        folder = ROOT / "lead_management/static/img/capture"
        drawn = {door.name for door in DOORS if door.has_picture}
        self.assertEqual(drawn, {path.stem for path in folder.glob("*.svg")})
