import logging

from odoo import SUPERUSER_ID, api, fields, models, modules
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

PENDING_KEY = "lead_management.assignment"
# Leads routed per transaction, and right after a request that created them; what is
# beyond is left to the cron.
BATCH_SIZE = 500
AT_ONCE = 2_000


class CrmLead(models.Model):
    """Routing: a step after creation that never endangers the lead itself.

    A lead created without an explicit owner is stored unassigned and marked; as soon as
    it is committed the rules decide, in a transaction of their own. What fails there
    stays marked and is retried by a cron.
    """

    _inherit = "crm.lead"

    assignment_pending = fields.Boolean(
        string="Waiting for Assignment", readonly=True, copy=False
    )
    assignment_date = fields.Datetime(
        string="Assigned by Rule on", readonly=True, copy=False
    )
    assignment_log_ids = fields.One2many(
        "lead.assignment.log", "lead_id", string="Assignment History", readonly=True
    )
    assignment_explanation = fields.Char(
        string="Assignment", compute="_compute_assignment_explanation"
    )

    _assignment_pending_idx = models.Index("(id) WHERE assignment_pending IS TRUE")

    @api.depends("assignment_log_ids")
    def _compute_assignment_explanation(self):
        for lead in self:
            lead.assignment_explanation = lead.assignment_log_ids[:1].explanation

    # ------------------------------------------------------------
    # Capture
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env["lead.assignment.rule"]._active_rules():
            return super().create(vals_list)
        vals_list = [self._prepare_unrouted_values(vals) for vals in vals_list]
        leads = super().create(vals_list)
        leads.filtered("assignment_pending")._assignment_defer()
        return leads

    @api.model
    def _prepare_unrouted_values(self, vals):
        """Return the values of a new lead, left to the rules unless it has an owner.

        An owner who is named in the values or by the context of the screen was chosen;
        otherwise Odoo would take whoever runs the code. The company is the one that
        default owner would have given.
        """
        if vals.get("user_id") or (
            "user_id" not in vals and self.env.context.get("default_user_id")
        ):
            return vals
        routed = {**vals, "user_id": False, "assignment_pending": True}
        if "user_id" not in vals and not vals.get("team_id"):
            routed.setdefault("company_id", self.env.company.id)
        return routed

    def _assignment_defer(self):
        """Route these leads as soon as they are committed."""
        cr = self.env.cr
        # a test never commits: there, the end of the request is as close as it gets
        callbacks = cr.precommit if modules.module.current_test else cr.postcommit
        if PENDING_KEY not in callbacks.data:
            callbacks.data[PENDING_KEY] = []
            callbacks.add(self.env["crm.lead"]._assignment_run_deferred)
        callbacks.data[PENDING_KEY] += self.ids

    @api.model
    def _assignment_run_deferred(self):
        if modules.module.current_test:
            lead_ids = self.env.cr.precommit.data.pop(PENDING_KEY, [])
            self.sudo().browse(lead_ids).exists()._assignment_route("capture")
            return
        lead_ids = self.env.cr.postcommit.data.pop(PENDING_KEY, [])
        try:
            for start in range(0, min(len(lead_ids), AT_ONCE), BATCH_SIZE):
                self._assignment_route_apart(lead_ids[start : start + BATCH_SIZE])
        except Exception:
            # the leads are safe and marked; the cron tries again and reports
            _logger.exception("Routing after creation failed, left to the cron")
        if len(lead_ids) > AT_ONCE:
            with self.env.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                env.ref("lead_management.ir_cron_assign")._trigger()

    @api.model
    def _assignment_route_apart(self, lead_ids):
        """Route leads in a transaction of its own.

        READ COMMITTED, since rules hand out turns one transaction after the other: in
        Odoo's usual isolation the one that waited for its turn would fail.
        """
        with self.env.registry.cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            env = api.Environment(cr, SUPERUSER_ID, {})
            leads = env["crm.lead"].browse(lead_ids).exists()
            leads._assignment_route("capture")

    @api.model
    def _cron_assign(self, limit=BATCH_SIZE):
        """Route the leads that still wait, oldest first."""
        domain = Domain("assignment_pending", "=", True)
        CrmLead = self.with_context(active_test=False)
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=CrmLead.search_count(domain))
        last_id = 0  # once each: those another transaction holds wait for the next run
        while leads := CrmLead.search(
            domain & Domain("id", ">", last_id), order="id", limit=limit
        ):
            last_id = leads.ids[-1]
            leads._assignment_route("capture")
            if not progress(len(leads)):
                break

    # ------------------------------------------------------------
    # Routing
    # ------------------------------------------------------------

    def action_route(self):
        """Let the rules decide on the chosen leads now, whoever owns them."""
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._("Only sales managers let the rules assign leads again.")
            )
        if not self.env["lead.assignment.rule"]._active_rules():
            raise UserError(
                self.env._(
                    "There is no assignment rule yet. Create one under Configuration > "
                    "Lead Management > Assignment Rules."
                )
            )
        self.check_access("write")
        logs = self._assignment_route("manual")
        assigned = logs.filtered(lambda log: log.outcome == "assigned")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if len(assigned) == len(self) else "warning",
                "message": self.env._(
                    "%(assigned)s of %(total)s leads assigned.",
                    assigned=len(assigned),
                    total=len(self),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _assignment_route(self, trigger):
        """Give each lead to whom the rules say, once, and log every decision.

        Leads that another transaction is working on are left to it. New leads which got
        an owner in the meantime keep it.

        :param trigger: ``capture`` or ``manual``, as in ``lead.assignment.log``
        :return: the ``lead.assignment.log`` records
        """
        # sudo: the rules decide on behalf of the company, whatever the user may see;
        # action_route checks the rights of the user first
        leads = self.sudo().try_lock_for_update(allow_referencing=True)
        if trigger == "capture":
            leads.invalidate_recordset(["user_id", "assignment_pending"], flush=True)
            owned = leads.filtered("user_id")
            owned.filtered("assignment_pending").write({"assignment_pending": False})
            leads = (leads - owned).filtered("assignment_pending")
        match = self.env["lead.assignment.rule"].sudo()._first_match(leads)
        log_values = []
        undecided = leads.filtered(lambda lead: lead not in match)
        undecided.write({"assignment_pending": False})
        log_values += undecided._prepare_assignment_logs(trigger, "no_rule")
        decided = (leads - undecided).sorted("id")
        groups = decided.grouped(lambda lead: (match[lead], lead.company_id))
        # rules lock their rotation: always in the same order, or two routings deadlock
        for (rule, company), group in sorted(
            groups.items(), key=lambda item: (item[0][0].id, item[0][1].id)
        ):
            try:
                with self.env.cr.savepoint():
                    log_values += group._assignment_apply(rule, company, trigger)
            except (UserError, ValueError) as error:
                _logger.warning("Rule %s failed on %s leads", rule.id, len(group))
                group.write({"assignment_pending": False})
                log_values += group._prepare_assignment_logs(
                    trigger, "failed", rule, detail=str(error)
                )
        return self.env["lead.assignment.log"].sudo().create(log_values)

    def _assignment_apply(self, rule, company, trigger):
        """Give the leads of one company to the candidates of one rule.

        :return: values of ``lead.assignment.log``, one per lead
        """
        users = rule._get_candidates(company)
        if not users:
            self.write({"assignment_pending": False})
            return self._prepare_assignment_logs(trigger, "no_candidate", rule)
        if len(users) > 1:
            dealt = self.env["lead.assignment.turn"]._deal(rule, users, len(self))
        else:
            dealt = [users] * len(self)
        quiet = self.with_context(
            # one note per lead in the log replaces the tracking of a creation
            mail_notrack=trigger == "capture",
            mail_auto_subscribe_no_notify=len(self) > 1,
        )
        log_values = []
        leads_by_user = {}
        for lead, user in zip(self, dealt, strict=True):
            leads_by_user.setdefault(user, quiet.browse())
            leads_by_user[user] += quiet.browse(lead.id)
        for user, leads in leads_by_user.items():
            leads.write(leads._prepare_assignment_values(rule, user))
            log_values += leads._prepare_assignment_logs(
                trigger, "assigned", rule, candidate_count=len(users)
            )
        return log_values

    def _prepare_assignment_values(self, rule, user):
        """Return the values that make ``user`` the owner of these leads."""
        values = {
            "user_id": user.id,
            "assignment_pending": False,
            "assignment_date": fields.Datetime.now(),
        }
        if rule.team_id:
            values["team_id"] = rule.team_id.id
        return values

    def _prepare_assignment_logs(self, trigger, outcome, rule=None, **values):
        """Return the values of one ``lead.assignment.log`` per lead."""
        return [
            {
                "lead_id": lead.id,
                "trigger": trigger,
                "outcome": outcome,
                "rule_id": rule.id if rule else False,
                "user_id": lead.user_id.id,
                "team_id": lead.team_id.id,
                **values,
            }
            for lead in self
        ]

    def _merge_dependences(self, opportunities):
        """Keep the decisions on the merged leads: they would go with them."""
        super()._merge_dependences(opportunities)
        # sudo: the history is nobody's to write
        opportunities.sudo().assignment_log_ids.write({"lead_id": self.id})
