from datetime import timedelta

from freezegun import freeze_time

from odoo import fields

from odoo.addons.lead_management.tests.common import LeadManagementCase

# A Wednesday: the week goes on tomorrow.
NOW = "2026-03-11 10:00:00"
TODAY = fields.Date.to_date("2026-03-11")


class MyDayCase(LeadManagementCase):
    """What My Day is made of; it is Wednesday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.env["crm.lead"].search([]).active = False
        cls.env["mail.activity"].search([("res_model", "=", "crm.lead")]).unlink()
        cls.env["lead.sla"].search([]).active = False
        cls._new_score_rule([("name", "ilike", "hot")], 90)
        cls.contacted = cls._stage("contacted")

    @classmethod
    def _lead(cls, name="Lead", days=None, user=None, **values):
        """Create a lead that was touched, with an activity due in so many days."""
        owner = cls.rep if user is None else user
        lead = cls._new_lead(
            **{
                "name": name,
                "user_id": owner.id,
                "team_id": cls.team.id,
                "stage_id": cls.contacted.id,
                **values,
            }
        )
        if days is not None:
            cls._plan(lead, days, owner)
        return lead

    @classmethod
    def _plan(cls, lead, days, user=None, kind="call", **values):
        return lead.activity_schedule(
            f"mail.mail_activity_data_{kind}",
            date_deadline=TODAY + timedelta(days=days),
            user_id=(user or lead.user_id or cls.rep).id,
            **values,
        )

    def _day(self, user=None, *args, **kwargs):
        self.env.flush_all()
        self.env.cr.flush()
        CrmLead = self.env["crm.lead"].with_user(user or self.rep)
        return CrmLead.action_my_day(*args, **kwargs)

    def _names(self, day):
        """Return the names in each group."""
        return {
            group["key"]: [line["name"] for line in group["lines"]]
            for group in day["groups"]
        }

    def _lines(self, day, key):
        """Return the lines of a group."""
        return next(group["lines"] for group in day["groups"] if group["key"] == key)
