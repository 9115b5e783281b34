"""A lead is found by what one knows of it."""

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestFind(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._new_lead(
            name="Looms for Brightfork",
            contact_name="Lucia Moretti",
            partner_name="Brightfork Kitchens",
            email_from="lucia@brightfork.example",
            phone="0470 12 34 56",
            country_id=cls.env.ref("base.be").id,
        )
        cls.plain = cls._new_lead(
            name="Plain", phone="(020) 7946-0958", country_id=None
        )
        cls.env.flush_all()

    def _find(self, text, user=None):
        leads = self.env["crm.lead"].with_user(user or self.rep)
        return [each["name"] for each in leads.action_find(text)]

    def test_by_a_number_however_it_is_written(self):
        for text in (
            "+32 470 12 34 56",
            "0032470123456",
            "+32 (0)470/12.34.56",
            "0470123456",
            "470 123 456",
            "12 34 56",
        ):
            with self.subTest(text=text):
                self.assertEqual(self._find(text), ["Looms for Brightfork"])
        for text in ("+44 20 7946 0958", "020 7946 0958", "79460958"):
            with self.subTest(text=text):
                self.assertEqual(self._find(text), ["Plain"])

    def test_not_by_another_number(self):
        for text in ("+32 471 12 34 56", "12345 470 12 34 56", "23456", "+1 12"):
            with self.subTest(text=text):
                self.assertEqual(self._find(text), [])

    def test_by_name_company_and_address(self):
        for text in (
            "brightfork",
            "lucia moretti",
            "moretti kitchens",
            "LUCIA@brightfork.example",
            "@brightfork",
        ):
            with self.subTest(text=text):
                self.assertEqual(self._find(text), ["Looms for Brightfork"])

    def test_only_what_one_may_see(self):
        self.lead.user_id = self.rep_2
        self.env.flush_all()
        self.assertEqual(self._find("0470123456"), [])
        self.assertEqual(self._find("0470123456", self.rep_2), ["Looms for Brightfork"])
        self.assertEqual(self._find("0470123456", self.rep_b), [])

    def test_open_leads_first_and_closed_ones_too(self):
        self._new_lead(
            name="Won", phone="0470 12 34 56", stage_id=self._stage("customer").id
        )
        self.env.flush_all()
        self.assertEqual(self._find("123456"), ["Looms for Brightfork", "Won"])

    def test_whatever_is_typed(self):
        for text in ("", "a", "%%%", "'; --", "\x00", "١٢٣٤٥٦", "9" * 500, None, 5, []):
            with self.subTest(text=text):
                self.assertFalse(self.env["crm.lead"].action_find(text))

    def test_the_search_box_finds_the_same(self):
        leads = self.env["crm.lead"].with_user(self.rep)
        for text in ("+32 470 123 456", "lucia kitchens", "brightfork.example"):
            with self.subTest(text=text):
                found = leads.search([("find_text", "ilike", text)])
                self.assertEqual(found, self.lead)
        self.assertIn(self.lead, leads.search([("find_text", "ilike", "ki")]))


class TestKnown(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._new_lead(
            name="Looms",
            contact_name="Lucia",
            email_from="lucia@brightfork.example",
            phone="+1 612 555 0126",
        )
        cls.env.flush_all()

    def _known(self, user=None, **values):
        leads = self.env["crm.lead"].with_user(user or self.rep)
        return leads.new({"name": "New", **values}).find_known

    def test_said_while_it_is_typed(self):
        [known] = self._known(phone="612 555 0126")
        self.assertEqual((known["id"], known["name"]), (self.lead.id, "Lucia"))
        self.assertEqual(known["same"], "Same phone number")
        # what a new inquiry of the same person begins with
        values = known["values"]
        self.assertEqual(values["contact_name"], "Lucia")
        self.assertEqual(values["email_from"], "lucia@brightfork.example")
        self.assertFalse(values["partner_id"])
        [known] = self._known(email_from="Lucia <LUCIA@brightfork.example>")
        self.assertEqual(known["same"], "Same email")
        self.assertFalse(self._known(phone="612 555 0127"))
        self.assertFalse(self._known())

    def test_nothing_about_leads_one_may_not_see(self):
        self.lead.user_id = self.rep_2
        self.env.flush_all()
        self.assertFalse(self._known(phone="612 555 0126"))

    def test_nothing_is_looked_up_for_leads_that_are_there(self):
        self.assertFalse(self.lead.find_known)
