from odoo import api, models
from odoo.fields import Domain

from ...assignment.sla.lead_sla_clock import MISSED, RUNNING, TOUCH
from ...base.stage_types import OPEN
from ...scoring.lead_score_snapshot import CONTACT
from ...scoring.mail_message import OUT
from .crm_lead_day import ANSWERED, ME, MISSED_TARGET, NO_NEXT_STEP, TOMORROW, WEEK

# What is counted whatever group a lead stands in.
BESIDE = {ANSWERED, MISSED_TARGET, NO_NEXT_STEP, TOMORROW, WEEK}


class CrmLead(models.Model):
    """The groups of My Day as domains, for the lists behind its numbers.

    They mean what the statement counts; a test compares them.
    """

    _inherit = "crm.lead"

    @api.model
    def _day_get_seen_domain(self, scope):
        """Return the leads that may be in a day.

        A lead that waits in a blind pool is in nobody's day, not even a manager's.
        """
        blind = [
            pool.id for pool in self.env["lead.pool"]._get_active() if pool.is_blind
        ]
        domain = Domain("user_id", "!=", False)
        if scope.user:
            domain |= Domain("assignment_pool_id", "not in", blind)
        if scope.kind != ME:
            domain &= Domain("team_id", "in", scope.teams.ids)
        return domain

    @api.model
    def _day_get_live_domain(self, scope):
        """Return the leads of the scope that are worked on."""
        domain = Domain("active", "=", True) & Domain("won_status", "=", "pending")
        domain &= Domain("is_on_hold", "=", False)
        if scope.user:
            return domain & Domain("user_id", "=", scope.user.id)
        return domain & Domain("user_id", "!=", False)

    @api.model
    def _day_get_domain(self, scope, key, days):
        """Return the leads of a group, as a domain: what :meth:`_day_select` counts."""
        answered = self._day_get_answered_domain(scope)
        domain = (
            self._day_get_seen_domain(scope)
            & (self._day_get_live_domain(scope) | self._day_any(scope) | answered)
            & getattr(self, f"_day_get_{key}_domain")(scope, days)
        )
        return domain if key in BESIDE else domain & ~answered

    @api.model
    def _day_get_waiting_domain(self, scope, days):
        """Return the leads that something is to be done about by today."""
        return self._day_get_seen_domain(scope) & (
            self._day_get_answered_domain(scope)
            | self._day_any(scope, ("date_deadline", "<=", days.today))
        )

    def _day_get_answered_domain(self, scope, days=None):
        """Return the leads of the scope whose contact waits for an answer."""
        whose = Domain("team_id", "in", scope.teams.ids)
        if scope.user:
            whose = Domain("user_id", "=", scope.user.id)
        return whose & Domain("answer_ids", "any", [])

    @api.model
    def _day_any(self, scope, *due):
        """Return the leads with an activity of the scope that meets a condition.

        Of a user these are their own, and on their leads those of all.
        """
        found = Domain("activity_ids", "any", [("active", "=", True), *due])
        if not scope.user:
            return found
        own = [("active", "=", True), ("user_id", "=", scope.user.id), *due]
        return (found & Domain("user_id", "=", scope.user.id)) | Domain(
            "activity_ids", "any", own
        )

    def _day_first(self, scope, first, last):
        """Return the leads whose next activity is due from a day to another."""
        return self._day_any(
            scope, ("date_deadline", ">=", first), ("date_deadline", "<=", last)
        ) & ~self._day_any(scope, ("date_deadline", "<", first))

    def _day_get_overdue_domain(self, scope, days):
        return self._day_any(scope, ("date_deadline", "<", days.today))

    def _day_get_today_domain(self, scope, days):
        return self._day_first(scope, days.today, days.today)

    def _day_get_tomorrow_domain(self, scope, days):
        return self._day_first(scope, days.tomorrow, days.tomorrow)

    def _day_get_week_domain(self, scope, days):
        if days.week_end < days.tomorrow:
            return Domain.FALSE
        return self._day_first(scope, days.tomorrow, days.week_end)

    def _day_get_no_next_step_domain(self, scope, days):
        return self._day_get_live_domain(scope) & ~self._day_any(scope)

    def _day_get_hot_domain(self, scope, days):
        return self._day_get_no_next_step_domain(scope, days) & Domain(
            "score_temperature", "=", "hot"
        )

    def _day_get_new_domain(self, scope, days):
        no_next_step = self._day_get_no_next_step_domain(scope, days)
        return (
            self._day_get_live_domain(scope)
            & self._day_get_untouched_domain()
            & ~self._day_get_hot_domain(scope, days)
            & ~self._day_any(scope, ("date_deadline", "<=", days.today))
            & (no_next_step | self._day_get_clocked_domain())
        )

    def _day_get_clocked_domain(self):
        return Domain(
            "clock_ids", "any", [("kind", "=", TOUCH), ("state", "=", RUNNING)]
        )

    def _day_get_untouched_domain(self):
        """Return the leads nobody got in touch with: :meth:`_day_sql_untouched`."""
        return self._day_get_clocked_domain() | (
            Domain("stage_id.stage_type", "=", OPEN)
            & Domain("score_snapshot_ids", "not any", [("moment", "=", CONTACT)])
            & Domain("touch_ids", "not any", [("direction", "=", OUT)])
        )

    def _day_get_idle_domain(self, scope, days):
        return (
            self._day_get_no_next_step_domain(scope, days)
            & ~self._day_get_hot_domain(scope, days)
            & ~self._day_get_new_domain(scope, days)
        )

    def _day_get_missed_domain(self, scope, days):
        missed = Domain(
            "clock_ids",
            "any",
            [("state", "=", MISSED), ("date_end", ">=", days.missed_since)],
        )
        if not days.late:
            return missed
        return missed | self._day_any(scope, ("date_deadline", "<", days.late))
