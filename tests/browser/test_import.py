import csv
import io
from collections import Counter
from pathlib import Path

from odoo.tests import HttpCase, tagged
from odoo.tools.convert import convert_file

from odoo.addons.lead_management.tests.commits import CommitCase

FILE = Path(__file__).parents[1] / "data" / "opportunities_200.csv"
DEMO_FILES = (
    "product_product_demo.xml",
    "res_users_demo.xml",
    "crm_team_demo.xml",
    "scoring/lead_score_rule_demo.xml",
    "assignment/lead_assignment_rule_demo.xml",
)


@tagged("standard", "post_install", "-at_install")
class TestImport(CommitCase, HttpCase):
    """The company of the demo data imports files through the screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.assignment.rule"].search([]).active = False
        for name in DEMO_FILES:
            convert_file(cls.env, "lead_management", f"demo/{name}", {}, noupdate=True)
        cls.env["lead.assignment.rule"].search([]).active = False
        cls.rules = {
            region: cls._demo(f"lead_assignment_rule_{region}")
            for region in ("big_deal", "central", "east", "west", "rest")
        }
        for rule in cls.rules.values():
            rule.active = True
        cls.manager = cls._demo("user_manager")
        # the tours read the screen, and the files hold names, in English
        cls.env["res.lang"]._activate_lang("en_US")
        cls.manager.write({"lang": "en_US", "tour_enabled": False})

    @classmethod
    def _demo(cls, name):
        return cls.env.ref(f"lead_management.{name}_demo")

    def _new_file(self, name, content):
        """Store a file where the tour finds it."""
        attachment = self.env["ir.attachment"].create(
            {"name": f"{name}.csv", "raw": content, "public": True}
        )
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"lead_management_test.{name}", "record": attachment}]
        )

    def _import(self, tour):
        before = self.env["crm.lead"].with_context(active_test=False).search([])
        self.start_tour(
            "/odoo/lead-pipeline", tour, login=self.manager.login, timeout=180
        )
        self.env.invalidate_all()
        return self.env["crm.lead"].with_context(active_test=False).search([]) - before

    def test_file_of_200(self):
        content = FILE.read_bytes()
        self._new_file("good_file", content)
        leads = self._import("lead_management_import")
        rows = list(csv.DictReader(io.StringIO(content.decode())))
        self.assertEqual(len(leads), len(rows))
        for row in rows:
            self._check_lead(self.env.ref(row["id"]), row)
        self._check_shares(leads)

    def _check_lead(self, lead, row):
        self.assertEqual(lead.name, row["name"])
        self.assertEqual(lead.stage_id.name, row["stage_id"])
        status = {"Customer": "won", "Unqualified": "lost"}
        self.assertEqual(lead.won_status, status.get(row["stage_id"], "pending"))
        self.assertTrue(lead.active)
        self.assertEqual(lead.product_ids.mapped("name"), [row["product_ids"]])
        self.assertEqual(lead.industry_id.name or "", row["industry_id"])
        region = (
            "big_deal" if lead.expected_revenue >= 20000 else row["tag_ids"].lower()
        )
        rule = self.rules[region]
        self.assertEqual(lead.assignment_log_ids.rule_id, rule)
        self.assertIn(lead.user_id, rule.user_id or rule.team_id.member_ids)

    def _check_shares(self, leads):
        """Everything is scored, and dealt evenly by each rule."""
        self.assertFalse(any(leads.mapped("assignment_pending")))
        scores = self.env["lead.score"].search([("lead_id", "in", leads.ids)])
        self.assertEqual(len(scores), len(leads))
        self.assertGreater(len(set(scores.mapped("total"))), 3)
        by_rule = leads.grouped(lambda lead: lead.assignment_log_ids.rule_id)
        for rule, dealt in by_rule.items():
            shares = Counter(lead.user_id for lead in dealt)
            self.assertEqual(set(shares), set(rule.user_id or rule.team_id.member_ids))
            self.assertLessEqual(max(shares.values()) - min(shares.values()), 1)

    def test_file_with_errors(self):
        rows = [
            [f"Lead {number}", f"lead{number}@example.com", "Open"]
            for number in range(120)
        ]
        bad = [[*row] for row in rows]
        bad[1][2] = bad[119][2] = "Opne"
        bad[59][1] = "lead59 at example"
        self._new_file("bad_file", self._csv(bad))
        self._new_file("corrected_file", self._csv(rows))
        leads = self._import("lead_management_import_errors")
        self.assertEqual(sorted(leads.mapped("name")), sorted(row[0] for row in rows))
        self.assertEqual(leads.stage_id.stage_type, "open")

    def _csv(self, rows):
        text = io.StringIO()
        csv.writer(text).writerows([["name", "email_from", "stage_id"], *rows])
        return text.getvalue().encode()
