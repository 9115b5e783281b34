import json
from html import unescape

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase

from .common import SECRET, CreditCase

PDF = "JVBERi0xLjQgWnl4LXRoZS13aG9sZS1yZXBvcnQ="  # %PDF-1.4 and the secret


class TestReport(CreditCase):
    """A salesperson sees nothing of the report, on whatever road."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.check = cls.env["lead.credit.check"]

    def setUp(self):
        super().setUp()
        with self._agency():
            self.check = self._check()
        self.report = self.check.report_ids
        self.assertTrue(self.report.content)

    def test_no_road_for_a_rep(self):
        for user in (self.rep, self.leader, self.manager):
            Report = self.env["lead.credit.report"].with_user(user)
            for road in (
                lambda R=Report: R.search([]),
                lambda R=Report: R.search_count([]),
                lambda R=Report: R._read_group([], ["name"], ["__count"]),
                lambda R=Report: R.browse(self.report.ids).read(["name"]),
                lambda R=Report: R.browse(self.report.ids).export_data(["name"]),
                lambda R=Report: R.browse(self.report.ids)._open(),
                lambda R=Report: R.create({"check_id": self.check.id, "name": "x"}),
            ):
                # an export is refused even before
                with self.assertRaises(UserError):
                    road()
            Opening = self.env["lead.credit.opening"].with_user(user)
            with self.assertRaises(AccessError):
                Opening.search([])

    def test_nothing_of_it_stands_where_a_rep_reads(self):
        lead = self.lead.with_user(self.rep)
        check = self.check.with_user(self.rep)
        shown = [
            *check.read(),
            *lead.read(["credit_band", "credit_until", "description"]),
            check._get_explanation(),
            lead.action_credit_panel(),
            *lead.message_ids.mapped("body"),
            self.env["lead.timeline"]
            .with_user(self.rep)
            .search([("lead_id", "=", lead.id)])
            .mapped("summary"),
            lead._get_dossier(),
        ]
        text = json.dumps(shown, default=str)
        self.assertIn("Low Risk", text)
        self.assertNotIn(SECRET, text)
        self.assertFalse(
            self.env["ir.attachment"].search_count(
                [("res_model", "=", "lead.credit.report")]
            )
        )
        for domain in (
            [("credit_check_ids.report_ids.name", "ilike", "x")],
            [("credit_check_ids.report_ids", "!=", False)],
        ):
            with self.assertRaises(AccessError):
                lead.search(domain)

    def test_its_content_is_no_field_for_anybody(self):
        report = self.report.with_user(self.reader)
        self.assertNotIn("content", report.fields_get())
        with self.assertRaises(AccessError):
            report.read(["content"])
        self.assertNotIn("content", report.read()[0])

    def test_each_opening_is_noted(self):
        name, mimetype, content = self.report.with_user(self.reader)._open()
        self.assertEqual(mimetype, "application/json")
        self.assertTrue(content)
        opening = self.env["lead.credit.opening"].search([])
        self.assertEqual((opening.user_id, opening.check_id), (self.reader, self.check))
        with self.assertRaises(AccessError):
            opening.with_user(self.reader).unlink()

    def test_openings_and_consents_are_found_from_the_lead(self):
        self.report.with_user(self.reader)._open()
        self.env["lead.credit.consent"].with_user(self.rep)._record(
            self.lead.with_user(self.rep), "Yes", "Letter"
        )
        panel = self.lead.with_user(self.rep).action_credit_panel()
        self.assertEqual((panel["consents"], panel["openings"]), (1, 0))
        lead = self.lead.with_user(self.reader)
        self.assertEqual(lead.action_credit_panel()["openings"], 1)
        action = lead.action_view_credit_openings()
        found = lead.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.user_id, self.reader)
        action = lead.action_view_credit_consents()
        self.assertEqual(len(lead.env[action["res_model"]].search(action["domain"])), 1)

    def test_screen_export_and_dossier_explain_a_band_alike(self):
        check = self.check.with_user(self.rep)
        parts = check._get_explanation()
        self.assertEqual(
            [title for title, __ in parts],
            ["Result", "Data", "Rule", "People and Dates"],
        )
        [(title, printed)] = self.lead.with_user(self.rep)._get_dossier()["credit"]
        self.assertIn("Credit check of", title)
        self.assertEqual(printed, parts)
        page = self.env["ir.qweb"]._render(
            "lead_management.lead_dossier_document",
            {"lead": self.lead.with_user(self.rep)},
        )
        places = [unescape(place) for place in (check.explanation, page)]
        for __, lines in parts:
            for words in lines:
                for place in places:
                    self.assertIn(words[0], place)
                    self.assertIn(words[1], place)

    def test_a_reader_of_another_company_opens_nothing(self):
        other = self.reader.copy({"login": "lm_reader_b", "name": "B"})
        other.write(
            {"company_ids": self.company_b.ids, "company_id": self.company_b.id}
        )
        with self.assertRaises(AccessError):
            self.report.with_user(other)._open()

    def test_erasure_leaves_no_report(self):
        self.lead.with_user(self.manager)._erase_personal_data()
        self.assertFalse(self.report.exists())
        self.assertEqual(self.check.band, "green")
        self.assertFalse(self.check.company_name)

    def test_nothing_is_bought_of_somebody_who_is_forgotten(self):
        lead = self._new_credit_lead(vat="11112222")
        check = self._ask(lead)
        self._approve(check)
        lead._erase_personal_data()
        with self._agency() as agency:
            self._buy_all()
            self.assertFalse(agency.logins)
        self.assertEqual((check.state, check.refusal), ("refused", "erased"))


class TestManual(CreditCase):
    def _enter(self, **values):
        dialog = (
            self.env["lead.credit.manual"]
            .with_user(self.rep)
            .create(
                {
                    "lead_id": self.lead.id,
                    "company_name": "Hollis Ltd",
                    "country_id": self.uk.id,
                    "band": "amber",
                    "has_limit": True,
                    "limit": 8_000,
                    "report": PDF,
                    "report_name": "hollis.pdf",
                    **values,
                }
            )
        )
        dialog.action_save()
        return self.lead.credit_check_ids

    def test_it_counts_when_a_second_person_has_seen_it(self):
        self.policy.approve_above = 1_000_000
        check = self._enter()
        self.assertEqual(check.state, "approval")
        self.assertFalse(self.lead.credit_band)
        panel = self.lead.with_user(self.rep).action_credit_panel()
        self.assertFalse(panel["band"])
        self.assertNotIn("Medium Risk", str(panel["lines"]))
        self.assertTrue(panel["can_cancel"])
        # who decides on it sees what was entered
        panel = self.lead.with_user(self.manager).action_credit_panel()
        self.assertIn(["Entered Result", "Medium Risk"], panel["lines"])
        self.assertTrue(panel["can_approve"] and panel["can_decline"])
        with self.assertRaises(UserError):
            self._approve(check, self.rep)
        self._approve(check)
        self.assertEqual((check.state, self.lead.credit_band), ("done", "amber"))
        self.assertEqual(check.limit, 8_000)
        self.assertFalse(self.env["lead.credit.manual"].search([]))
        with self.assertRaises(AccessError):
            check.report_ids.with_user(self.rep).read(["name"])

    def test_nobody_keeps_what_does_not_count(self):
        check = self._enter()
        check.with_user(self.manager).action_decline()
        self.assertEqual(check.state, "refused")
        self.assertFalse(self.env["lead.credit.report"].search([]))
        # below the threshold by now
        check = self._enter()[0]
        self.lead.expected_revenue = 1
        self._approve(check)
        self.assertEqual((check.state, check.refusal), ("refused", "changed"))
        self.assertFalse(self.lead.credit_band)
        self.assertFalse(self.env["lead.credit.report"].search([]))

    def test_only_a_pdf_that_is_valid_from_today(self):
        for values in (
            {"report": "PGh0bWw+"},
            {"report": "%%%"},
            {"valid_until": "2020-01-01"},
            {"valid_until": "2099-01-01"},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self._enter(**values)
        self.assertFalse(self.lead.credit_check_ids)

    def test_without_an_agency(self):
        self.policy.provider_ids = False
        self.assertEqual(self._enter().state, "approval")


class TestDownloads(CreditCase, HttpCase):
    def test_addresses(self):
        with self._agency():
            check = self._check()
        report = f"/lead/credit/report/{check.report_ids.id}"
        explanation = f"/lead/credit/explanation/{check.id}"
        for user, expected in (
            (None, None),
            (self.rep_2, (404, 404)),
            (self.rep, (404, 200)),
            (self.manager, (404, 200)),
            (self.reader, (200, 200)),
        ):
            if not user:
                for url in (report, explanation):
                    self.assertIn("/web/login", self.url_open(url).url)
                continue
            user.password = "a long password"
            self.authenticate(user.login, "a long password")
            with self.subTest(user=user.login):
                answers = [self.url_open(url) for url in (report, explanation)]
                self.assertEqual(tuple(a.status_code for a in answers), expected)
                if expected[0] == 404:
                    self.assertNotIn(SECRET, answers[0].text)
                else:
                    self.assertIn(SECRET, answers[0].text)
                    self.assertIn("no-store", answers[0].headers["Cache-Control"])
                self.assertNotIn(SECRET, answers[1].text)
        told = self.url_open(f"{explanation}?kind=json").json()
        self.assertEqual(told["Result"]["Result"], "Low Risk")
        self.assertEqual(len(self.env["lead.credit.opening"].search([])), 1)
