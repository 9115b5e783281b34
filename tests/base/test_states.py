"""Each machine of states has one table: all that ever happens to a record."""

import ast
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tools import file_path

from odoo.addons.lead_management.tests.common import LeadManagementCase

STATE_MIXIN = "lead.state.mixin"
# Where records begin, beside the default: what is inserted is no move.
BEGINNINGS = {
    "lead.message": {"skipped", "sent"},
    "lead.whatsapp.event": {"failed", "ignored"},
}
# Models of ours with a choice called "state" that have no table, and why.
WITHOUT = {
    "lead.credit": "worked out",
    "lead.verification": "worked out",
    "lead.consent": "never changed: a new row says what holds now",
    "lead.consent.dialog": "what a new row is to say",
    "lead.score.example": "worked out",
    "lead.share.report": "that of the share",
    "lead.score.model": "any version may be activated and retired, again and again",
    "lead.whatsapp.account": "what the last check found, whatever it was before",
}
# States of Odoo's models, and of gateways, in code that knows both.
OF_OTHERS = {
    "outgoing",  # mail.mail
    "cancel",
    "manual",  # ir.model.fields
    "installed",  # ir.module.module
    "to upgrade",
    "uninstalled",
}
OPERATORS = {"=", "!=", "in", "not in"}


class TestStates(LeadManagementCase):
    def _get_models(self):
        mixin = self.registry[STATE_MIXIN]
        return [
            model
            for model in self.env.values()
            if issubclass(type(model), mixin) and not model._abstract
        ]

    def test_each_machine_has_a_table_or_its_reason(self):
        machines = {
            name
            for name, model in self.env.items()
            if model._original_module == "lead_management" and not model._abstract
            if "state" in model._fields and model._fields["state"].type == "selection"
        }
        with_table = {model._name for model in self._get_models()}
        self.assertEqual(machines, with_table | set(WITHOUT))

    def test_tables_are_whole(self):
        for model in self._get_models():
            states = set(model._fields["state"].get_values(self.env))
            with self.subTest(model=model._name):
                self.assertEqual(set(model._transitions), states)
                for followers in model._transitions.values():
                    self.assertLessEqual(set(followers), states)
                reached = {model.default_get(["state"])["state"]}
                reached |= BEGINNINGS.get(model._name, set())
                for __ in states:
                    reached |= {
                        after
                        for before in reached
                        for after in model._transitions[before]
                    }
                self.assertEqual(reached, states)

    def _get_choices(self, model):
        return {
            name: field.get_values(self.env)[0]
            for name, field in model._fields.items()
            if field.type == "selection" and field.required
        }

    def test_what_the_table_does_not_say_is_refused(self):
        for model in self._get_models():
            labels = dict(model._fields["state"]._description_selection(self.env))
            for before, followers in model._transitions.items():
                for after in labels:
                    record = model.new({**self._get_choices(model), "state": before})
                    with self.subTest(model=model._name, before=before, after=after):
                        self.assertEqual(record._may_become(after), after in followers)
                        if after in followers:
                            record._check_move(after)
                            continue
                        with self.assertRaises(UserError) as caught:
                            record._check_move(after)
                        for state in (before, after):
                            self.assertIn(labels[state], str(caught.exception))

    def test_one_refused_moves_none(self):
        lead = self._new_lead(email_from="ann@example.com")
        values = {"lead_id": lead.id, "channel": "email", "body": "B"}
        one, other = self.env["lead.message"]._queue([values, {**values, "body": "C"}])
        (one + other).write({"state": "queued"})
        one._move("cancelled")
        with self.assertRaises(UserError):
            (one + other)._move("sending")
        self.assertEqual(other.state, "queued")


class TestStateWords(LeadManagementCase):
    """States are compared with constants: a word that is misspelt is never equal."""

    def test_no_bare_words(self):
        found = [
            f"{path.name}:{line} {word}"
            for path in sorted(Path(file_path("lead_management/models")).rglob("*.py"))
            for line, word in self._find_words(ast.parse(path.read_text()))
            if word not in OF_OTHERS
        ]
        self.assertFalse(found)

    def _find_words(self, tree):
        for node in ast.walk(tree):
            compared = []
            if isinstance(node, ast.Compare) and self._is_state(node.left):
                compared = node.comparators
            elif isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                compared = sides if any(map(self._is_state, sides)) else []
            elif isinstance(node, ast.Tuple) and len(node.elts) == 3:
                compared = self._get_value(*node.elts)
            elif isinstance(node, ast.Call) and len(node.args) == 3:
                compared = self._get_value(*node.args)
            elif isinstance(node, ast.Dict):
                compared = [
                    value
                    for key, value in zip(node.keys, node.values, strict=True)
                    if self._is_name(key)
                ]
            for side in compared:
                for part in ast.walk(side):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.lineno, part.value

    def _get_value(self, name, operator, value):
        is_condition = getattr(operator, "value", None) in OPERATORS
        return [value] if is_condition and self._is_name(name) else []

    def _is_state(self, node):
        return isinstance(node, ast.Attribute) and node.attr in ("state", "turn_state")

    def _is_name(self, node):
        return isinstance(node, ast.Constant) and str(node.value).split(".")[-1] in (
            "state",
            "turn_state",
        )
