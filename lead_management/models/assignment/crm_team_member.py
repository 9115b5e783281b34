from odoo import api, models
from odoo.fields import Domain

from ...tools.literals import parse_literal


class CrmTeamMember(models.Model):
    _inherit = "crm.team.member"

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        self._members_changed()
        return members

    def write(self, vals):
        result = super().write(vals)
        self._members_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self._members_changed()
        return result

    def _members_changed(self):
        """Forget who pulls from which pool; who joined may take what waits."""
        self.env.registry.clear_cache()
        self.env["crm.lead"]._assignment_trigger_retry()

    def _get_taken_over_domain(self, prefers):
        """Return which leads Odoo's assignment gave to this member, False for all.

        :param prefers: only those the member prefers
        """
        domain = Domain(parse_literal(self.assignment_domain or "[]"))
        if prefers:
            domain &= Domain(parse_literal(self.assignment_domain_preferred or "[]"))
        return not domain.is_true() and repr(list(domain))

    def _take_over_capacity(self):
        """Make capacities of what these members were able to take in 30 days."""
        Capacity = self.env["lead.assignment.capacity"].with_context(active_test=False)
        for user, members in self.grouped("user_id").items():
            values = {
                "active": True,
                "month_limit": sum(members.mapped("assignment_max")),
                "is_paused": all(members.mapped("assignment_optout")),
            }
            known = Capacity.search(
                [("user_id", "=", user.id), ("company_id", "=", False)],
                order="active desc",
                limit=1,
            )
            if known:
                known.write(values)
            else:
                Capacity.create({"user_id": user.id, **values})
