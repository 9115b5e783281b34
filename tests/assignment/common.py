"""What the tests of distribution share."""

from collections import Counter

from freezegun import freeze_time

from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase


class AssignmentCase(LeadManagementCase):
    """Only the rules, pools and response times of a test are there.

    ``now`` is the moment at which the tests of a class take place.
    """

    now = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for model in ("lead.pool", "lead.sla", "lead.assignment.capacity"):
            cls.env[model].search([]).active = False

    def setUp(self):
        if self.now:
            self.startPatcher(freeze_time(self.now))
        super().setUp()

    def _create(self, count=1, user=None, **values):
        """Create leads without an owner as somebody does, and let them be routed."""
        vals_list = [{"name": "New", "user_id": False, **values} for __ in range(count)]
        leads = self.env["crm.lead"].with_user(user or self.manager).create(vals_list)
        self.commit()
        return leads.sudo()

    def _owners(self, leads):
        return Counter(lead.user_id for lead in leads)

    def _logs(self, lead):
        """Return the decisions on a lead, the last one first."""
        self.env.flush_all()
        return lead.assignment_log_ids.sudo().sorted("id", reverse=True)

    def _log(self, lead):
        """Return the last decision on a lead."""
        return self._logs(lead)[:1]

    def _reasons(self, lead):
        """Return why who did not get a lead, by user."""
        people = self._log(lead).candidates["out"]
        return {
            self.env["res.users"].browse(user_id): reason
            for user_id, reason, __ in people
        }

    @classmethod
    def _to_user(cls, user, domain=(), **values):
        """Create a rule that gives leads to one salesperson."""
        return cls._new_assignment_rule(
            domain, target="user", user_id=user.id, **values
        )

    @classmethod
    def _to_members(cls, users, domain=(), **values):
        return cls._new_assignment_rule(
            domain,
            **{
                "target": "members",
                "member_ids": [Command.set(users.ids)],
                "team_id": False,
                **values,
            },
        )

    @classmethod
    def _to_pool(cls, pool, domain=(), **values):
        return cls._new_assignment_rule(
            domain, target="pool", pool_id=pool.id, team_id=False, **values
        )

    @classmethod
    def _pool(cls, **values):
        return cls.env["lead.pool"].create(
            {"name": "Pool", "team_id": cls.team.id, **values}
        )

    @classmethod
    def _capacity(cls, user, **values):
        return cls.env["lead.assignment.capacity"].create(
            {"user_id": user.id, **values}
        )

    def _turn(self, rule, user):
        return rule.turn_ids.filtered(lambda turn: turn.user_id == user)
