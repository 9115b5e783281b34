"""What the addon notes on leads and contacts is not for portal users.

Addons such as Odoo's reseller portal let portal users read the leads they are given.
"""

from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.models import BaseModel
from odoo.tests import new_test_user

from odoo.addons.lead_management.tests.common import LeadManagementCase

MODULE = "lead_management"
MODELS = ("crm.lead", "res.partner", "res.users")


class TestInternalFields(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._new_qualifier("Fleet", "choice", [("Yes", 0), ("No", 0)])
        cls._new_qualifier("Fleet Needs", "multiple", [("A", 0), ("B", 0)])
        cls._new_qualifier("Fleet Seats", "number")
        cls.portal = new_test_user(
            cls.env, "lm_portal", groups="base.group_portal", email="p@example.com"
        )
        group = cls.env.ref("base.group_portal")
        for model in ("crm.lead", "crm.stage"):
            model_id = cls.env["ir.model"]._get_id(model)
            cls.env["ir.model.access"].create(
                {
                    "name": "Reseller",
                    "model_id": model_id,
                    "group_id": group.id,
                    "perm_read": True,
                }
            )
        cls.env["ir.rule"].create(
            {
                "name": "Reseller",
                "model_id": cls.env["ir.model"]._get_id("crm.lead"),
                "groups": [Command.link(group.id)],
                "domain_force": "[(1, '=', 1)]",
            }
        )
        cls.lead = cls._new_lead(
            partner_id=cls.portal.partner_id.id,
            birthdate="1990-01-01",
            x_qualifier_fleet="yes",
            x_qualifier_fleet_seats=3,
        )
        cls.env.cr.flush()
        cls.records = {
            "crm.lead": cls.lead,
            "res.partner": cls.portal.partner_id,
            "res.users": cls.portal,
        }

    def _fields_of(self, model):
        """Return the names of our fields, and of all others."""
        every = self.env[model]._fields
        ours = {
            name
            for name, field in every.items()
            if MODULE in field._modules or name.startswith("x_qualifier_")
        } - {"day_reminder"}  # a preference, of users of all kinds
        return sorted(ours), sorted(every.keys() - ours)

    def _refused(self, call):
        try:
            call()
        except AccessError:
            return True
        return False

    def _roads(self, record, name):
        """Return the ways to learn what is in a field."""
        model = record.browse()
        yield "attribute", lambda: record[name]
        yield "read", lambda: record.read([name])
        yield "web_read", lambda: record.web_read({name: {}})
        yield "search_read", lambda: record.search_read([], [name], limit=1)
        yield "search", lambda: model.search([(name, "!=", False)], limit=1)
        yield "filtered", lambda: record.filtered_domain([(name, "!=", False)])
        yield "mapped", lambda: record.mapped(name)
        yield "write", lambda: record.write({name: False})
        field = record._fields[name]
        if field.store:
            yield "order", lambda: model.search([], order=name, limit=1)
            yield "group", lambda: model.formatted_read_group([], [name], ["__count"])

    def test_portal_users_read_none_of_ours(self):
        for model in MODELS:
            record = self.records[model].with_user(self.portal)
            ours, __ = self._fields_of(model)
            self.assertGreater(len(ours), 12)
            if model != "res.users":  # those of its contact, described as its own
                self.assertFalse(set(ours) & set(record.fields_get()))
            for name in ours:
                for road, call in self._roads(record, name):
                    with self.subTest(model=model, field=name, road=road):
                        self.env.invalidate_all()
                        self.assertTrue(self._refused(call))

    def test_what_odoo_shows_them_stays(self):
        """No field of Odoo is worked out of ours with the rights of the reader."""
        for model in MODELS:
            record = self.records[model].with_user(self.portal)
            ours, others = self._fields_of(model)
            reachable = {n for n in others if self._reads(record, n)}
            self.assertGreater(len(reachable), 10)
            with self.subTest(model=model), self._with_all_fields_open():
                before = {n for n in others if self._reads(record, n)}
                self.assertEqual(reachable, before)
                if model != "res.users":
                    self.assertTrue(self._reads(record, ours[0]))

    @contextmanager
    def _with_all_fields_open(self):
        with ExitStack() as stack:
            for model in MODELS[:2]:
                stack.enter_context(
                    patch.object(
                        type(self.env[model]),
                        "_has_field_access",
                        BaseModel._has_field_access,
                    )
                )
            yield

    def _reads(self, record, name):
        self.env.invalidate_all()
        return not self._refused(lambda: record.read([name]))

    def test_internal_users_read_ours(self):
        for user in (self.rep, self.manager):
            lead = self.lead.with_user(user)
            ours, __ = self._fields_of("crm.lead")
            hidden = {
                "profile_missing_items",
                "capture_entry_ids",
                "verification_stored",
            }
            self.assertFalse(set(ours) - hidden - set(lead.fields_get()))
            lead.read(sorted(set(ours) - hidden))
            self.assertEqual(lead.x_qualifier_fleet, "yes")

    def test_what_portal_users_do_goes_on(self):
        """A message on the lead, and what their actions write as the system."""
        lead = self.lead.with_user(self.portal)
        self.lead.message_subscribe(self.portal.partner_id.ids)
        lead.sudo().write({"phone": "+32 470 12 34 56", "priority": "2"})
        lead.sudo().stage_id = self._stage("contacted")
        author = self.portal.partner_id.id
        lead.sudo().message_post(
            body="Called them", message_type="comment", author_id=author
        )
        lead.sudo().activity_schedule(summary="Call", user_id=self.rep.id)
        self.portal.partner_id.with_user(self.portal).sudo().write({"phone": "1"})
        self.env.cr.flush()
        self.assertEqual(lead.display_name, self.lead.display_name)
