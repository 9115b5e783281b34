from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestScore(LeadManagementCase):
    def test_sum_of_the_matching_rules(self):
        self._new_score_rule([("email_from", "!=", False)], 20)
        self._new_score_rule([("phone", "!=", False)], 15)
        self._new_score_rule([("phone", "=", False)], -5)
        lead = self._new_lead(email_from="ann@example.com").with_user(self.rep)
        self.assertEqual(lead.score_total, 15)
        lead.phone = "+1 555 0100"
        self.assertEqual(lead.score_total, 35)
        lead.email_from = False
        self.assertEqual(lead.score_total, 15)

    def test_limited_to_0_and_100(self):
        self._new_score_rule([], 80)
        self._new_score_rule([], 80)
        self._new_score_rule([("name", "=", "Bad")], -100)
        self._new_score_rule([("name", "=", "Bad")], -100)
        self.assertEqual(self._new_lead().score_total, 100)
        self.assertEqual(self._new_lead(name="Bad").score_total, 0)

    def test_temperature_follows_the_thresholds(self):
        self._new_score_rule([("name", "in", ["Warm", "Hot"])], 30)
        self._new_score_rule([("name", "=", "Hot")], 30)
        leads = self.env["crm.lead"].create(
            [{"name": name} for name in ("Cold", "Warm", "Hot")]
        )
        self.assertEqual(leads.mapped("score_temperature"), ["cold", "warm", "hot"])
        self.env.ref("lead_management.score_model_starter").write(
            {"warm_from": 10, "hot_from": 30}
        )
        self.assertEqual(leads.mapped("score_temperature"), ["cold", "hot", "hot"])

    def test_reasons_best_first(self):
        self._new_score_rule([("phone", "=", False)], -5, name="No phone")
        self._new_score_rule([], 5, name="Everybody")
        self._new_score_rule([("email_from", "!=", False)], 20, name="E-mail")
        self._new_score_rule([("website", "!=", False)], 50, name="Website")
        lead = self._new_lead(email_from="ann@example.com").with_user(self.rep)
        self.assertEqual(
            lead.score_reasons,
            [
                {"name": "E-mail", "points": 20, "dimension": "fit"},
                {"name": "Everybody", "points": 5, "dimension": "fit"},
                {"name": "No phone", "points": -5, "dimension": "fit"},
            ],
        )

    def test_reasons_speak_the_language_of_the_reader(self):
        rule = self._new_score_rule([], 5, name="Everybody")
        rule.with_context(lang="fr_FR").name = "Tout le monde"
        lead = self._new_lead()
        self.assertEqual(lead.score_reasons[0]["name"], "Everybody")
        french = lead.with_context(lang="fr_FR")
        french.invalidate_recordset()
        self.assertEqual(french.score_reasons[0]["name"], "Tout le monde")

    def test_rule_changes_rescore(self):
        lead = self._new_lead()
        rule = self._new_score_rule([("name", "=", "Lead")], 10)
        self.assertEqual(lead.score_total, 10)
        rule.points = 25
        self.assertEqual(lead.score_total, 25)
        rule.domain = "[('name', '=', 'Other')]"
        self.assertEqual(lead.score_total, 0)
        rule.domain = "[]"
        self.assertEqual(lead.score_total, 25)
        rule.active = False
        self.assertEqual(lead.score_total, 0)
        rule.active = True
        rule.unlink()
        self.assertEqual(lead.score_total, 0)

    def test_archived_leads_are_scored(self):
        lead = self._new_lead(active=False)
        self._new_score_rule([], 10)
        self.assertEqual(lead.score_total, 10)

    def test_computed_field_of_a_rule(self):
        """email_state is computed from email_from: writing that one is enough."""
        self._new_score_rule([("email_state", "=", "correct")], 10)
        lead = self._new_lead(email_from="nonsense")
        self.assertEqual(lead.score_total, 0)
        lead.email_from = "ann@example.com"
        self.assertEqual(lead.score_total, 10)

    def test_many2many_and_related_fields(self):
        tag = self.env["crm.tag"].create({"name": "Fair 2026"})
        us = self.env.ref("base.us")
        self._new_score_rule([("tag_ids", "in", tag.ids)], 10)
        self._new_score_rule([("country_id.code", "=", "US")], 20)
        lead = self._new_lead()
        lead.tag_ids = [Command.link(tag.id)]
        self.assertEqual(lead.score_total, 10)
        lead.country_id = us
        self.assertEqual(lead.score_total, 30)
        lead.tag_ids = [Command.clear()]
        self.assertEqual(lead.score_total, 20)

    def test_not_set_counts_as_information(self):
        self._new_score_rule([("website", "=", False), ("function", "=", False)], -10)
        self._new_score_rule([], 20)
        self.assertEqual(self._new_lead().score_total, 10)
        self.assertEqual(self._new_lead(function="CEO").score_total, 20)

    def test_relative_dates_move_on_by_the_nightly_rescore(self):
        self._new_score_rule([("create_date", ">=", "-30d")], 10)
        lead = self._new_lead()
        self.assertEqual(lead.score_total, 10)
        cron = self.env.ref("lead_management.ir_cron_rescore")
        later = fields.Datetime.now() + timedelta(days=40)
        self.env.flush_all()
        with self.enter_registry_test_mode(), freeze_time(later):
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(lead.score_total, 0)

    def test_new_record_in_a_form_has_no_score(self):
        lead = self.env["crm.lead"].new({"name": "Draft"})
        self.assertEqual(lead.score_total, 0)
        self.assertEqual(lead.score_temperature, "cold")
        self.assertFalse(lead.score_reasons)

    def test_merge_rescores(self):
        self._new_score_rule([("phone", "!=", False)], 10)
        self._new_score_rule([("email_from", "!=", False)], 20)
        leads = self._new_lead(phone="+1 555 0100") + self._new_lead(
            email_from="ann@example.com"
        )
        merged = leads.merge_opportunity()
        self.assertEqual(merged.score_total, 30)

    def test_deleted_lead_takes_its_score_along(self):
        lead = self._new_lead()
        self.env.flush_all()
        lead._derived_flush()
        lead_id = lead.id
        lead.unlink()
        self.assertFalse(self.env["lead.score"].search([("lead_id", "=", lead_id)]))

    def test_rolled_back_change_leaves_no_score(self):
        self._new_score_rule([("phone", "!=", False)], 10)
        lead = self._new_lead()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            lead.phone = "+1 555 0100"
            self.assertEqual(lead.score_total, 10)
            raise ZeroDivisionError
        self.assertEqual(lead.score_total, 0)


class TestScoreInLists(LeadManagementCase):
    """A score is searched, sorted, grouped and averaged as a column is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._new_score_rule([("employee_count", ">=", 10)], 30)
        cls._new_score_rule([("employee_count", ">=", 100)], 40)
        cls.leads = cls.env["crm.lead"].create(
            [
                {"name": f"L{size}", "employee_count": size, "user_id": cls.rep.id}
                for size in (5, 500, 50)
            ]
        )
        cls.domain = [("id", "in", cls.leads.ids)]

    def _search(self, *domain, **kwargs):
        return (
            self.env["crm.lead"]
            .with_user(self.rep)
            .search([*self.domain, *domain], **kwargs)
            .mapped("name")
        )

    def test_search(self):
        for domain, names in [
            (("score_total", ">=", 30), {"L500", "L50"}),
            (("score_total", "<", 30), {"L5"}),
            (("score_total", "=", 70), {"L500"}),
            (("score_total", "!=", 70), {"L5", "L50"}),
            (("score_total", "in", [0, 30]), {"L5", "L50"}),
            (("score_total", "=", False), {"L5"}),
            (("score_temperature", "=", "hot"), {"L500"}),
            (("score_temperature", "!=", "hot"), {"L5", "L50"}),
            (("score_temperature", "in", ["cold", "warm"]), {"L5", "L50"}),
        ]:
            with self.subTest(domain=domain):
                self.assertEqual(set(self._search(domain)), names)
                filtered = self.leads.filtered_domain([domain])
                self.assertEqual(set(filtered.mapped("name")), names)

    def test_conditions_on_a_lead_without_a_row(self):
        """It has the default, whether that is asked for, left out or the contrary."""
        lead = self.leads[0]
        self.leads.mapped("score_total")
        self.env.cr.execute("DELETE FROM lead_score WHERE lead_id = %s", [lead.id])
        self.env.invalidate_all()
        for condition in (
            *[("score_total", operator, 0) for operator in ("<", "<=", ">", ">=")],
            *[("score_total", operator, 30) for operator in ("<", "<=", ">", ">=")],
            *[
                ("score_total", "in", values)
                for values in ([0], [0, 70], [70], [False])
            ],
            *[("score_total", "not in", values) for values in ([0], [70], [False])],
            ("score_grade", "=", "C3"),
            ("score_grade", "!=", "C3"),
            ("score_grade", "<", "C3"),
            ("score_temperature", "=", "cold"),
            ("score_temperature", "!=", "hot"),
            ("score_model_id", "=", False),
            ("score_model_id", "!=", False),
            ("score_model_id.name", "ilike", "a"),
        ):
            for domain in ([condition], ["!", condition]):
                with self.subTest(domain=domain):
                    found = self.env["crm.lead"].search([*self.domain, *domain])
                    self.assertEqual(found, self.leads.filtered_domain(domain).sorted())

    def test_a_page_is_as_if_everything_were_sorted(self):
        """Also where some leads have no row yet, or pages are not full."""
        CrmLead = self.env["crm.lead"]
        leads = CrmLead.search([])
        leads.mapped("score_total")
        self.env.cr.execute("DELETE FROM lead_score WHERE lead_id = %s", [leads[1].id])
        self.env.invalidate_all()
        for rest in ("", ", id", ", id desc", ", name, id desc"):
            order = f"score_total desc{rest}"
            every = CrmLead.search([], order=order)
            for limit in (1, 2, len(every), len(every) + 1):
                for offset in (0, 1):
                    page = CrmLead.search([], order=order, limit=limit, offset=offset)
                    wanted = every[offset : offset + limit]
                    if rest:
                        self.assertEqual(page, wanted, (order, limit, offset))
                    self.assertEqual(
                        page.mapped("score_total"), wanted.mapped("score_total")
                    )
        found = CrmLead.with_user(self.rep).search(
            [("score_total", ">", 5)], order="score_total desc, id", limit=1
        )
        self.assertLessEqual(found.user_id, self.rep)
        self.assertFalse(CrmLead.search([("id", "=", 0)], order=order, limit=1))

    def test_order(self):
        self.assertEqual(self._search(order="score_total desc"), ["L500", "L50", "L5"])
        self.assertEqual(self._search(order="score_total"), ["L5", "L50", "L500"])

    def test_group_and_average(self):
        groups = (
            self.env["crm.lead"]
            .with_user(self.rep)
            ._read_group(self.domain, ["score_temperature"], ["score_total:avg"])
        )
        self.assertEqual(set(groups), {("cold", 0), ("warm", 30), ("hot", 70)})

    def test_search_sees_a_change_of_the_same_transaction(self):
        self.leads[0].employee_count = 1000
        self.assertIn("L5", self._search(("score_total", "=", 70)))

    def test_export(self):
        rows = self.leads.with_user(self.rep).sudo().export_data(["score_total"])
        self.assertEqual([row[0] for row in rows["datas"]], [0, 70, 30])
