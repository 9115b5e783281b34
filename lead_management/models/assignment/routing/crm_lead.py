import logging

from psycopg2.errors import LockNotAvailable

from odoo import api, fields, models

from ...base.actor import NOBODY, Actor
from ...base.apart import READ_COMMITTED, apart
from ...base.work import note
from ..rule.lead_assignment_rule import CAPTURE, SCORE, STAGE

_logger = logging.getLogger(__name__)

ROUTING, WAKE = "routing", "wake"
# Leads routed per transaction, and right after a request that created them; what is
# beyond is left to the cron.
BATCH_SIZE = 1_000
AT_ONCE = 2_000
# What only the engine writes: a field that is readonly is so in views alone.
ENGINE_FIELDS = (
    "assignment_date",
    "assignment_pending",
    "assignment_pool_id",
    "assignment_team_kept",
)
# Routing is one at a time: turns and limits are counted, and two that wait for each
# other's members would never end.
ROUTING_LOCK = 0x6C656164


class CrmLead(models.Model):
    """Routing: a step after creation that never endangers the lead itself.

    A lead created without an explicit owner is stored unassigned and marked; as soon as
    it is committed the rules decide, in a transaction of their own. If that breaks off,
    the lead stays marked and a cron decides, as it does when nobody was free.
    """

    _inherit = "crm.lead"

    assignment_pending = fields.Boolean(
        string="Waiting for Assignment", readonly=True, copy=False
    )
    assignment_date = fields.Datetime(string="Assigned On", readonly=True, copy=False)
    assignment_team_kept = fields.Boolean(
        string="Team Set by the Source",
        readonly=True,
        copy=False,
        help="An event, chat, survey or form sets the team of its leads. The rules "
        "then assign them within this team.",
    )
    assignment_log_ids = fields.One2many(
        "lead.assignment.log", "lead_id", readonly=True
    )
    assignment_explanation = fields.Char(
        string="Assignment", compute="_compute_assignment_explanation"
    )
    assignment_story = fields.Json(
        string="Assignment Details",
        compute="_compute_assignment_story",
        help="Assignments of this lead, the most recent first.",
    )

    _assignment_pending_idx = models.Index("(id) WHERE assignment_pending IS TRUE")

    @api.depends("assignment_log_ids")
    def _compute_assignment_explanation(self):
        for lead in self:
            log = lead._get_last_decision()
            lead.assignment_explanation = log.explanation
            if not log and not lead.user_id and not lead.assignment_pending:
                lead.assignment_explanation = self.env._(
                    "No rule has been applied yet: the lead was received before any "
                    "rule existed, or it was left without a salesperson."
                )

    @api.depends("assignment_log_ids")
    def _compute_assignment_story(self):
        for lead in self:
            lead.assignment_story = [
                log._get_story() for log in lead.assignment_log_ids[:50]
            ]

    def _get_last_decision(self):
        """Return the last decision about this lead itself.

        Those about duplicates that were merged into it may be later, and name others.
        """
        return self.assignment_log_ids.filtered(lambda log: not log.is_merged)[:1]

    # ------------------------------------------------------------
    # Capture
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        return self._without_engine_fields(super().default_get(fields))

    @api.model
    def _without_engine_fields(self, vals):
        """Return values without those that only the engine may write."""
        if self.env.su or vals.keys().isdisjoint(ENGINE_FIELDS):
            return vals
        return {name: vals[name] for name in vals.keys() - set(ENGINE_FIELDS)}

    def _routing_prepare(self, change):
        change.map(self._without_engine_fields)
        if change.is_new and self.env["lead.assignment.rule"]._has_trigger(CAPTURE):
            change.map(self._prepare_unrouted_values)

    def _routing_changed(self, change):
        if change.is_new and self.env["lead.assignment.rule"]._has_trigger(CAPTURE):
            self.filtered("assignment_pending")._assignment_defer()

    @api.model
    def _score_get_left_out_fields(self):
        return super()._score_get_left_out_fields() | {"assignment_pending"}

    @api.model
    def _prepare_unrouted_values(self, vals):
        """Return the values of a new lead, left to the rules unless it has an owner.

        An owner who is named in the values or by the context of the screen was chosen;
        otherwise Odoo would take whoever runs the code. Where a visitor is at work, of
        a form, a survey or a chat, only an administrator chose: what the visitor posts
        is nobody's choice, and Odoo names some default owner else.
        The company is the one that default owner would have given.
        """
        setup = self._get_origin_setup(vals)
        if self._is_visited():
            vals, is_chosen = setup.apply(vals)
        else:
            default = self.env.context.get("default_user_id")
            is_chosen = vals.get("user_id") or ("user_id" not in vals and default)
        if is_chosen:
            return vals
        routed = {**vals, "user_id": False, "assignment_pending": True}
        if vals.get("team_id") in setup.team_ids:
            routed["assignment_team_kept"] = True
        if not vals.get("user_id") and "user_id" in vals or vals.get("team_id"):
            return routed
        # sudo: a visitor may not read whom Odoo would have made the owner
        owner = self.env["res.users"].sudo().browse(vals.get("user_id", ()))
        routed.setdefault("company_id", (owner.company_id or self.env.company).id)
        return routed

    def _assign_userless_lead_in_team(self, creation_source):
        """Leave the owner to the rules, where there are any."""
        if self.env["lead.assignment.rule"]._has_trigger(CAPTURE):
            return None
        return super()._assign_userless_lead_in_team(creation_source)

    def _assignment_defer(self, trigger=CAPTURE):
        """Route these leads as soon as they are committed."""
        self._assignment_note(dict.fromkeys(self.ids), trigger)

    def _assignment_note(self, where, trigger):
        """Route leads as soon as they are committed, if they are still where they are.

        :param where: dict of lead id to the stage or the temperature that calls the
            rules, which nobody may have undone by then
        """
        note(self.env, ROUTING, where, trigger)

    @api.model
    def _work_routing(self, pending):
        for trigger, where in pending.items():
            lead_ids = self._assignment_find_there(where, trigger)
            left = len(lead_ids) > AT_ONCE
            try:
                self._assignment_route_batches(lead_ids[:AT_ONCE], trigger)
            except LockNotAvailable:
                left = True
            except Exception:
                # the leads are safe and marked; the cron tries again and reports
                _logger.exception("Routing after commit failed, left to the cron")
            if left:
                with apart(self.env.registry) as env:
                    env["crm.lead"]._assignment_trigger_retry()

    @api.model
    def _assignment_find_there(self, where, trigger):
        """Return the ids of the leads that are where they were noted."""
        if not any(where.values()):
            return list(where)
        with apart(self.env.registry) as env:
            leads = env["crm.lead"].browse(where).exists()
            place = {
                STAGE: lambda lead: lead.stage_id.id,
                SCORE: lambda lead: lead.score_temperature,
            }[trigger]
            return [lead.id for lead in leads if place(lead) == where[lead.id]]

    @api.model
    def _assignment_route_batches(self, lead_ids, trigger, limit=BATCH_SIZE):
        """Route leads batch by batch; their owners are told once, with the last one."""
        for start in range(0, len(lead_ids), limit):
            self._assignment_route_apart(
                lead_ids[start : start + limit],
                trigger,
                start + limit >= len(lead_ids),
            )

    @api.model
    def _assignment_route_apart(self, lead_ids, trigger=CAPTURE, is_last=True):
        """Route leads in a transaction of its own.

        READ COMMITTED, since rules hand out turns one transaction after the other: in
        Odoo's usual isolation the one that waited for its turn would fail.

        :param is_last: whether no other batch of the same routing follows
        :return: list of the outcomes
        """
        # somebody stands behind what is done by hand
        actor = Actor.of(self.env) if trigger == "manual" else NOBODY
        with apart(self.env.registry, actor, READ_COMMITTED) as env:
            leads = env["crm.lead"].browse(lead_ids).exists()
            logs = leads._assignment_route(trigger, is_last)
            logs.fetch(["outcome"])  # nothing else of them, least of all candidates
            return logs.mapped("outcome")

    # ------------------------------------------------------------
    # Waiting leads
    # ------------------------------------------------------------

    @api.model
    def _cron_assign(self, limit=BATCH_SIZE):
        """Route the leads that wait: the best first, and the oldest among equals."""
        progress = self.env["ir.cron"]._commit_progress
        while self._pool_reassign(limit):
            if not progress():
                break
        lead_ids = (
            self.with_context(active_test=False)
            .search(
                [("assignment_pending", "=", True)],
                order="score_total desc, create_date, id",
            )
            .ids
        )
        progress(remaining=len(lead_ids))
        for start in range(0, len(lead_ids), limit):
            batch = lead_ids[start : start + limit]
            is_last = start + limit >= len(lead_ids)
            self._assignment_route_apart(batch, "queue", is_last)
            self.env.invalidate_all()
            if not progress(len(batch)):
                break

    @api.model
    def _assignment_trigger_retry(self, moments=(), force=False):
        """Let the waiting leads be routed soon, if there are any.

        :param moments: when somebody will be free, instead of now
        :param force: whether there is something to do without any, too
        """
        if not moments and not force:
            # once for all that happens in this transaction
            note(self.env, WAKE, [None])
            return
        self._assignment_trigger(moments, force)

    @api.model
    def _work_wake(self, pending):
        self._assignment_trigger()

    @api.model
    def _assignment_trigger(self, moments=(), force=False):
        """Trigger the cron of waiting leads (see :meth:`_assignment_trigger_retry`)."""
        # sudo: whoever frees a member frees the leads that wait for it
        waiting = self.sudo().with_context(active_test=False)
        if not self.env.registry.ready or not (
            force or waiting.search_count([("assignment_pending", "=", True)], limit=1)
        ):
            return
        cron = waiting.env.ref(
            "lead_management.ir_cron_assign", raise_if_not_found=False
        )
        if not cron:
            return
        # sudo: scheduled actions are the administrator's
        Trigger = self.env["ir.cron.trigger"].sudo()
        for moment in moments or [fields.Datetime.now()]:
            known = Trigger.search_count(
                [
                    ("cron_id", "=", cron.id),
                    ("call_at", ">=", fields.Datetime.now()),
                    ("call_at", "<=", moment),
                ],
                limit=1,
            )
            if moment and not known:
                cron._trigger(moment)
