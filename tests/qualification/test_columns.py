from odoo.exceptions import ValidationError
from odoo.tests import Form

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestColumns(LeadManagementCase):
    """One column per question: lists, filters, conditions, imports, templates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.timeline = cls._new_qualifier(
            "Timeframe",
            options=[("This quarter", 0), ("Next quarter", 0), ("Later", 0)],
        )
        cls.needs = cls._new_qualifier(
            "Needs", "multiple", [("Speed", 0), ("Price", 0)]
        )
        cls.seats = cls._new_qualifier("Seats", "number", unit="seats")
        cls.start = cls._new_qualifier("Start", "date")
        cls.problem = cls._new_qualifier("Problem", "text")
        cls.speed, cls.price = cls.needs.option_ids
        cls.full, cls.later, cls.none = (
            cls._new_lead(name=name) for name in ("Full", "Later", "None")
        )
        cls.full.write(
            {
                "x_qualifier_timeframe": "this_quarter",
                "x_qualifier_needs": [(6, 0, cls.needs.option_ids.ids)],
                "x_qualifier_seats": 12.5,
                "x_qualifier_start": "2026-12-01",
                "x_qualifier_problem": "Too slow",
            }
        )
        cls.later.write(
            {
                "x_qualifier_timeframe": "later",
                "x_qualifier_needs": [(4, cls.price.id)],
                "x_qualifier_seats": 0,
            }
        )
        cls.leads = cls.full + cls.later + cls.none

    def _search(self, *conditions, user=None, **options):
        Lead = self.env["crm.lead"].with_user(user or self.rep)
        return Lead.search([("id", "in", self.leads.ids), *conditions], **options)

    # -- reading and writing --------------------------------------------------

    def test_values(self):
        self.env.invalidate_all()
        full = self.full.with_user(self.rep)
        self.assertEqual(full.x_qualifier_timeframe, "this_quarter")
        self.assertEqual(full.x_qualifier_needs, self.needs.option_ids)
        self.assertEqual(full.x_qualifier_seats, 12.5)
        self.assertEqual(str(full.x_qualifier_start), "2026-12-01")
        self.assertEqual(full.x_qualifier_problem, "Too slow")
        self.assertEqual(full.x_qualifier_timeframe_text, "This quarter")
        self.assertEqual(full.x_qualifier_needs_text, "Speed, Price")
        self.assertEqual(full.x_qualifier_seats_text, "12.5 seats")
        self.assertEqual(self.later.x_qualifier_seats_text, "0 seats")
        self.assertFalse(self.none.x_qualifier_seats_text)

    def test_empty_takes_the_answer_back(self):
        self.full.with_user(self.rep).write(
            {"x_qualifier_timeframe": False, "x_qualifier_seats": False}
        )
        self.assertFalse(self.full.x_qualifier_timeframe)
        self.assertFalse(self.full.x_qualifier_seats_text)
        self.assertEqual(len(self.full.qualifier_history_ids), 5)

    def test_wrong_value_is_refused_with_a_clear_message(self):
        with self.assertRaisesRegex(
            ValidationError, "This quarter, Next quarter, Later"
        ):
            self.full.with_user(self.rep).write({"x_qualifier_timeframe": "never"})
        with self.assertRaises(ValidationError):
            self.env["crm.lead"].create({"name": "X", "x_qualifier_seats": "many"})

    def test_several_leads_at_once(self):
        self.leads.with_user(self.rep).x_qualifier_timeframe = "next_quarter"
        self.assertEqual(
            set(self.leads.mapped("x_qualifier_timeframe")), {"next_quarter"}
        )

    def test_form_with_a_column(self):
        view = self.env["ir.ui.view"].create(
            {
                "model": "crm.lead",
                "arch": '<form><field name="x_qualifier_timeframe"/></form>',
            }
        )
        with Form(self.none.with_user(self.rep), view=view) as form:
            form.x_qualifier_timeframe = "later"
        self.assertEqual(self.none.x_qualifier_timeframe, "later")

    # -- searching ------------------------------------------------------------

    def test_search(self):
        timeline, seats = "x_qualifier_timeframe", "x_qualifier_seats"
        cases = [
            ((timeline, "=", "later"), self.later),
            ((timeline, "in", ["later", "this_quarter"]), self.full + self.later),
            ((timeline, "!=", "later"), self.full + self.none),
            ((timeline, "=", False), self.none),
            ((timeline, "!=", False), self.full + self.later),
            ((timeline, "in", ["later", False]), self.later + self.none),
            ((timeline, "not in", ["later", False]), self.full),
            ((timeline, "=", "no such answer"), self.env["crm.lead"]),
            (("x_qualifier_needs", "in", self.speed.ids), self.full),
            (("x_qualifier_needs", "in", self.price.ids), self.full + self.later),
            (("x_qualifier_needs", "not in", self.speed.ids), self.later + self.none),
            (("x_qualifier_needs", "=", False), self.none),
            (("x_qualifier_needs.name", "=", "Speed"), self.full),
            ((seats, ">", 10), self.full),
            ((seats, "<=", 10), self.later),
            ((seats, "=", 12.5), self.full),
            ((seats, "=", False), self.none),
            (("x_qualifier_start", "<", "2027-01-01"), self.full),
            (("x_qualifier_start", "=", False), self.later + self.none),
            (("x_qualifier_problem", "ilike", "SLOW"), self.full),
            (("x_qualifier_problem", "not ilike", "slow"), self.later + self.none),
        ]
        for condition, expected in cases:
            with self.subTest(condition=condition):
                found = self._search(condition)
                self.assertEqual(set(found.ids), set(expected.ids))
                if condition[0] == seats:
                    continue  # in memory, a number that is not known is 0
                filtered = self.leads.with_user(self.rep).filtered_domain([condition])
                self.assertEqual(set(filtered.ids), set(expected.ids))

    def test_history_is_not_found(self):
        self.full.x_qualifier_timeframe = "later"
        self.assertFalse(self._search(("x_qualifier_timeframe", "=", "this_quarter")))
        archived = self._search(("x_qualifier_timeframe", "=", "this_quarter"))
        self.assertFalse(archived.with_context(active_test=False))

    def test_sort_in_the_order_of_the_options(self):
        found = self._search(order="x_qualifier_timeframe, id")
        self.assertEqual(found, self.leads.with_user(self.rep))
        found = self._search(order="x_qualifier_seats desc, id")
        self.assertEqual(found[-2:], (self.full + self.later).with_user(self.rep))

    def test_group_in_the_order_of_the_options(self):
        self.none.x_qualifier_timeframe = "next_quarter"
        Lead = self.env["crm.lead"].with_user(self.rep)
        scope = [("id", "in", self.leads.ids)]
        groups = Lead._read_group(scope, ["x_qualifier_timeframe"], ["__count"])
        self.assertEqual(
            groups, [("this_quarter", 1), ("next_quarter", 1), ("later", 1)]
        )
        groups = Lead._read_group(scope, ["x_qualifier_needs"], ["__count"])
        self.assertEqual(
            {option.name: count for option, count in groups},
            {"Speed": 1, "Price": 2, False: 1},
        )
        groups = Lead._read_group(scope, ["x_qualifier_start:month"], ["__count"])
        self.assertEqual(len(groups), 2)
        groups = Lead._read_group(scope, [], ["x_qualifier_seats:sum"])
        self.assertEqual(groups, [(12.5,)])
        result = Lead.web_read_group(
            scope,
            ["x_qualifier_timeframe"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification={"name": {}},
        )
        names = [group["x_qualifier_timeframe"] for group in result["groups"]]
        self.assertEqual(names, ["this_quarter", "next_quarter", "later"])
        records = [group["__records"] for group in result["groups"]]
        self.assertEqual([r[0]["name"] for r in records], ["Full", "None", "Later"])

    # -- what the web client is told ------------------------------------------

    def test_description(self):
        Lead = self.env["crm.lead"].with_user(self.rep).with_context(lang="en_US")
        description = Lead.fields_get()
        timeline = description["x_qualifier_timeframe"]
        self.assertEqual(timeline["string"], "Timeframe")
        self.assertEqual(
            timeline["selection"],
            [
                ("this_quarter", "This quarter"),
                ("next_quarter", "Next quarter"),
                ("later", "Later"),
            ],
        )
        for name in ("timeframe", "needs", "seats", "start", "problem"):
            column = description[f"x_qualifier_{name}"]
            with self.subTest(column=name):
                self.assertTrue(column["searchable"])
                self.assertTrue(column["groupable"] or name == "seats")
                self.assertFalse(column["readonly"])
        text = description["x_qualifier_timeframe_text"]
        self.assertFalse(text["searchable"] or text["groupable"])
        self.assertFalse(text.get("exportable", True))

    def test_labels_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.timeline.with_context(lang="fr_FR").name = "Échéance"
        option = self.timeline.option_ids[0]
        option.with_context(lang="fr_FR").name = "Ce trimestre"
        Lead = self.env["crm.lead"].with_context(lang="fr_FR")
        timeline = Lead.fields_get(["x_qualifier_timeframe"])["x_qualifier_timeframe"]
        self.assertEqual(timeline["string"], "Échéance")
        self.assertEqual(timeline["selection"][0], ("this_quarter", "Ce trimestre"))
        full = self.full.with_context(lang="fr_FR")
        self.assertEqual(full.x_qualifier_timeframe_text, "Ce trimestre")

    def test_lists_offer_the_columns(self):
        arch = (
            self.env["crm.lead"].with_user(self.rep).get_view(view_type="list")["arch"]
        )
        self.assertIn('name="x_qualifier_timeframe"', arch)
        self.assertIn('optional="hide"', arch)
        arch = self.env["crm.lead"].get_view(view_type="search")["arch"]
        self.assertIn("group_x_qualifier_timeframe", arch)
        self.timeline.active = False
        arch = (
            self.env["crm.lead"].with_user(self.rep).get_view(view_type="list")["arch"]
        )
        self.assertNotIn('name="x_qualifier_timeframe"', arch)

    def test_a_question_that_goes_takes_its_columns(self):
        extra = self._new_qualifier("Extra", "number")
        self.assertIn("x_qualifier_extra", self.env["crm.lead"]._fields)
        extra.with_user(self.manager).unlink()
        self.assertNotIn("x_qualifier_extra", self.env["crm.lead"]._fields)
        self.assertNotIn("x_qualifier_extra_text", self.env["crm.lead"]._fields)

    # -- rules, import, export, templates -------------------------------------

    def test_rules_read_answers(self):
        self._new_score_rule([("x_qualifier_timeframe", "=", "this_quarter")], 25)
        self._new_score_rule([("x_qualifier_seats", ">", 100)], 40)
        segment = self._new_segment("Soon", [("x_qualifier_timeframe", "!=", "later")])
        self.assertEqual(self.full.score_total, 25)
        self.none.with_user(self.rep).x_qualifier_seats = 200
        self.assertEqual(self.none.score_total, 40)
        self.none.with_user(self.rep).x_qualifier_seats = 20
        self.assertEqual(self.none.score_total, 0)
        self.assertEqual(self.full.segment_id, segment)
        self.assertFalse(self.later.segment_id)
        self.later.with_user(self.rep).x_qualifier_timeframe = "next_quarter"
        self.assertEqual(self.later.segment_id, segment)

    def test_assignment_rule_reads_answers(self):
        self._new_assignment_rule(
            [("x_qualifier_timeframe", "=", "this_quarter")],
            target="user",
            user_id=self.rep_2.id,
        )
        lead = self.env["crm.lead"].create(
            {"name": "New", "user_id": False, "x_qualifier_timeframe": "this_quarter"}
        )
        self.commit()
        self.assertEqual(lead.user_id, self.rep_2)

    def test_import_and_export(self):
        Lead = self.env["crm.lead"].with_user(self.manager)
        columns = [
            "name",
            "x_qualifier_timeframe",
            "x_qualifier_needs",
            "x_qualifier_seats",
        ]
        columns += ["x_qualifier_start", "x_qualifier_problem"]
        rows = [
            ["One", "Later", "Speed,Price", "12", "2026-12-24", "=1+1"],
            ["Two", "this_quarter", "", "", "", ""],
            ["Bad", "never", "", "", "", ""],
            ["Worse", "", "", "a dozen", "", ""],
            ["Old", "", "", "", "0001-01-01", ""],
        ]
        result = Lead.load(columns, rows)
        self.assertEqual(len(result["ids"]), 2, result["messages"])
        messages = " ".join(message["message"] for message in result["messages"])
        for number, name in ((3, "Timeframe"), (4, "Seats"), (5, "Start")):
            self.assertIn(f"Row {number}", messages)
            self.assertIn(name, messages)
        leads = Lead.browse(result["ids"])
        self.assertEqual(leads[0].x_qualifier_needs, self.needs.option_ids)
        self.assertEqual(leads[1].x_qualifier_timeframe, "this_quarter")
        self.assertEqual(set(leads.qualifier_answer_ids.mapped("source")), {"import"})
        exported = leads.sudo().export_data(columns)["datas"]
        self.assertEqual(exported[0][1], "Later")
        self.assertEqual(exported[0][3], 12)
        self.assertEqual(exported[0][5], "=1+1")

    def test_import_screen_finds_the_columns_by_their_labels(self):
        file = "name,Timeframe,Seats\nOne,Later,12\n"
        importer = (
            self.env["base_import.import"]
            .with_user(self.manager)
            .with_context(lang="en_US")
            .create(
                {
                    "res_model": "crm.lead",
                    "file": file.encode(),
                    "file_type": "text/csv",
                    "file_name": "leads.csv",
                }
            )
        )
        preview = importer.parse_preview(
            {"has_headers": True, "quoting": '"', "separator": ","}
        )
        self.assertEqual(
            list(preview["matches"].values()),
            [["name"], ["x_qualifier_timeframe"], ["x_qualifier_seats"]],
        )

    def test_options_of_the_same_name_are_told_apart_in_imports(self):
        other = self._new_qualifier("Others", "multiple", [("Speed", 0)])
        result = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .load(["name", "x_qualifier_needs"], [["One", "Speed"]])
        )
        lead = self.env["crm.lead"].browse(result["ids"])
        self.assertEqual(lead.x_qualifier_needs, self.speed)
        self.assertFalse(lead[other.column_name])

    def test_templates_print_answers(self):
        template = self.env["mail.template"].create(
            {
                "name": "T",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "Start {{ object.x_qualifier_timeframe_text }}",
                "body_html": '<p t-out="object.x_qualifier_problem"/>',
            }
        )
        subject = template._render_field("subject", self.full.ids)[self.full.id]
        self.assertEqual(subject, "Start This quarter")
        body = template._render_field("body_html", self.full.ids)[self.full.id]
        self.assertIn("Too slow", body)
