from odoo import models

from ....exceptions import RefusedError


class CrmLead(models.Model):
    """Limits of a salesperson hold when somebody else than the rules gives leads."""

    _inherit = "crm.lead"

    def _check_limits(self, user):
        """Refuse that a salesperson exceeds somebody's limits by hand.

        Managers and automated actions may: they know why.

        :raise RefusedError: which limit it is, and what to do
        """
        leads = self.filtered(lambda lead: lead.user_id != user)
        if not leads or self._is_above_limits():
            return
        # first what pulls lock first, or they wait for each other
        self._pool_lock(user)
        # sudo: limits hold for people of companies that are not shown, too
        Capacity = self.env["lead.assignment.capacity"].sudo()
        if not Capacity._lock(user):
            return
        for company, group in leads.grouped("company_id").items():
            company = company or self.env.company
            capacity = Capacity._get_of(user, company).get(user.id)
            if capacity:
                load = Capacity._get_loads(user, company)[user.id]
                self._raise_excess(user, capacity, load, len(group))

    def _is_above_limits(self):
        return self.env.su or self.env.user.has_group("sales_team.group_sale_manager")

    def _raise_excess(self, user, capacity, load, adding=1):
        excess = capacity._get_excess(load, adding)
        if not excess:
            return
        values = {"user": user.name, "limit": capacity[f"{excess}_limit"]}
        messages = self._get_own_excess(values["limit"])
        if user != self.env.user:
            messages = self._get_excess(values)
        raise RefusedError(messages[excess])

    def _get_own_excess(self, limit):
        """Return what somebody is told who has enough leads, by limit."""
        return {
            "open": self.env._(
                "You have reached your limit of open leads (%s). Close or release "
                "one of them first.",
                limit,
            ),
            "day": self.env._(
                "You have reached your daily limit of leads (%s). You can get more "
                "tomorrow.",
                limit,
            ),
            "week": self.env._(
                "You have reached your weekly limit of leads (%s). You can get more "
                "on Monday.",
                limit,
            ),
            "month": self.env._(
                "You have reached your monthly limit of leads (%s). You can get more "
                "next month.",
                limit,
            ),
        }

    def _get_excess(self, values):
        """Return what is said of somebody else who has enough leads, by limit."""
        return {
            "open": self.env._(
                "%(user)s has reached the limit of open leads (%(limit)s). Choose "
                "another salesperson.",
                **values,
            ),
            "day": self.env._(
                "%(user)s has reached the daily limit of leads (%(limit)s). Choose "
                "another salesperson.",
                **values,
            ),
            "week": self.env._(
                "%(user)s has reached the weekly limit of leads (%(limit)s). Choose "
                "another salesperson.",
                **values,
            ),
            "month": self.env._(
                "%(user)s has reached the monthly limit of leads (%(limit)s). Choose "
                "another salesperson.",
                **values,
            ),
        }
