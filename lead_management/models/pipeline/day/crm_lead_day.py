from collections import namedtuple
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...base.rpc_arguments import an_id

ANSWERED = "answered"
OVERDUE, TODAY, HOT, NEW = "overdue", "today", "hot", "new"
IDLE, MISSED_TARGET = "idle", "missed"
# What is only counted.
TOMORROW, WEEK, NO_NEXT_STEP = "tomorrow", "week", "no_next_step"
# The groups in their order; a lead stands in the first that fits.
GROUPS = (ANSWERED, OVERDUE, TODAY, HOT, NEW)
# What is due: what is left to be done today.
DUE = (ANSWERED, OVERDUE, TODAY)
# A leader sees first who waits for a first contact, what is late, who answered; a
# missed target stands in its group as well.
TEAM_GROUPS = (NEW, MISSED_TARGET, OVERDUE, ANSWERED, TODAY, HOT, IDLE)
COUNTED = (*TEAM_GROUPS, TOMORROW, WEEK, NO_NEXT_STEP)

ME, USER, TEAM, TEAMS = "me", "user", "team", "teams"
# One's own, or else that of the teams, as long as something waits there.
AUTO = "auto"
LIMIT, MAX_LIMIT = 10, 200
# Of the leads of teams no more are counted at first sight.
CAP = MAX_LIMIT
# For how long a missed target is shown.
MISSED_FOR = timedelta(days=7)

#: Whose day it is: of a user, or of teams; ``teams`` bound what a leader sees of a rep.
Scope = namedtuple("Scope", "kind user teams")
#: Days and moments that count: of the reader, in their time zone.
Days = namedtuple("Days", "today tomorrow week_end late missed_since")


class CrmLead(models.Model):
    """My Day: what a salesperson, or a team, has to do now, in one statement.

    The statement works on the leads the reader may see, and on no others.
    """

    _inherit = "crm.lead"

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    @api.model
    def action_my_day(self, scope=ME, scope_id=False, limits=None):
        """Return the groups of leads to work on, best first.

        :param scope: ``me``; ``user``, ``team``: with ``scope_id``; ``teams``: all one
            leads; ``auto``: one's own day, or that of the teams one leads where only
            there something waits. ``user`` and teams are for managers and team leaders
        :param limits: dict of group to how many lines of it are wanted
        :return: dict with ``groups`` (each ``key``, ``count``, ``lines``), ``counts``
            of what is not listed, ``people`` (the figures of each salesperson),
            ``switch`` (whose day may be looked at), ``team`` (what waits in the teams
            of a leader who has nothing to do), ``done`` (how many leads the user got
            in touch with, or did something about, today), ``date``, ``cap``: in the
            day of teams, a number above it stands for more as well, and nothing is
            told of salespeople, until :meth:`action_day_people` is asked; else False;
            ``team_cap``: the same for ``team``
        :raise AccessError: when the reader does not lead whom they ask for
        :raise UserError: when an argument is none of these
        """
        if scope == AUTO:
            return self._day_prepare_auto(limits)
        scope = self._day_get_scope(scope, scope_id)
        day = self._day_show(scope, limits)
        return {**day, "team": self._day_count_teams(scope, day["counts"])}

    @api.model
    def _day_prepare_auto(self, limits):
        """Return one's own day, or that of the teams if only there something waits."""
        own = self._day_show(self._day_get_scope(ME, False), limits)
        if not any(group["count"] for group in own["groups"]) and self._day_get_teams():
            teams = self._day_show(self._day_get_scope(TEAMS, False), limits)
            if any(group["count"] for group in teams["groups"]):
                return teams
        return own

    @api.model
    def _day_show(self, scope, limits):
        """Return the day of a :class:`Scope`, see :meth:`action_my_day`."""
        limits = self._day_get_limits(scope, limits)
        days = self._day_get_days(scope)
        if scope.user:
            counts, found = self._day_select(scope, days, limits)
            totals = self._day_sum(counts)
        else:
            totals, found = self._day_select_first(scope, days, limits)
        # before the lines: it reads the names of those who own the leads
        teams = self._day_get_teams()
        members = self._day_get_members(teams)
        switch = self._day_prepare_switch(teams, members)
        lines = self._day_prepare_lines(scope, found)
        return {
            "date": fields.Date.to_string(fields.Date.context_today(self)),
            "scope": {
                "kind": scope.kind,
                "id": (scope.kind == USER and scope.user.id)
                or (scope.kind == TEAM and scope.teams.id),
            },
            "groups": [
                {"key": key, "count": totals[key], "lines": lines.get(key, [])}
                for key in limits
            ],
            "counts": totals,
            "people": self._day_prepare_people(scope, members),
            "cap": not scope.user and CAP,
            "team_cap": CAP,
            "switch": switch,
            "team": False,
            "done": self._day_count_done(scope),
        }

    @api.model
    def action_day_people(self, scope=TEAMS, scope_id=False):
        """Return the figures of each salesperson of teams, all leads counted.

        :param scope: as of :meth:`action_my_day`; of a user there are no figures of
            others
        :return: dict with ``people`` and ``counts``, as of :meth:`action_my_day`
        :raise AccessError: when the reader does not lead whom they ask for
        """
        scope = self._day_get_scope(scope, scope_id)
        counts, __ = self._day_select(scope, self._day_get_days(scope), {})
        members = self._day_get_members(scope.teams)
        return {
            "people": self._day_prepare_people(scope, members, counts),
            "counts": self._day_sum(counts),
        }

    @api.model
    def _day_sum(self, counts):
        """Return how many leads there are of each group, whosever they are."""
        totals = dict.fromkeys(COUNTED, 0)
        for (key, __), number in counts.items():
            totals[key] += number
        return totals

    @api.model
    def _day_count_teams(self, scope, totals):
        """Return what waits in the teams of a leader who has nothing to do, or False.

        :return: dict of group to a number, of groups that hold something; a number
            above ``CAP`` stands for more as well
        """
        if scope.kind != ME or any(totals[key] for key in GROUPS):
            return False
        if not self._day_get_teams():
            return False
        teams = self._day_get_scope(TEAMS, False)
        waiting, __ = self._day_select_first(teams, self._day_get_days(teams), {})
        return {key: waiting[key] for key in TEAM_GROUPS if waiting[key]}

    @api.model
    def action_day_list(self, key, scope=ME, scope_id=False, user_id=False):
        """Return an action that lists the leads behind a number of My Day.

        :param key: a group, or what is only counted
        :param user_id: the salesperson whose number it is, in the day of a team
        """
        if key not in COUNTED:
            raise UserError(self.env._("There is no such group of leads."))
        scope = self._day_get_scope(scope, scope_id)
        domain = self._day_get_domain(scope, key, self._day_get_days(scope))
        if user_id:
            domain &= Domain("user_id", "=", self._day_check_id(user_id))
        return {
            "type": "ir.actions.act_window",
            "name": self._day_get_labels()[key],
            "res_model": "crm.lead",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": list(domain),
            "context": {"active_test": False},
            "target": "current",
        }

    @api.model
    def _day_get_labels(self):
        """Return what each group is called."""
        return {
            ANSWERED: self.env._("They answered"),
            OVERDUE: self.env._("Overdue"),
            TODAY: self.env._("Due today"),
            HOT: self.env._("Hot without next step"),
            NEW: self.env._("New and untouched"),
            IDLE: self.env._("Leads without next step"),
            MISSED_TARGET: self.env._("Missed targets"),
            TOMORROW: self.env._("Tomorrow"),
            WEEK: self.env._("This week"),
            NO_NEXT_STEP: self.env._("Without next step"),
        }

    # ------------------------------------------------------------
    # Whose day
    # ------------------------------------------------------------

    @api.model
    def _day_get_scope(self, kind, scope_id):
        """Return the :class:`Scope` asked for, when the reader may look at it."""
        user = self.env.user
        if not user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("My Day is for salespeople."))
        none = self.env["crm.team"]
        if kind == ME:
            return Scope(ME, user, none)
        teams = self._day_get_teams()
        if kind == TEAMS and teams:
            return Scope(TEAMS, none.env["res.users"], teams)
        if kind == TEAM and (team := teams & none.browse(self._day_check_id(scope_id))):
            return Scope(TEAM, none.env["res.users"], team)
        if kind == USER:
            rep = self.env["res.users"].browse(self._day_check_id(scope_id))
            if rep in self._day_get_members(teams).user_id:
                return Scope(USER, rep, teams)
        if kind not in (TEAMS, TEAM, USER):
            raise UserError(self.env._("There is no such day."))
        raise AccessError(self.env._("Only who leads the team looks into its day."))

    @api.model
    def _day_check_id(self, value):
        """Return an id given by a caller.

        :raise UserError: when it is none
        """
        if not an_id(value):
            raise UserError(self.env._("There is no such day."))
        return value

    @api.model
    def _day_get_teams(self):
        """Return the teams the reader leads: a manager those of their companies."""
        user = self.env.user
        Team = self.env["crm.team"]
        if user.has_group("sales_team.group_sale_manager"):
            return Team.search([("active", "=", True)])
        if user.has_group("sales_team.group_sale_salesman_all_leads"):
            return Team.search([("user_id", "=", user.id)])
        return Team  # sees the own leads only: nothing of a team to look at

    @api.model
    def _day_get_members(self, teams):
        # sudo: who is in the team one leads is no secret, whatever the companies are
        return (
            self.env["crm.team.member"]
            .sudo()
            .search_fetch(
                [("crm_team_id", "in", teams.ids), ("user_id.active", "=", True)],
                ["user_id", "crm_team_id"],
            )
            if teams
            else self.env["crm.team.member"].sudo()
        )

    @api.model
    def _day_prepare_switch(self, teams, members):
        """Return whose day the reader may look at: teams and salespeople."""
        return {
            "teams": [{"id": team.id, "name": team.name} for team in teams],
            "people": sorted(
                ({"id": user.id, "name": user.name} for user in members.user_id),
                key=lambda person: person["name"].lower(),
            ),
        }

    @api.model
    def _day_get_limits(self, scope, limits):
        """Return how many lines of each group are wanted, in their order."""
        limits = limits or {}
        keys = GROUPS if scope.kind in (ME, USER) else TEAM_GROUPS
        if (
            not isinstance(limits, dict)
            or not limits.keys() <= {*TEAM_GROUPS}
            or not all(type(number) is int for number in limits.values())
        ):
            raise UserError(self.env._("There is no such group of leads."))
        return {key: min(max(limits.get(key, LIMIT), 0), MAX_LIMIT) for key in keys}

    @api.model
    def _day_get_days(self, scope):
        """Return the :class:`Days` of the reader."""
        today = fields.Date.context_today(self)
        lang = self.env["res.lang"]._get_data(code=self.env.user.lang or "en_US")
        first = int(lang.week_start or 1) - 1
        left = 6 - (today.weekday() - first) % 7
        return Days(
            today,
            today + timedelta(days=1),
            today + timedelta(days=left),
            self._day_get_late(today) if scope.teams else None,
            fields.Datetime.now() - MISSED_FOR,
        )

    @api.model
    def _day_get_late(self, today):
        """Return the day before which an activity was due that is overdue for long."""
        Day = self.env["lead.day"]
        if not Day._get_setting("day_escalation_days"):
            return None
        return Day._get_late_days(self.env.user, today)[self.env.uid]
