"""Rows that belong to leads are for whoever may have the lead, on every road."""

from odoo.exceptions import AccessError

from .rows import OPERATIONS, RowCase

# Models of ours with a lead that are no rows of it, and why.
NO_ROWS = {
    "lead.assignment.dry.run.line": "a dialog: for who opened it",
    "lead.assignment.report": "a query of the log, with the company as a column",
    "lead.capture.entry": "of a source: it is there before the lead, and outlives it",
    "lead.consent": "of a person: it goes on counting without the lead",
    "lead.share": "both sides read it, and neither the lead of the other",
    "lead.timeline": "a query of rows, which are read as their lead is",
    "lead.credit.ask": "a dialog: for who opened it",
    "lead.credit.manual": "a dialog: for who opened it",
    "lead.sequence.report": "a query of the ledger, with the company as a column",
    "lead.message.preview": "a dialog: for who opened it",
    "lead.message.send": "a dialog: for who opened it",
    "lead.whatsapp.contact": "of an account: it outlives the lead",
    "lead.whatsapp.event": "of an account: it outlives the lead",
    "lead.won": "a dialog: for who opened it",
}


class TestRowsOfLeads(RowCase):
    def _names_of(self, ids):
        return {name for name, lead in self.leads.items() if lead.id in ids}

    def test_what_is_compared_with_differs(self):
        """The leads themselves, as they have always been."""
        seen = {
            login: self._names_of(self._get_visible(env))
            for login, env in self._environments()
        }
        own = {"own", "archived", "own_of_blind"}
        self.assertEqual(seen["lm_rep"], own | {"free", "in_open"})
        self.assertEqual(seen["lm_rep_2"], {"of_rep_2", "free", "in_open"})
        self.assertEqual(seen["lm_rep_b"], {"of_rep_b", "free_b", "free"})
        in_b = {"of_rep_b", "free_b", "own_in_b"}
        self.assertEqual(seen["lm_leader"], set(self.leads) - in_b)
        self.assertEqual(seen["lm_manager_b"], in_b | {"free"})

    def test_reading(self):
        for name, rows in self.rows.items():
            for login, env in self._environments():
                model = env[name]
                if not model.has_access("read"):
                    continue
                with self.subTest(model=name, user=login):
                    self._check_reading(model, rows, self._get_visible(env, name))

    def test_writing_is_for_nobody(self):
        for name, rows in self.rows.items():
            for login, env in self._environments():
                for operation in OPERATIONS[1:]:
                    with self.subTest(model=name, user=login, do=operation):
                        self.assertFalse(rows.with_env(env).has_access(operation))

    def test_who_may_write_rows_may_those_of_the_own_leads(self):
        """Rights on the model open no lead that is not open anyway."""
        self._give_all_rights("sales_team.group_sale_salesman")
        for name, rows in self.rows.items():
            for login, env in self._environments():
                visible = self._get_visible(env, name)
                mine = rows.with_env(env)
                for operation in OPERATIONS:
                    with self.subTest(model=name, user=login, do=operation):
                        self.assertEqual(
                            set(mine._filtered_access(operation).ids), visible
                        )

    def test_each_model_with_a_lead_is_one_or_has_its_reason(self):
        """What belongs to a lead and does not say so is open to everybody."""
        linked = {
            name
            for name, model in self.registry.items()
            if (model._original_module or "").startswith("lead_management")
            if not model._abstract and "lead_id" in model._fields
            if model._fields["lead_id"].comodel_name == "crm.lead"
        }
        self.assertEqual(linked, {*self.models, *NO_ROWS})

    def test_why_not_is_said(self):
        """The error names the company to switch to, as it does for the lead."""
        row = self.rows["lead.touch"].browse(self.leads["own_in_b"].id)
        one = {"allowed_company_ids": self.company.ids}
        other = self.env(user=self.both, context=one)
        for record in (self.leads["own_in_b"], row):
            with self.assertRaises(AccessError) as caught:
                record.with_env(other).read(["display_name"])
            self.assertEqual(
                caught.exception.context["suggested_company"]["id"], self.company_b.id
            )
