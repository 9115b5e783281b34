"""Answers with several choices, changed by the commands that any many2many takes."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import ValidationError
from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase

COLUMN = "x_qualifier_needs"
CHOICES = 5

positions = st.integers(0, CHOICES - 1)
some = st.lists(positions, max_size=CHOICES)
steps = st.one_of(
    st.tuples(st.just(Command.LINK), positions),
    st.tuples(st.just(Command.LINK), positions, st.just(0)),
    st.tuples(st.just(Command.UNLINK), positions, st.just(0)),
    st.tuples(st.just(Command.CLEAR)),
    st.tuples(st.just(Command.CLEAR), st.just(0), st.just(0)),
    st.tuples(st.just(Command.SET), st.just(0), some),
)
values = st.one_of(st.lists(steps, max_size=6), some, st.just(False), st.none())


def translate(value, ids):
    """Return commands with the ids of records for their positions."""
    if not isinstance(value, list):
        return value
    return [_translate_item(item, ids) for item in value]


def _translate_item(item, ids):
    if not isinstance(item, tuple):
        return ids[item]
    if item[0] == Command.SET:
        return (*item[:2], [ids[position] for position in item[2]])
    if item[0] == Command.CLEAR:
        return item
    return (item[0], ids[item[1]], *item[2:])


class TestChoices(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        options = [(name, 0) for name in "ABCDE"]
        cls.needs = cls._new_qualifier("Needs", "multiple", options)
        cls.a, cls.b, cls.c, *__ = cls.needs.option_ids
        cls.tags = cls.env["crm.tag"].create([{"name": f"Tag {n}"} for n in "ABCDE"])
        cls.lead = cls._new_lead(**{COLUMN: [Command.set((cls.a + cls.b).ids)]})
        cls.other = cls._new_lead(**{COLUMN: [Command.set(cls.c.ids)]})
        cls.leads = (cls.lead + cls.other).with_user(cls.rep)

    def test_a_choice_is_added_on_each_lead(self):
        self.leads.write({COLUMN: [Command.link(self.c.id)]})
        self.assertEqual(self.lead[COLUMN], self.a + self.b + self.c)
        self.assertEqual(self.other[COLUMN], self.c)

    def test_a_choice_is_taken_off_each_lead(self):
        self.leads.write({COLUMN: [Command.unlink(self.a.id)]})
        self.assertEqual(self.lead[COLUMN], self.b)
        self.assertEqual(self.other[COLUMN], self.c)

    def test_the_last_choice_taken_off_leaves_no_answer(self):
        self.leads.write({COLUMN: [Command.unlink(self.c.id)]})
        self.assertEqual(self.lead[COLUMN], self.a + self.b)
        self.assertFalse(self.other[COLUMN])
        self.assertFalse(self.other.qualifier_answer_ids)

    def test_commands_that_change_nothing_write_no_history(self):
        for value in ([], [Command.link(self.a.id)], [Command.unlink(self.c.id)]):
            self.lead.with_user(self.rep).write({COLUMN: value})
        self.assertEqual(self.lead[COLUMN], self.a + self.b)
        self.assertEqual(len(self.lead.qualifier_history_ids), 1)

    def test_records_are_choices(self):
        self.lead.with_user(self.rep)[COLUMN] = self.b + self.c
        self.assertEqual(self.lead[COLUMN], self.b + self.c)
        self.lead.with_user(self.rep).write({COLUMN: self.a})
        self.assertEqual(self.lead[COLUMN], self.a)
        self.lead.with_user(self.rep)[COLUMN] |= self.c
        self.assertEqual(self.lead[COLUMN], self.a + self.c)

    def test_names_are_choices(self):
        self.lead.with_user(self.rep).write({COLUMN: ["B", "c"]})
        self.assertEqual(self.lead[COLUMN], self.b + self.c)

    def test_an_automation_adds_to_what_was_chosen(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Add",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "code",
                "code": f"records.write({{'{COLUMN}': [(4, {self.c.id})]}})",
            }
        )
        context = {"active_model": "crm.lead", "active_ids": self.leads.ids}
        action.with_context(**context).run()
        self.assertEqual(self.lead[COLUMN], self.a + self.b + self.c)

    def test_a_new_lead_starts_with_no_choice(self):
        lead = (
            self.env["crm.lead"]
            .with_user(self.rep)
            .create(
                {
                    "name": "New",
                    COLUMN: [
                        Command.link(self.a.id),
                        Command.link(self.b.id),
                        Command.unlink(self.a.id),
                    ],
                }
            )
        )
        self.assertEqual(lead[COLUMN], self.b)

    def test_options_are_not_made_through_a_lead(self):
        stranger = self._new_qualifier("Other", "multiple", [("X", 0)]).option_ids
        refused = [
            [Command.create({"name": "F", "qualifier_id": self.needs.id})],
            [Command.update(self.a.id, {"name": "Z"})],
            [Command.delete(self.a.id)],
            [Command.link(stranger.id)],
            [Command.set([10**30])],
            [Command.link(self.c.id), (4,)],
            [(4, "1"), (4, None)],
            [(6, 0, None)],
            [(6, 0, "abc")],
            [(9, 1, 2)],
            [("x",)],
            [()],
            [[]],
            [[[]]],
            ["no such"],
            [None],
            {"a": 1},
            True,
            7.5,
        ]
        for value in refused:
            with self.subTest(value=value), self.assertRaises(ValidationError):
                self.lead.with_user(self.rep).write({COLUMN: value})
        self.assertEqual(self.lead[COLUMN], self.a + self.b)
        self.assertEqual(self.a.exists().name, "A")

    def test_statements_do_not_grow_with_leads(self):
        def count(leads):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            leads.write({COLUMN: [Command.link(self.b.id)]})
            self.env.cr.flush()
            return self.env.cr.sql_log_count - before

        few = self._new_leads(5)
        many = self._new_leads(40)
        count(self._new_leads(1))
        self.assertLessEqual(count(many), count(few))

    def _new_leads(self, number):
        vals = {"name": "L", "user_id": self.rep.id, COLUMN: [(4, self.a.id)]}
        return self.env["crm.lead"].create([vals] * number)

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(st.lists(values, min_size=1, max_size=4))
    def test_as_any_many2many(self, changes):
        """Whatever is written, tags and choices end the same, on leads that differ."""
        self.leads.write({COLUMN: False, "tag_ids": False})
        self.lead.write({COLUMN: [(6, 0, [self.a.id])], "tag_ids": self.tags[0]})
        for change in changes:
            self.leads.write(
                {
                    COLUMN: translate(change, self.needs.option_ids.ids),
                    "tag_ids": translate(change, self.tags.ids),
                }
            )
        for lead in self.leads:
            chosen = {self.needs.option_ids.ids.index(i) for i in lead[COLUMN].ids}
            tagged = {self.tags.ids.index(i) for i in lead.tag_ids.ids}
            self.assertEqual(chosen, tagged)
