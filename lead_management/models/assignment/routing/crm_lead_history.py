from odoo import api, fields, models
from odoo.tools import SQL

from ...base.fast.bulk_create import bulk_create
from ..log.lead_assignment_log import GIVEN_BACK


class CrmLead(models.Model):
    """What was decided on a lead before, and what is noted of a decision."""

    _inherit = "crm.lead"

    # ------------------------------------------------------------
    # Noting decisions
    # ------------------------------------------------------------

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
                FROM lead_assignment_log
                WHERE lead_id = ANY(%s) AND is_merged IS NOT TRUE
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
                "passed": decision.skipped_rules,
            },
            "duration": duration,
            "detail": decision.detail,
        }

    @api.model
    def _prepare_owner_log(self, lead, trigger, outcome):
        """Return what every entry about the owner of a lead, as it is now, says."""
        return {
            **self._prepare_owner_entry(lead, trigger, outcome),
            "score": lead.score_total,
        }

    @api.model
    def _prepare_owner_entry(self, lead, trigger, outcome):
        """Return the same without the score, which may have to be worked out first."""
        return {
            "lead_id": lead.id,
            "trigger": trigger,
            "outcome": outcome,
            "user_id": lead.user_id.id,
            "team_id": lead.team_id.id,
            "actor_id": self.env.uid,
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
            [
                ("lead_id", "in", free.ids),
                ("outcome", "in", GIVEN_BACK),
                ("is_merged", "!=", True),
            ],
            ["lead_id"],
            ["date:max"],
        )
        return {lead.id: lead.create_date for lead in free} | {
            lead.id: date for lead, date in given_back
        }

    def _get_released_by(self):
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

    # ------------------------------------------------------------
    # Leads of the same customer
    # ------------------------------------------------------------

    def _get_previous_owners(self):
        """Return who last had a lead of the same customer, in one statement.

        The same contact counts before the same company, an email address before its
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

    @api.model
    def _work_log(self, pending):
        """Note in the history what is known right before the commit."""
        self.env["lead.assignment.log"]._complete(list(pending[None]))

    def _owner_merging(self, merged):
        """What is merged was a duplicate: its turn is given back."""
        # sudo: the history is nobody's to write
        logs = merged.sudo().assignment_log_ids
        logs._complete_now()  # as long as they are those of the merged lead
        logs._return_turns()
