from unittest.mock import patch

from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase

COLUMNS = ["id", "name", "email_from", "expected_revenue", "employee_count", "stage_id"]
GOOD = [
    ["file.a", "Chairs", "anna@example.com", "100", "5", "Open"],
    ["file.b", "Desks", "Bob <bob@example.com>", "200.50", "", "Customer"],
    ["file.c", "Lamps", "", "", "0", "Unqualified"],
]


class ImportCase(LeadManagementCase):
    """Files with one to many rows, sent by ``manager`` unless said otherwise."""

    def _load(self, rows, columns=COLUMNS, user=None, **context):
        CrmLead = self.env["crm.lead"].with_user(user or self.manager)
        result = CrmLead.with_context(tracking_disable=True, **context).load(
            list(columns), [list(row) for row in rows]
        )
        self.commit()
        return result

    def _leads(self, result):
        return self.env["crm.lead"].browse(result["ids"])

    def _count(self):
        return self.env["crm.lead"].with_context(active_test=False).search_count([])

    def assert_bad(self, result, *expected):
        """Each expected item is (row, column, words of the message)."""
        messages = [item for item in result["messages"] if item["type"] == "error"]
        self.assertEqual(
            [(item["record"], item.get("field")) for item in messages],
            [(row, column) for row, column, *__ in expected],
        )
        for message, (row, __, *words) in zip(messages, expected, strict=True):
            for word in [f"Row {row + 1}", *words]:
                self.assertIn(word, message["message"])


class TestGoodFile(ImportCase):
    def test_leads_are_as_in_the_file(self):
        result = self._load(GOOD)
        self.assertFalse(result["messages"])
        leads = self._leads(result)
        self.assertEqual(leads.mapped("name"), ["Chairs", "Desks", "Lamps"])
        self.assertEqual(leads.mapped("expected_revenue"), [100, 200.5, 0])
        self.assertEqual(
            leads.mapped("stage_type"), ["open", "customer", "unqualified"]
        )
        self.assertEqual(leads.mapped("won_status"), ["pending", "won", "lost"])
        self.assertEqual(set(leads.mapped("active")), {True})

    def test_leads_are_scored(self):
        self._new_score_rule([("employee_count", ">", 0)], 40)
        leads = self._leads(self._load(GOOD))
        self.assertEqual(leads.mapped("score_total"), [40, 0, 0])

    def test_leads_are_given_out_evenly(self):
        self._new_assignment_rule()
        rows = [[f"file.{number}", f"Lead {number}"] for number in range(7)]
        leads = self._leads(self._load(rows, ["id", "name"], user=self.rep))
        shares = [
            len(leads.filtered(lambda lead, user=user: lead.user_id == user))
            for user in self.rep + self.rep_2 + self.rep_3
        ]
        self.assertEqual(sorted(shares), [2, 2, 3])
        self.assertFalse(any(leads.mapped("assignment_pending")))

    def test_a_rep_imports_own_leads(self):
        leads = self._leads(self._load(GOOD, user=self.rep))
        self.assertEqual(leads.user_id, self.rep)

    def test_names_are_found(self):
        industry = self.env["res.partner.industry"].create({"name": "Space"})
        tags = self.env["crm.tag"].create([{"name": "Moon"}, {"name": "Mars"}])
        product = self.env["product.product"].create({"name": "Rocket"})
        leads = self._leads(
            self._load(
                [["A", "Space", "Moon,Mars", "Rocket"], ["B", "Space", "", "Rocket"]],
                ["name", "industry_id", "tag_ids", "product_ids"],
            )
        )
        self.assertEqual(leads.industry_id, industry)
        self.assertEqual([lead.tag_ids for lead in leads], [tags, tags.browse()])
        self.assertEqual([lead.product_ids for lead in leads], [product] * 2)

    def test_good_rows_are_created_together(self):
        CrmLead = self.env.registry["crm.lead"]
        with patch.object(
            CrmLead, "create", autospec=True, side_effect=CrmLead.create
        ) as create:
            self._load([[f"Lead {number}"] for number in range(50)], ["name"])
        self.assertEqual(create.call_count, 1)

    def test_only_imports_are_checked(self):
        lead = self._new_lead(email_from="ask at the desk")
        self.assertEqual(lead.email_from, "ask at the desk")


class TestBadRows(ImportCase):
    def test_each_kind(self):
        """The bad row is the second of three: it is named, the others are imported."""
        for column, value, *words in [
            ("stage_id", "Opne", "Stage", "Opne", "Use one of these: Open, Contacted"),
            ("email_from", "bob example.com", "Email", "name@example.com"),
            ("email_from", "bob@example", "Email", "bob@example"),
            ("expected_revenue", "much", "much", "Write digits only"),
            ("expected_revenue", "nan", "nan", "not a number"),
            ("employee_count", "ten", "Employees", "ten", "Write digits only"),
            ("employee_count", "-5", "Employees", "-5 is negative"),
            ("date_deadline", "tomorrow", "tomorrow", "2025-12-31"),
            ("industry_id", "Magic", "Industry", "Magic", "exactly as it is in Odoo"),
            ("priority", "Sky-high", "Priority", "Use one of these", "Medium"),
        ]:
            with self.subTest(column=column, value=value):
                before = self._count()
                rows = [["One", ""], ["Two", value], [f"Three {value}", ""]]
                result = self._load(rows, ["name", column])
                self.assert_bad(result, (1, column, *words))
                self.assertEqual(
                    self._leads(result).mapped("name"), ["One", f"Three {value}"]
                )
                self.assertEqual(self._count(), before + 2)
                self._leads(result).unlink()

    def test_several_in_one_file(self):
        result = self._load(
            [
                ["file.1", "One", "one", "x", "", "Open"],
                *GOOD,
                ["file.2", "Two", "two@example.com", "1", "-1", "Nowhere"],
            ]
        )
        self.assert_bad(
            result,
            (0, "email_from"),
            (4, "employee_count"),
        )
        self.assertEqual(len(result["ids"]), 3)

    def test_external_id_twice(self):
        result = self._load([*GOOD, ["file.a", "Sofas", "", "", "", "Open"]])
        self.assert_bad(result, (3, "id", "file.a", "row 1", "an ID of its own"))
        self.assertEqual(self._leads(result)[0].name, "Chairs")

    def test_external_id_twice_with_and_without_prefix(self):
        result = self._load([["x", "One"], ["__import__.x", "Two"]], ["id", "name"])
        self.assert_bad(result, (1, "id", "row 1"))

    def test_same_row_twice(self):
        rows = [row[1:] for row in GOOD]
        result = self._load([*rows, rows[1]], COLUMNS[1:])
        self.assert_bad(result, (3, "name", "the same as row 2", "External ID"))
        self.assertEqual(len(result["ids"]), 3)

    def test_same_cells_under_two_ids_are_two_leads(self):
        result = self._load([["x", "One"], ["y", "One"]], ["id", "name"])
        self.assertFalse(result["messages"])
        self.assertEqual(len(result["ids"]), 2)

    def test_refused_by_a_constraint(self):
        rows = [[f"Lead {number}", "Open", "20"] for number in range(20)]
        rows[13] = ["Won at 50 %", "Customer", "50"]
        result = self._load(rows, ["name", "stage_id", "probability"])
        self.assert_bad(result, (13, None))
        self.assertEqual(len(result["ids"]), 19)
        self.assertNotIn("Won at 50 %", self._leads(result).mapped("name"))

    def test_refused_by_the_database(self):
        result = self._load([["One"], [""], ["Three"]], ["name"])
        self.assert_bad(result, (1, "name", "Missing required value"))
        self.assertEqual(self._leads(result).mapped("name"), ["One", "Three"])

    def test_leads_of_others_are_not_overwritten(self):
        self._load(GOOD)
        rows = [[row[0], "Mine now", *row[2:]] for row in GOOD]
        result = self._load([*rows, ["new", "New"] + [""] * 4], user=self.rep)
        self.assertEqual([item["record"] for item in result["messages"]], [0, 1, 2])
        self.assertIn("you may not change", result["messages"][0]["message"])
        self.assertEqual(self._leads(result).mapped("name"), ["New"])

    def test_nothing_good(self):
        before = self._count()
        result = self._load([["One", "one"], ["Two", "two"]], ["name", "email_from"])
        self.assert_bad(result, (0, "email_from"), (1, "email_from"))
        self.assertFalse(result["ids"])
        self.assertEqual(self._count(), before)

    def test_files_of_modules_are_left_to_odoo(self):
        before = self._count()
        result = self._load(
            [["One", "no address"], ["Two", ""]],
            ["name", "email_from"],
            install_module="lead_management",
        )
        self.assertFalse(result["messages"])
        self.assertEqual(self._count(), before + 2)


class TestAgain(ImportCase):
    """The same file, or the corrected one, is sent a second time."""

    def test_same_file(self):
        for columns, rows in (
            (COLUMNS, GOOD),
            (COLUMNS[1:], [row[1:] for row in GOOD]),
        ):
            with self.subTest(columns=columns):
                first = self._load(rows, columns)
                before = self._count()
                again = self._load(rows, columns)
                self.assertEqual(again["ids"], first["ids"])
                self.assertFalse(again["messages"])
                self.assertEqual(self._count(), before)

    def test_work_done_since_is_kept(self):
        lead = self._leads(self._load(GOOD))[0]
        lead.stage_id = self._stage("negotiation")
        self._load(GOOD)
        self.assertEqual(lead.stage_id, self._stage("negotiation"))

    def test_corrected_file(self):
        for columns in (COLUMNS, COLUMNS[1:]):
            with self.subTest(columns=columns):
                rows = [[*row] for row in [*GOOD, ["file.d", "Sofas"] + [""] * 4]]
                rows[3][5] = "Opne"
                rows = [row[-len(columns) :] for row in rows]
                self.assertEqual(len(self._load(rows, columns)["ids"]), 3)
                before = self._count()
                rows[3][-1] = "Open"
                result = self._load(rows, columns)
                self.assertFalse(result["messages"])
                self.assertEqual(len(result["ids"]), 4)
                self.assertEqual(self._count(), before + 1)

    def test_changed_row_updates_its_lead(self):
        lead = self._leads(self._load(GOOD))[0]
        before = self._count()
        changed = [["file.a", "Armchairs", *GOOD[0][2:]], *GOOD[1:]]
        self._load(changed)
        self.assertEqual(lead.name, "Armchairs")
        self._load(GOOD)
        self.assertEqual(lead.name, "Chairs")
        self.assertEqual(self._count(), before)

    def test_columns_in_another_order(self):
        self._load([["One", "one@example.com"]], ["name", "email_from"])
        before = self._count()
        self._load([["one@example.com", "", "One"]], ["email_from", "phone", "name"])
        self.assertEqual(self._count(), before)

    def test_leads_that_went_to_others(self):
        """A rep no longer sees them, and yet they are not imported again."""
        self._new_assignment_rule(target="user", user_id=self.rep_2.id)
        rows = [["One"], ["Two"]]
        leads = self._leads(self._load(rows, ["name"], user=self.rep))
        self.assertEqual(leads.user_id, self.rep_2)
        before = self._count()
        result = self._load(rows, ["name"], user=self.rep)
        self.assertFalse(result["messages"])
        self.assertEqual(self._count(), before)

    def test_archived(self):
        leads = self._leads(self._load(GOOD))
        leads[0].active = False
        before = self._count()
        self._load(GOOD)
        self.assertEqual(self._count(), before)
        self.assertFalse(leads[0].active)

    def test_deleted(self):
        self._leads(self._load(GOOD))[0].unlink()
        before = self._count()
        self._load(GOOD)
        self.assertEqual(self._count(), before + 1)

    def test_a_copy_is_a_new_lead(self):
        lead = self._leads(self._load([["One"]], ["name"]))
        self.assertTrue(lead.capture_import_key)
        self.assertFalse(lead.copy().capture_import_key)


class TestCompanies(ImportCase):
    def test_each_company_has_its_own_leads(self):
        rows = [row[1:] for row in GOOD]
        ours = self._leads(self._load(rows, COLUMNS[1:]))
        theirs = self._leads(self._load(rows, COLUMNS[1:], user=self.manager_b))
        self.assertFalse(ours & theirs)
        self.assertEqual(ours.company_id, self.company)
        self.assertEqual(theirs.company_id, self.company_b)

    def test_external_id_of_another_company(self):
        ours = self._leads(self._load(GOOD))
        result = self._load([["file.a", "Stolen"]], ["id", "name"], user=self.manager_b)
        self.assertFalse(result["ids"])
        self.assertIn("you may not change", result["messages"][0]["message"])
        self.assertEqual(ours[0].name, "Chairs")

    def test_rules_of_the_company_decide(self):
        self._new_assignment_rule(company_id=self.company.id)
        self._new_assignment_rule(
            company_id=self.company_b.id,
            team_id=self.team_b.id,
            member_ids=[Command.set(self.rep_b.ids)],
        )
        leads = self._leads(self._load([["One"]], ["name"], user=self.manager_b))
        self.assertEqual(leads.user_id, self.rep_b)
