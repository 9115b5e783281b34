from collections import namedtuple

from odoo import api, models
from odoo.tools import SQL, ormcache

from ...base.rule.conditions import DOMAIN_ERRORS, LEAD_ID
from .constants import HELD, LATER, OFFERED
from .fact import FACTS, complete, select_facts

# What offering needs of a policy, detached from the ORM so that it is read once.
Plan = namedtuple(
    "Plan",
    "id company_id order hours max_open is_automatic names told terms partners",
)
# What it needs of a partner.
Partner = namedtuple("Partner", "id name kind company_id user_id")
# What is read of a lead: the preview, whether it may be offered, and who offers it.
LeadPreview = namedtuple("LeadPreview", "teaser is_free who")
# There is nothing to tell; that something is not so is told.
EMPTY = (None, "", [], {})


class LeadSharePolicy(models.Model):
    """What a policy says, as plain data; and what it tells of many leads at once."""

    _inherit = "lead.share.policy"

    @ormcache("self.id")
    def _get_plan(self):
        """Return a policy as plain data, kept until one or a partner changes."""
        policy = self.sudo()  # sudo: cached for everybody
        partners = policy.recipient_ids.filtered("active").sorted()
        return Plan(
            id=policy.id,
            company_id=policy.company_id.id,
            order=policy.order,
            hours=policy.term_hours,
            max_open=policy.max_open,
            is_automatic=policy.is_automatic,
            names=tuple(policy._get_names()),
            told=tuple(
                (line.fact, line.preview)
                for line in policy.fact_ids
                if line.preview != LATER and line.preview in FACTS.get(line.fact).hows
            ),
            terms=tuple(policy._prepare_terms().items()),
            partners=tuple(one._get_plain() for one in partners if one._is_ready()),
        )

    def _prepare_terms(self):
        """Return what is the same for all shares of a policy, and stays with them."""
        return {
            "company_id": self.company_id.id,
            "policy_id": self.id,
            "purpose": self.purpose,
            "legal_basis": self.legal_basis,
            "arrangement": self.arrangement,
            "is_locked": self.is_locked,
            "fields_full": self._get_names(),
            "commission": self._get_commission_terms() or None,
        }

    # ------------------------------------------------------------
    # Leads
    # ------------------------------------------------------------

    def _read_leads(self, leads):
        """Return what is told of leads, and which of them may be offered.

        One statement reads all of them: whether they meet the condition, are open and
        with nobody else, and each fact that SQL can tell.

        :return: dict of lead id to :class:`LeadPreview`
        """
        plan = self._get_plan()
        # sudo: what is told is read field by field; leads of no company are ours
        leads = leads.sudo().with_company(plan.company_id)
        leads._derived_flush()
        self.env.flush_all()
        one = {lead.id: lead for lead in leads}  # read together, where SQL cannot
        return {
            lead_id: LeadPreview(self._get_teaser(one.get(lead_id), facts), free, who)
            for lead_id, facts, free, who in self._select_leads(leads, plan)
        }

    def _select_leads(self, leads, plan):
        query = self._new_lead_query(leads.ids)
        rule, condition = self._compile_own(query)
        facts = select_facts(leads.env, [name for name, __ in plan.told])

        def columns(compiled):
            return SQL(
                """%s, %s AND crm_lead.won_status = 'pending' AND NOT EXISTS (
                    SELECT 1 FROM lead_share
                    WHERE lead_id = crm_lead.id AND state = ANY(%s)),
                (SELECT partner.name FROM res_users who
                 JOIN res_partner partner ON partner.id = who.partner_id
                 WHERE who.id = %s)""",
                facts,
                compiled[0][1],
                [OFFERED, *HELD],
                self.env.uid,
            )

        compiled = [(rule, condition)]
        if rule and self._is_pattern(rule):
            return self._select_matches(query, compiled, columns)
        return self.env.execute_query(query.select(LEAD_ID, columns(compiled)))

    def _compile_own(self, query):
        """Return this rule and its condition on the leads of a query.

        What is archived, or cannot be compiled any more, is met by no lead.
        """
        rule = next((one for one in self._active_rules() if one.id == self.id), None)
        if not rule:
            return None, SQL("FALSE")
        try:
            domain = self._get_engine_domain(rule.conditions, rule.company_id)
            return rule, self._compile_domain(domain, query)
        except DOMAIN_ERRORS as error:
            # sudo: whoever meets a broken rule need not be a manager
            self.sudo()._switch_off(str(error))
            return None, SQL("FALSE")

    @api.model
    def _is_pattern(self, rule):
        """Return whether a condition may fail on the text of some lead."""
        domain = self._get_engine_domain(rule.conditions, rule.company_id)
        return any("like" in one.operator for one in domain.iter_conditions())

    def _get_teaser(self, lead, facts):
        """Return what is told of a lead before acceptance, by name.

        :param lead: with all rights
        :param facts: what SQL could tell of it
        """
        told = self._get_plan().told
        facts = complete(lead, [name for name, __ in told], facts)
        shown = {
            name: FACTS.get(name).preview(lead, how, facts.get(name))
            for name, how in told
        }
        return {name: value for name, value in shown.items() if value not in EMPTY}

    # ------------------------------------------------------------
    # Partners
    # ------------------------------------------------------------

    def _get_free_recipients(self):
        """Return the partners who may get one more offer, in their order.

        :return: dict of a partner to how many more offers, None without a limit
        """
        plan = self._get_plan()
        partners = self.env["lead.share.partner"].browse(p.id for p in plan.partners)
        most = plan.max_open
        if not most:
            return dict.fromkeys(partners)
        # sudo: what others of the company have offered counts, too
        counts = dict(
            self.env["lead.share"]
            .sudo()
            ._read_group(
                [
                    ("recipient_id", "in", partners.ids),
                    ("policy_id", "=", self.id),
                    ("state", "=", OFFERED),
                ],
                ["recipient_id"],
                ["__count"],
            )
        )
        free = {one: most - counts.get(one, 0) for one in partners}
        return {partner: left for partner, left in free.items() if left > 0}


class LeadSharePartner(models.Model):
    _inherit = "lead.share.partner"

    def _get_plain(self):
        """Return what offering needs of a partner, as plain data."""
        self.ensure_one()
        return Partner(
            self.id, self.name, self.kind, self.to_company_id.id, self.user_id.id
        )
