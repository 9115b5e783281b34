from collections import namedtuple

from odoo import fields, models
from odoo.exceptions import AccessError

from ....exceptions import RefusedError
from ....tools.texts import storable
from ...base.context import ENGINE
from ...base.stage_types import UNQUALIFIED
from ..rule.lead_assignment_rule import STAGE

OwnerState = namedtuple("OwnerState", "user stage is_open is_worthless")


class CrmLead(models.Model):
    """Changes of the owner, whoever makes them: limits hold, the history is kept."""

    _inherit = "crm.lead"

    def _owner_prepare(self, change):
        if not change.is_new:
            change.split(lambda leads, vals: leads._split_by_owner(vals))

    def _owner_changed(self, change):
        if change.is_new or not change.wrote(*self._get_owner_fields()):
            return
        if self._is_engine():
            # what the engine writes is no stage and no status: nothing follows from it
            self._clock_note()
            return
        self._owner_follow(
            {lead.id: lead._get_owner_state(change.was(lead)) for lead in self}
        )

    def _get_owner_fields(self):
        return {"user_id", "stage_id", "active", "probability", "lost_reason_id"}

    def _get_owner_state(self, before=None):
        """Return what the history, pools, clocks and turns depend on.

        The status is asked for where stage and archive leave it open only: it follows
        from the probability, which Odoo predicts anew with every owner and team.

        :param before: the lead as it was, instead of as it is now
        """
        lead = before or self
        stage, is_active = lead.stage_id, lead.active
        is_unqualified = stage.stage_type == UNQUALIFIED
        is_open = (
            is_active
            and not is_unqualified
            and (not stage.is_won or lead.won_status == "pending")
        )
        is_worthless = is_unqualified or (
            not is_active
            and lead.lost_reason_id.returns_turn
            and lead.won_status == "lost"
        )
        return OwnerState(lead.user_id, stage, is_open, is_worthless)

    def _is_engine(self):
        """Return whether the assignment engine is at work, and nobody from outside."""
        return ENGINE.get(self.env) is not None

    def _split_by_owner(self, vals):
        """Return what to write on which of these leads, to give them another owner.

        A lead that loses its owner stays in its company: Odoo would leave it to all.

        :return: list of pairs (leads, values)
        """
        if "user_id" not in vals:
            return [(self, vals)]
        vals = dict(vals)
        user = self.env["res.users"].browse(vals["user_id"] or ())
        vals["assignment_date"] = fields.Datetime.now() if user else False
        if self._is_engine():
            return [(self, vals)]
        if user:
            self._check_limits(user)
            vals["assignment_pending"] = False
            kept = self.filtered(lambda lead: lead.user_id == user)
            taken = (self - kept)._claim_by_hand(user)
            given = self - kept - taken
            given._pool_leave()
            dated = {"assignment_date": vals.pop("assignment_date")}
            return [
                (leads, values)
                for leads, values in (
                    # first: who hands a lead over may not see it afterwards
                    (given, {**dated, "assignment_pool_id": False}),
                    # together: Odoo dates a batch as soon as one lead changes hands
                    (kept + given, vals),
                    (taken, {**vals, **dated}),
                )
                if leads
            ]
        if "company_id" in vals or vals.get("team_id"):
            return [(self, vals)]
        return [
            (leads, {**vals, **({"company_id": company.id} if company else {})})
            for company, leads in self.grouped("company_id").items()
        ]

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
                "You have all open leads you may have at a time (maximum: %s). Close "
                "one or give one back first.",
                limit,
            ),
            "day": self.env._(
                "You had all your leads for a day (maximum: %s). There are more "
                "tomorrow.",
                limit,
            ),
            "week": self.env._(
                "You had all your leads for a week (maximum: %s). There are more on "
                "Monday.",
                limit,
            ),
            "month": self.env._(
                "You had all your leads for a month (maximum: %s). There are more next "
                "month.",
                limit,
            ),
        }

    def _get_excess(self, values):
        """Return what is said of somebody else who has enough leads, by limit."""
        return {
            "open": self.env._(
                "%(user)s has all open leads they may have at a time (maximum: "
                "%(limit)s). Choose somebody else.",
                **values,
            ),
            "day": self.env._(
                "%(user)s had all leads for a day (maximum: %(limit)s). Choose "
                "somebody else.",
                **values,
            ),
            "week": self.env._(
                "%(user)s had all leads for a week (maximum: %(limit)s). Choose "
                "somebody else.",
                **values,
            ),
            "month": self.env._(
                "%(user)s had all leads for a month (maximum: %(limit)s). Choose "
                "somebody else.",
                **values,
            ),
        }

    # ------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------

    def _owner_follow(self, before):
        """Keep history, pools, clocks and turns in step with a change.

        :param before: dict of lead id to :class:`OwnerState`
        """
        after = {lead.id: lead._get_owner_state() for lead in self}
        changed = self.filtered(lambda lead: before[lead.id] != after[lead.id])
        if not changed:
            return
        moved = changed.filtered(lambda lead: before[lead.id].user != lead.user_id)
        if moved:
            moved._log_by_hand(before)
        worthless = changed.filtered(
            lambda lead: (
                after[lead.id].is_worthless and not before[lead.id].is_worthless
            )
        )
        if worthless:
            # sudo: the history is nobody's to write
            worthless.sudo().assignment_log_ids._return_turns()
        closed = changed.filtered(lambda lead: not after[lead.id].is_open)
        closed._close_assignment()
        switched = moved | changed.filtered(
            lambda lead: before[lead.id].is_open != after[lead.id].is_open
        )
        switched._clock_note()
        switched.filtered(lambda lead: after[lead.id].is_open)._pool_return()
        if switched:
            self._assignment_wake()
        self._route_at_stage(
            changed.filtered(lambda lead: before[lead.id].stage != lead.stage_id)
        )

    def _close_assignment(self):
        """Take closed leads out of the queue and the pools."""
        if not self:
            return
        self._pool_leave()
        waiting = self.filtered("assignment_pending")
        if waiting:
            # sudo: whoever closes a lead may not write that it waits
            waiting.sudo()._as_engine().write({"assignment_pending": False})

    def _route_at_stage(self, leads):
        """Let the rules decide that wait for a stage the leads just entered."""
        Rule = self.env["lead.assignment.rule"]
        if not leads or not Rule._has_trigger(STAGE):
            return
        stage_ids = set().union(
            *(data.stage_ids for data in Rule._get_triggers().values())
        )
        leads = leads.filtered(lambda lead: lead.stage_id.id in stage_ids)
        if leads:
            entered = {lead.id: lead.stage_id.id for lead in leads}
            self._assignment_note(entered, STAGE)

    def _log_by_hand(self, before):
        """Note that a person changed the owner."""
        # sudo: the history is nobody's to write; the actor is who does it
        Log = self.env["lead.assignment.log"].sudo()
        logs = Log.create(
            [
                {
                    **self._prepare_owner_entry(lead, *lead._get_hand_outcome()),
                    "user_before_id": before[lead.id].user.id,
                    # sudo: whoever changes the owner need not see the pool
                    "pool_id": lead.sudo().assignment_pool_id.id,
                    "detail": not lead.user_id and self.env._("taken away by hand"),
                }
                for lead in self
            ]
        )
        logs._complete_later()

    def _get_hand_outcome(self):
        """Return trigger and outcome of a change of the owner by hand."""
        if not self.user_id:
            return "hand", "released"
        return ("take", "claimed") if self.assignment_pool_id else ("hand", "assigned")

    # ------------------------------------------------------------
    # Giving back
    # ------------------------------------------------------------

    def action_release_dialog(self):
        """Ask why the lead is given back."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "lead_management.lead_release_action"
            ),
            "context": {"default_lead_ids": self.ids},
        }

    def action_release(self, reason):
        """Give leads back: to the pool they came from, or to the rules.

        :param reason: why, for the history
        :raise AccessError: when somebody else owns one of them
        :raise RefusedError: without a reason
        """
        if not isinstance(reason, str) or not reason.strip():
            raise RefusedError(self.env._("Say why you give the lead back."))
        self.check_access("write")
        if not self._is_above_limits() and self.user_id - self.env.user:
            raise AccessError(self.env._("You can only give back your own leads."))
        owned = self.filtered("user_id")
        for lead in owned:
            if not lead._get_owner_state().is_open:
                raise RefusedError(
                    self.env._(
                        "“%s” is closed: keep it, or reopen it first.", lead.name
                    )
                )
        # sudo: salespeople must not see what they give back any more
        owned.sudo()._release("released", storable(reason).strip()[:500])
        return True

    def _release(self, outcome, detail=False, trigger="release"):
        """Take the owners of leads away, note it, and let others have them."""
        before = {lead.id: lead.user_id for lead in self}
        Log = self.env["lead.assignment.log"]
        logs = []
        self._pool_leave()
        for (company, pool), leads in self.grouped(
            lambda lead: (lead.company_id, lead.assignment_pool_id.filtered("active"))
        ).items():
            waits = not pool and self.env["lead.assignment.rule"]._has_trigger(
                "capture"
            )
            logs += [
                self._prepare_owner_log(lead, trigger, outcome)
                | {
                    "user_id": False,
                    "user_before_id": lead.user_id.id,
                    "pool_id": pool.id,
                    "detail": detail,
                }
                for lead in leads
            ]
            leads._as_engine().write(
                {
                    "user_id": False,
                    "company_id": company.id,
                    "assignment_pool_id": pool.id,
                    "assignment_pending": waits and True,
                }
            )
            leads._pool_return()
            if waits:
                leads._assignment_defer(trigger)
        self._assignment_track(
            list(self), {lead.id: (before[lead.id], lead.team_id) for lead in self}
        )
        self._assignment_wake()  # others may wait for the room that is there now
        return Log.create(logs)
