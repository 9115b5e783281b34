from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import Form

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestPerson(LeadManagementCase):
    """What is known of the person and the company, on the lead and on the contact."""

    # -- social accounts ------------------------------------------------------

    def test_links_are_clean_whatever_is_pasted(self):
        lead = self._new_lead(
            linkedin_url="http://fr.linkedin.com/in/ann-lee/?trk=x",
            x_url="@annlee",
        ).with_user(self.rep)
        lead.facebook_url = "m.facebook.com/profile.php?id=42&ref=share"
        lead.instagram_url = "https://instagram.com/ann.lee?igsh=abc"
        self.assertEqual(lead.linkedin_url, "https://www.linkedin.com/in/ann-lee")
        self.assertEqual(lead.x_url, "https://x.com/annlee")
        self.assertEqual(
            lead.facebook_url, "https://www.facebook.com/profile.php?id=42"
        )
        self.assertEqual(lead.instagram_url, "https://www.instagram.com/ann.lee")

    def test_what_is_no_account_is_refused(self):
        lead = self._new_lead().with_user(self.rep)
        for text in (
            "javascript:alert(1)",
            "https://evil.example/in/ann",
            "https://x.com@evil.example/ann",
            "https://x.com/<script>",
            "Ann Lee, Paris",
            "x" * 10_000,
        ):
            with self.subTest(text=text[:40]):
                with self.assertRaisesRegex(ValidationError, "not a valid X account"):
                    lead.x_url = text
                self.assertFalse(lead.x_url)

    def test_import_reports_the_bad_link_and_keeps_the_good_row(self):
        result = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .load(["name", "x_url"], [["Good", "@good"], ["Bad", "no account"]])
        )
        self.assertEqual(len(result["ids"]), 1)
        self.assertIn("not a valid X account", result["messages"][0]["message"])

    def test_form_shows_the_clean_link_at_once(self):
        with Form(self._new_lead().with_user(self.rep)) as form:
            form.x_url = "@annlee"
            self.assertEqual(form.x_url, "https://x.com/annlee")

    # -- numbers --------------------------------------------------------------

    def test_whatsapp_follows_the_phone_unless_it_is_another_number(self):
        us = self.env.ref("base.us")
        lead = self._new_lead(phone="(212) 555-0100", country_id=us.id)
        self.assertEqual(lead.whatsapp, "+1 212-555-0100")
        lead.phone = "+1 212 555 0199"
        self.assertEqual(lead.whatsapp, "+1 212-555-0199")
        lead.whatsapp = "212 555 0142"
        self.assertEqual(lead.whatsapp_own, "+12125550142")
        self.assertEqual(lead.whatsapp, "+1 212-555-0142")
        lead.phone = "+1 212 555 0177"
        self.assertEqual(lead.whatsapp, "+1 212-555-0142")
        lead.whatsapp = False
        self.assertEqual(lead.whatsapp, "+1 212-555-0177")

    def test_whatsapp_is_searched_wherever_it_is_from(self):
        us = self.env.ref("base.us")
        default = self._new_lead(phone="+1 212 555 0100", country_id=us.id)
        own = self._new_lead(phone="+1 212 555 0100", whatsapp="+1 212 555 0142")
        none = self._new_lead()
        leads = default + own + none

        def found(*condition):
            return leads.search([("id", "in", leads.ids), condition])

        self.assertEqual(found("whatsapp", "=", "+12125550142"), own)
        self.assertEqual(found("whatsapp", "=", own.whatsapp), own)
        self.assertEqual(found("whatsapp", "like", "0100"), default)
        self.assertEqual(found("whatsapp", "ilike", "(212) 555-01"), default + own)
        self.assertEqual(found("whatsapp", "=", False), none)
        self.assertEqual(found("whatsapp", "!=", False), default + own)

    def test_company_size_follows_the_employees(self):
        lead = self._new_lead(company_size="medium")
        self.assertEqual(lead.company_size, "medium")
        for count, size in (
            (9, "micro"),
            (10, "small"),
            (250, "large"),
            (1000, "enterprise"),
        ):
            lead.employee_count = count
            self.assertEqual(lead.company_size, size)
        lead.employee_count = 0
        self.assertEqual(lead.company_size, "enterprise")

    @freeze_time("2026-06-01")
    def test_birthdate_is_a_day_somebody_can_be_born_on(self):
        lead = self._new_lead(birthdate="1980-02-29")
        for day in ("0001-01-01", "1899-12-31", "2026-06-03"):
            with self.subTest(day=day), self.assertRaises(ValidationError):
                lead.birthdate = day

    # -- from the contact and back --------------------------------------------

    def _contact(self):
        company = self.env["res.partner"].create(
            {
                "name": "Gizmo",
                "is_company": True,
                "employee_count": 120,
                "annual_revenue": 5e6,
                "industry_id": self.env.ref("base.res_partner_industry_C").id,
            }
        )
        return self.env["res.partner"].create(
            {
                "name": "Ann",
                "parent_id": company.id,
                "email": "ann@gizmo.example",
                "birthdate": "1980-05-04",
                "x_url": "@annlee",
                "preferred_channel": "phone",
                "lang": "en_US",
            }
        )

    def test_known_contact_tells_what_is_known(self):
        contact = self._contact()
        lead = self.env["crm.lead"].message_new(
            {"subject": "Hello", "from": contact.email, "author_id": contact.id}
        )
        self.assertEqual(lead.partner_id, contact)
        self.assertEqual(str(lead.birthdate), "1980-05-04")
        self.assertEqual(lead.x_url, "https://x.com/annlee")
        self.assertEqual(lead.preferred_channel, "phone")
        self.assertEqual(lead.employee_count, 120)
        self.assertEqual(lead.company_size, "medium")
        self.assertEqual(lead.annual_revenue, 5e6)
        self.assertEqual(lead.industry_id, contact.parent_id.industry_id)

    def test_what_is_given_wins_over_the_contact(self):
        lead = self._new_lead(partner_id=self._contact().id, preferred_channel="sms")
        self.assertEqual(lead.preferred_channel, "sms")
        self.assertEqual(lead.x_url, "https://x.com/annlee")

    def test_defaults_hold_where_there_is_no_contact(self):
        CrmLead = self.env["crm.lead"]
        self.env["ir.default"].set("crm.lead", "preferred_time", "noon")
        lead = CrmLead.with_context(default_preferred_channel="sms").create(
            {"name": "L", "employee_count": 7}
        )
        self.assertEqual(lead.preferred_time, "noon")
        self.assertEqual(lead.preferred_channel, "sms")
        self.assertEqual(lead.employee_count, 7)
        self.assertFalse(lead.birthdate)
        contact = self.env["res.partner"].create(
            {"name": "P", "birthdate": "1980-01-02"}
        )
        lead = CrmLead.with_context(default_partner_id=contact.id).create({"name": "L"})
        self.assertEqual(lead.birthdate, contact.birthdate)
        lead = CrmLead.create({"name": "L"})
        lead.partner_id = contact
        self.assertEqual(lead.birthdate, contact.birthdate)

    def test_contact_that_knows_nothing_erases_nothing(self):
        lead = self._new_lead(x_url="@lead", employee_count=7)
        lead.partner_id = self.env["res.partner"].create({"name": "Blank"})
        self.assertEqual(lead.x_url, "https://x.com/lead")
        self.assertEqual(lead.employee_count, 7)

    def test_nothing_is_erased_when_the_contact_is_cleared(self):
        lead = self._new_lead(partner_id=self._contact().id).with_user(self.rep)
        self.env.flush_all()
        lead.partner_id = False
        self.assertEqual(lead.contact_name, "Ann")
        self.assertEqual(lead.partner_name, "Gizmo")
        self.assertEqual(lead.x_url, "https://x.com/annlee")
        self.assertEqual(lead.employee_count, 120)

    def test_conversion_hands_it_to_person_and_company(self):
        lead = self._new_lead(
            contact_name="Bob",
            partner_name="Widget Ltd",
            email_from="bob@widget.example",
            birthdate="1990-01-02",
            linkedin_url="bob-widget",
            employee_count=30,
            preferred_time="morning",
        )
        lead._handle_partner_assignment(create_missing=True)
        contact = lead.partner_id
        self.assertEqual(str(contact.birthdate), "1990-01-02")
        self.assertEqual(contact.linkedin_url, "https://www.linkedin.com/in/bob-widget")
        self.assertEqual(contact.preferred_time, "morning")
        self.assertFalse(contact.employee_count)
        self.assertEqual(contact.parent_id.employee_count, 30)
        self.assertFalse(contact.parent_id.birthdate)

    def test_existing_contact_learns_but_keeps_what_it_knew(self):
        contact = self._contact()
        lead = self._new_lead(birthdate="1970-01-01", instagram_url="@ann")
        lead._handle_partner_assignment(force_partner_id=contact.id)
        self.assertEqual(str(contact.birthdate), "1980-05-04")
        self.assertEqual(contact.instagram_url, "https://www.instagram.com/ann")

    def test_merge_keeps_what_one_of_them_knew(self):
        first = self._new_lead(x_url="@one", employee_count=5)
        second = self._new_lead(instagram_url="@two", birthdate="1980-05-04")
        merged = (first + second).merge_opportunity()
        self.assertEqual(merged.x_url, "https://x.com/one")
        self.assertEqual(merged.instagram_url, "https://www.instagram.com/two")
        self.assertEqual(merged.employee_count, 5)
        self.assertEqual(str(merged.birthdate), "1980-05-04")
