from unittest.mock import patch

from odoo.exceptions import ValidationError

from odoo.addons.lead_management.models.base.derived import crm_lead_derived
from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestCompleteness(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Item = cls.env["lead.profile.item"]
        cls.phone, cls.size, cls.revenue = cls.Item.create(
            [
                {"field_name": "phone", "weight": 50, "sequence": 1},
                {"field_name": "company_size", "weight": 30, "sequence": 2},
                {"field_name": "annual_revenue", "weight": 20, "sequence": 3},
            ]
        )

    def _missing(self, lead):
        return [item["field"] for item in lead.profile_missing or []]

    def test_share_of_the_weights(self):
        lead = self._new_lead().with_user(self.rep)
        self.assertEqual(lead.profile_completeness, 0)
        self.assertEqual(
            self._missing(lead), ["phone", "company_size", "annual_revenue"]
        )
        lead.phone = "+1 212 555 0100"
        self.assertEqual(lead.profile_completeness, 50)
        lead.employee_count = 5  # the size follows
        self.assertEqual(lead.profile_completeness, 80)
        lead.annual_revenue = 1e6
        self.assertEqual(lead.profile_completeness, 100)
        self.assertEqual(self._missing(lead), [])

    def test_configuration_changes_at_once(self):
        lead = self._new_lead(phone="+1 212 555 0100")
        self.assertEqual(lead.profile_completeness, 50)
        self.size.active = False
        self.assertEqual(lead.profile_completeness, 71)
        self.revenue.unlink()
        self.assertEqual(lead.profile_completeness, 100)
        self.phone.active = False
        self.assertEqual(lead.profile_completeness, 100, "nothing counts: complete")

    def test_most_special_weight_counts(self):
        persona = self.env["lead.persona"].create(
            {"name": "P", "domain": "[('city', '=', 'Rome')]"}
        )
        self.Item.create(
            [
                {"field_name": "phone", "weight": 0, "company_id": self.company.id},
                {
                    "field_name": "annual_revenue",
                    "weight": 70,
                    "persona_id": persona.id,
                },
            ]
        )
        lead = self._new_lead(annual_revenue=1)
        self.assertEqual(lead.profile_completeness, 40)  # 20 of 30 + 20
        self.assertEqual(self._missing(lead), ["company_size"])
        lead.city = "Rome"
        self.assertEqual(lead.profile_completeness, 70)  # 70 of 30 + 70
        lead_b = self.env["crm.lead"].create(
            {"name": "B", "user_id": self.rep_b.id, "annual_revenue": 1}
        )
        self.assertEqual(lead_b.profile_completeness, 20)  # 20 of 100

    def test_segment_chosen_by_hand_counts(self):
        segment = self._new_segment("By hand", [], is_automatic=False)
        self.Item.create({"field_name": "segment_id", "weight": 100})
        lead = self._new_lead()
        self.assertEqual(lead.profile_completeness, 0)
        lead.segment_id = segment
        self.assertEqual(lead.profile_completeness, 50)
        lead.segment_id = False
        self.assertEqual(lead.profile_completeness, 0)

    def test_search(self):
        without = self._new_lead(annual_revenue=1)
        with_phone = self._new_lead(phone="+1 212 555 0100")
        full = self._new_lead(phone="+1 2", employee_count=1, annual_revenue=1)
        leads = without + with_phone + full

        def found(*condition):
            return leads.search([("id", "in", leads.ids), condition], order="id")

        self.assertEqual(found("profile_completeness", "<", 50), without)
        self.assertEqual(found("profile_missing_ids", "in", self.phone.ids), without)
        self.assertEqual(found("profile_missing_ids", "ilike", "phone"), without)
        self.assertEqual(
            found("profile_missing_ids", "in", self.size.ids), without + with_phone
        )
        self.assertEqual(found("profile_missing_ids", "=", False), full)
        self.assertEqual(
            leads.filtered_domain([("profile_missing_ids", "in", self.phone.ids)]),
            without,
        )
        ordered = leads.search(
            [("id", "in", leads.ids)], order="profile_completeness desc"
        )
        self.assertEqual(ordered[0], full)

    def test_labels_speak_the_language_of_the_reader(self):
        lead = self._new_lead()
        self.assertEqual(lead.profile_missing[0]["label"], "Phone")

    def test_wrong_configuration_is_refused(self):
        for values in (
            {"field_name": "nothing"},
            {"field_name": "score_total"},
            {"field_name": "qualification"},
            {"field_name": "stage_id.name"},
            {"field_name": "phone"},
            {},
        ):
            with self.subTest(**values), self.assertRaises(ValidationError):
                self.Item.with_user(self.manager).create(values)

    def test_field_that_is_gone_is_left_out(self):
        self.env.cr.execute(
            "UPDATE lead_profile_item SET field_name = 'gone' WHERE id = %s",
            [self.size.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        with self.assertLogs("odoo.addons.lead_management", "WARNING"):
            lead = self._new_lead(phone="+1 212 555 0100")
            self.assertEqual(lead.profile_completeness, 71)

    def test_batches_take_a_constant_number_of_statements(self):
        counts = []
        self.env["lead.profile"]._refresh([])  # fills the caches
        for number in (1, 100):
            leads = self.env["crm.lead"].create(
                [{"name": "L", "user_id": self.rep.id}] * number
            )
            self.env.flush_all()
            self.env.cr.precommit.clear()
            before = self.env.cr.sql_log_count
            self.env["lead.profile"]._refresh(leads.ids)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts, [1, 1])

    def test_many_leads_are_left_to_the_cron(self):
        """Beyond the limit a change of the configuration keeps nobody waiting."""
        lead = self._new_lead(phone="+1 212 555 0100")
        self.assertEqual(lead.profile_completeness, 50)
        limit = f"{crm_lead_derived.__name__}.REFRESH_AT_ONCE"
        cron = self.env.ref("lead_management.ir_cron_rescore")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        with patch(limit, 0):
            self.phone.weight = 0
        after = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.assertEqual(after, before + 1)
        self.assertEqual(lead.profile_completeness, 50)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(lead.profile_completeness, 0)
