from collections import namedtuple

from odoo import fields, models

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
        from the probability, which Odoo predicts again with every owner and team.

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
            taken = (self - kept)._claim_manually(user)
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
            moved._log_manually(before)
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
            self._assignment_trigger_retry()
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

    def _log_manually(self, before):
        """Note that a person changed the owner."""
        # sudo: the history is nobody's to write; the actor is who does it
        Log = self.env["lead.assignment.log"].sudo()
        logs = Log.create(
            [
                {
                    **self._prepare_owner_entry(lead, *lead._get_manual_outcome()),
                    "user_before_id": before[lead.id].user.id,
                    # sudo: whoever changes the owner need not see the pool
                    "pool_id": lead.sudo().assignment_pool_id.id,
                    "detail": not lead.user_id and self.env._("withdrawn manually"),
                }
                for lead in self
            ]
        )
        logs._complete_later()

    def _get_manual_outcome(self):
        """Return trigger and outcome of a change of the owner by hand."""
        if not self.user_id:
            return "hand", "released"
        return ("take", "claimed") if self.assignment_pool_id else ("hand", "assigned")
