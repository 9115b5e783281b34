import functools
import logging
import time

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import clean_context

from ..base.bulk_create import bulk_create
from .crm_lead import ENGINE, ENGINE_MARK, ROUTING_LOCK
from .lead_assignment_log import GIVEN_BACK
from .lead_assignment_plan import Plan
from .lead_assignment_rule import CAPTURE, SCORE, STAGE

_logger = logging.getLogger(__name__)


class CrmLead(models.Model):
    """Routing: what the rules decide is carried out, logged and told."""

    _inherit = "crm.lead"

    # ------------------------------------------------------------
    # Routing
    # ------------------------------------------------------------

    def action_route(self):
        """Let the rules decide on the chosen leads now, whoever owns them."""
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._("Only sales managers let the rules assign leads again.")
            )
        if not self.env["lead.assignment.rule"]._has_trigger(CAPTURE):
            raise UserError(
                self.env._(
                    "There is no assignment rule yet. Create one under Configuration > "
                    "Lead Management > Assignment Rules."
                )
            )
        self.check_access("write")
        self.env.cr.flush()
        outcomes = self._assignment_route_apart(self.ids, "manual")
        self.env.invalidate_all()
        assigned = sum(outcome in ("assigned", "pooled") for outcome in outcomes)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if assigned == len(self) else "warning",
                "message": self.env._(
                    "%(assigned)s of %(total)s leads assigned.",
                    assigned=assigned,
                    total=len(self),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _assignment_route(self, trigger):
        """Give each lead to whom the rules say, once, and log every decision.

        Leads that another transaction is working on are left to it. New leads which got
        an owner in the meantime keep it.

        :param trigger: as in ``lead.assignment.log``
        :return: the ``lead.assignment.log`` records
        """
        started = time.monotonic()
        self.env.cr.execute("SELECT pg_advisory_xact_lock(%s)", [ROUTING_LOCK])
        # before anything is counted; a claim holds its own for some milliseconds only
        self.env["lead.assignment.capacity"]._lock()
        # sudo: the rules decide on behalf of the company, whatever the user may see;
        # action_route checks the rights of the user first
        leads = self.sudo().try_lock_for_update(allow_referencing=True)
        if trigger in (CAPTURE, "queue", "release", "sla"):
            leads = leads._filter_still_pending()
        Rule = self.env["lead.assignment.rule"].sudo()
        Rule.invalidate_model()
        had = leads._get_gave_back() if trigger in ("queue", "release", "sla") else None
        plan = Plan(Rule.env, trigger if trigger in (STAGE, SCORE) else CAPTURE, had)
        decisions = plan.decide(leads._sorted_for_routing())
        if trigger in (STAGE, SCORE):
            decisions = [item for item in decisions if item.outcome != "no_rule"]
        since = leads._get_waiting_since()
        decisions = leads._assignment_apply(decisions, plan)
        duration = 1000 * (time.monotonic() - started) / max(len(decisions), 1)
        logs = leads._assignment_log(decisions, trigger, round(duration), since)
        leads._assignment_sleep(decisions)
        return logs

    def _sorted_for_routing(self):
        """Return the best leads first, and the oldest among equals."""
        return self.sorted(lambda lead: (-lead.score_total, lead.create_date, lead.id))

    def _filter_still_pending(self):
        """Return the leads nobody took in the meantime; forget about the others."""
        self.invalidate_recordset(["user_id", "assignment_pending"], flush=True)
        owned = self.filtered("user_id")
        owned.filtered("assignment_pending").write({"assignment_pending": False})
        return (self - owned).filtered("assignment_pending")

    def _assignment_apply(self, decisions, plan):
        """Write what was decided: owners, followers, tracking, notices, turns.

        Leads that go to the same place are written together. If that fails, they stay
        without an owner and say why; the others are not concerned.

        :return: the decisions, with those that failed marked
        """
        before = {lead.id: (lead.user_id, lead.team_id) for lead in self}
        pooled_before = self.filtered("assignment_pool_id")
        groups = {}
        for decision in decisions:
            values = self._prepare_assignment_values(decision)
            groups.setdefault(tuple(values.items()), []).append(decision)
        self.env.flush_all()  # a savepoint that is given up must not take it along
        if self._assignment_write(groups.items()):
            for items, group in groups.items():
                if error := self._assignment_write([(items, group)]):
                    self._assignment_fail(group, plan, error)
        done = [item for item in decisions if item.outcome == "assigned"]
        self._assignment_track([item.lead for item in done], before)
        pooled_before.filtered("user_id")._pool_leave()
        pooled = [item for item in decisions if item.outcome == "pooled"]
        self.env["lead.pool.entry"]._enter([(i.lead.id, i.pool.id) for i in pooled])
        self.env["lead.assignment.turn"]._save(plan.get_ledgers())
        plan.returned.write({"turn_state": "returned"})
        new = [item for item in done if item.user != before[item.lead.id][0]]
        for user, items in self._group_by_user(new).items():
            self.browse([item.lead.id for item in items])._assignment_notify(user)
        return decisions

    def _assignment_write(self, groups):
        """Write the values of groups of decisions, all of them or none.

        :return: what went wrong, or None
        """
        try:
            with self.env.cr.savepoint(flush=False):
                for items, group in groups:
                    leads = self.browse([item.lead.id for item in group])
                    leads.with_context(**ENGINE).write(dict(items))
                self.env.flush_all()
        except OperationalError:
            raise
        except Exception as error:
            self.env.transaction.clear()
            return str(error)
        return None

    @api.model
    def _group_by_user(self, decisions):
        groups = {}
        for decision in decisions:
            groups.setdefault(decision.user, []).append(decision)
        return groups

    def _assignment_fail(self, decisions, plan, error):
        """Note that leads could not be given, and that their turns were not had."""
        for decision in decisions:
            _logger.warning("Lead %s not assigned: %s", decision.lead.id, error)
            plan.undo(decision)
            decision.outcome, decision.detail, decision.user = "failed", error, None
        leads = self.browse([item.lead.id for item in decisions])
        leads.with_context(**ENGINE).write({"assignment_pending": False})

    @api.model
    def _prepare_assignment_values(self, decision):
        """Return the values that carry out a decision.

        Nothing is left to Odoo's defaults where it would look something up per lead:
        the team that goes with the owner, the company that must not change.
        """
        lead = decision.lead
        if decision.outcome not in ("assigned", "pooled"):
            waits = decision.outcome == "no_candidate" and not lead.user_id
            return (
                {}
                if lead.assignment_pending == waits
                else {"assignment_pending": waits}
            )
        team = decision.rule.team_id or self._get_team_of(decision)
        values = {
            "user_id": decision.user.id if decision.user else False,
            "assignment_pending": False,
            "assignment_pool_id": decision.pool.id if decision.pool else False,
            "team_id": team.id,
        }
        if lead.company_id:
            values["company_id"] = lead.company_id.id
        return values

    @api.model
    def _get_team_of(self, decision):
        """Return the team a lead goes to with its owner, as Odoo would choose it."""
        lead, user = decision.lead, decision.user
        if decision.pool:
            return decision.pool.team_id or lead.team_id
        if user in (lead.team_id.member_ids | lead.team_id.user_id):
            return lead.team_id
        kind = "use_leads" if lead.type == "lead" else "use_opportunities"
        cache = self.env.cr.cache.setdefault("lead_assignment_teams", {})
        key = user.id, kind, lead.company_id.id
        if key not in cache:
            domain = [(kind, "=", True)]
            if lead.company_id:
                domain.append(("company_id", "in", [False, lead.company_id.id]))
            companies = lead.company_id or user.company_ids
            # whose companies count is not who runs the code
            CrmTeam = self.env["crm.team"].with_context(
                allowed_company_ids=companies.ids
            )
            cache[key] = CrmTeam._get_default_team_id(user.id, domain).id
        return self.env["crm.team"].browse(cache[key])

    def _assignment_log(self, decisions, trigger, duration, since):
        """Note decisions; a lead that goes on waiting for the same is not noted again.

        :param duration: milliseconds each of them took
        :param since: as of :meth:`_get_waiting_since`
        """
        if trigger == "queue":
            decisions = self._filter_new_decisions(decisions)
        # sudo: the history is nobody's to write
        return bulk_create(
            self.env["lead.assignment.log"].sudo(),
            [
                self._prepare_assignment_log(item, trigger, duration)
                | {"waited": self._get_waited(since.get(item.lead.id))}
                for item in decisions
            ],
        )

    def _filter_new_decisions(self, decisions):
        waiting = [item for item in decisions if item.outcome == "no_candidate"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (lead_id) lead_id, outcome, rule_id
                FROM lead_assignment_log WHERE lead_id = ANY(%s)
                ORDER BY lead_id, id DESC
                """,
                [item.lead.id for item in waiting],
            )
        )
        last = {lead_id: (outcome, rule_id) for lead_id, outcome, rule_id in rows}
        return [
            item
            for item in decisions
            if last.get(item.lead.id) != (item.outcome, item.rule and item.rule.id)
        ]

    @api.model
    def _prepare_assignment_log(self, decision, trigger, duration):
        lead, rule = decision.lead, decision.rule
        values = self._prepare_owner_log(lead, trigger, decision.outcome)
        return values | {
            "basis": decision.basis or False,
            "rule_id": rule.id if rule else False,
            "rule_version": rule.version if rule else 0,
            "pool_id": decision.pool.id if decision.pool else False,
            "candidate_count": len(decision.candidates),
            "candidates": {
                "in": decision.candidates,
                "out": [
                    (user_id, reason, until and fields.Datetime.to_string(until))
                    for user_id, reason, until in decision.excluded
                ],
                "passed": decision.passed,
            },
            "duration": duration,
            "detail": decision.detail,
        }

    @api.model
    def _prepare_owner_log(self, lead, trigger, outcome):
        """Return what every entry about the owner of a lead, as it is now, says."""
        return {
            "lead_id": lead.id,
            "trigger": trigger,
            "outcome": outcome,
            "user_id": lead.user_id.id,
            "team_id": lead.team_id.id,
            "company_id": lead.company_id.id,
            "actor_id": self.env.uid,
            "score": lead.score_total,
            "revenue": lead.expected_revenue,
        }

    def _get_waiting_since(self):
        """Return since when each of these leads that has no owner waits for one.

        :return: dict of lead id to the moment it came in, or was given back
        """
        free = self.filtered(lambda lead: not lead.user_id)
        if not free:
            return {}
        # sudo: everybody's history counts
        Log = self.env["lead.assignment.log"].sudo()
        given_back = Log._read_group(
            [("lead_id", "in", free.ids), ("outcome", "in", GIVEN_BACK)],
            ["lead_id"],
            ["date:max"],
        )
        return {lead.id: lead.create_date for lead in free} | {
            lead.id: date for lead, date in given_back
        }

    def _get_gave_back(self):
        """Return who gave these leads back, or lost them.

        :return: dict of lead id to a set of ids of users who must not get it again
        """
        rows = self.env["lead.assignment.log"]._read_group(
            [
                ("lead_id", "in", self.ids),
                ("outcome", "in", GIVEN_BACK),
                ("user_before_id", "!=", False),
            ],
            ["lead_id"],
            ["user_before_id:array_agg"],
        )
        return {lead.id: set(user_ids) for lead, user_ids in rows}

    @api.model
    def _get_waited(self, since):
        """Return for how many minutes a lead has waited, 0 when it had an owner."""
        now = fields.Datetime.now()
        return max((now - (since or now)).total_seconds(), 0) / 60

    def _assignment_sleep(self, decisions):
        """Look again when the first of those who were away is back."""
        moments = [
            until
            for decision in decisions
            if decision.outcome == "no_candidate"
            for __, __, until in decision.excluded
            if until
        ]
        if moments:
            self._assignment_wake([min(moments)])

    def _assignment_track(self, leads, before):
        """Note new owners in the discussions of all leads at once.

        Odoo would post message after message.

        :param leads: list of leads
        :param before: dict of lead id to (salesperson, team) as they were
        """
        moved = [
            lead.id for lead in leads if (lead.user_id, lead.team_id) != before[lead.id]
        ]
        if not moved:
            return
        leads = self.browse(moved).with_context(
            lang=None, lead_assignment_bulk=ENGINE_MARK
        )
        messages = leads._message_log_batch(bodies={})
        info = leads.fields_get(["user_id", "team_id"], ["string", "type"])
        Value = self.env["mail.tracking.value"].sudo()
        prepare = functools.cache(
            lambda old, new, fname: Value._create_tracking_values(
                old, new, fname, info[fname], leads
            )
        )
        bulk_create(
            Value,
            [
                {**prepare(old, lead[fname], fname), "mail_message_id": message.id}
                for lead, message in zip(leads, messages, strict=True)
                for fname, old in zip(
                    ("user_id", "team_id"), before[lead.id], strict=True
                )
                if old != lead[fname]
            ],
        )

    def _message_create(self, values_list):
        """Write the notes about new owners of many leads in one statement."""
        if self.env.context.get("lead_assignment_bulk") is not ENGINE_MARK:
            return super()._message_create(values_list)
        Message = self.env["mail.message"].with_context(
            clean_context(self.env.context)
        )
        columns = [
            fname for fname in values_list[0] if Message._fields[fname].column_type
        ]
        messages = bulk_create(
            Message,
            [{fname: values[fname] for fname in columns} for values in values_list],
            known=("mail",),
        )
        self.browse(messages.mapped("res_id")).invalidate_recordset(["message_ids"])
        return messages

    def _assignment_notify(self, user):
        """Tell a salesperson about his new leads: each alone, or one list of many."""
        partner = user.partner_id
        if user == self.env.user or not partner.active:
            return
        leads = self.with_context(lang=user.lang)
        if len(leads) == 1:
            leads._message_auto_subscribe_notify(
                partner.ids, "mail.message_user_assigned"
            )
            return
        body = leads.env["ir.qweb"]._render(
            "lead_management.message_leads_assigned",
            {"leads": leads, "shown": leads[:50]},
            minimal_qcontext=True,
        )
        leads.env["mail.thread"].message_notify(
            partner_ids=partner.ids,
            subject=leads.env._("You have been assigned %s leads", len(leads)),
            body=leads.env["mail.render.mixin"]._replace_local_links(body),
            email_layout_xmlid="mail.mail_notification_layout",
        )

    # ------------------------------------------------------------
    # Who had leads of the same customer
    # ------------------------------------------------------------

    def _get_previous_owners(self):
        """Return who last had a lead of the same customer, in one statement.

        The same contact counts before the same company, an e-mail address before its
        domain (never one of a public provider). Only within a company; a lead of no
        company counts as one of that in which people are looked for.

        :return: dict of lead id to user id
        """
        self.env["crm.lead"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lead.id, found.user_id
                FROM crm_lead lead
                LEFT JOIN res_partner partner ON partner.id = lead.partner_id
                CROSS JOIN LATERAL (
                    SELECT other.user_id
                    FROM (
                        SELECT id, 1 AS rank FROM crm_lead
                        WHERE partner_id = lead.partner_id
                        UNION ALL
                        SELECT id, 2 FROM crm_lead
                        WHERE email_normalized = lead.email_normalized
                        UNION ALL
                        SELECT relative.id, 3
                        FROM res_partner contact
                        JOIN crm_lead relative ON relative.partner_id = contact.id
                        WHERE contact.commercial_partner_id
                            = partner.commercial_partner_id
                        UNION ALL
                        SELECT id, 4 FROM crm_lead
                        WHERE email_domain_criterion = lead.email_domain_criterion
                            AND email_domain_criterion LIKE %(domain)s
                    ) near
                    JOIN crm_lead other ON other.id = near.id
                    WHERE other.id != lead.id AND other.user_id IS NOT NULL
                        AND COALESCE(other.company_id, %(company)s)
                            = COALESCE(lead.company_id, %(company)s)
                    ORDER BY near.rank, other.id DESC
                    LIMIT 1
                ) found
                WHERE lead.id = ANY(%(ids)s)
                """,
                ids=self.ids,
                domain="@%",
                company=self.env.company.id,
            )
        )
        return dict(rows)

    def _merge_dependences(self, opportunities):
        """Keep the decisions on the merged leads: they would go with them.

        What is merged was a duplicate: its turn is given back.
        """
        super()._merge_dependences(opportunities)
        # sudo: the history is nobody's to write
        logs = opportunities.sudo().assignment_log_ids
        logs._return_turns()
        logs.write({"lead_id": self.id})
