from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain

from .constants import (
    BASES,
    COMMISSIONS,
    LATER,
    NONE,
    ORDERS,
    PERCENT,
    TURN,
)
from .fact import FACTS


class LeadSharePolicy(models.Model):
    """To whom leads are offered, what is told of them, and on what terms."""

    _name = "lead.share.policy"
    _inherit = ["lead.rule.mixin", "mail.thread"]
    _description = "Sharing Policy"
    _check_company_auto = True

    company_id = fields.Many2one(
        string="Offered By", required=True, default=lambda self: self.env.company
    )
    recipient_ids = fields.Many2many(
        "lead.share.partner",
        "lead_share_policy_partner_rel",
        "policy_id",
        "partner_id",
        string="Sharing Partners",
        check_company=True,
        help="In the order of the list of sharing partners.",
    )
    order = fields.Selection(ORDERS, string="Offer To", required=True, default=TURN)
    term_hours = fields.Float(
        string="Answer Within (Working Hours)",
        required=True,
        default=8.0,
        help="Working hours of the company that gets the offer, or of yours for "
        "partners elsewhere.",
    )
    max_open = fields.Integer(
        string="Open Offers per Partner",
        help="No further offer is made to a partner who has this many unanswered. "
        "0 means no limit.",
    )
    is_automatic = fields.Boolean(
        string="Accepted Automatically",
        tracking=True,
        help="Offers to companies in this database are accepted at once.",
    )
    is_locked = fields.Boolean(
        string="Read-Only While Shared",
        help="After acceptance your own salespeople can no longer change the lead.",
    )
    recall_days = fields.Integer(
        string="Recall Within (Days)",
        default=30,
        help="After this time a lead can only be recalled because the person "
        "demands it.",
    )
    # What is told
    fact_ids = fields.One2many(
        "lead.share.policy.fact",
        "policy_id",
        string="Shared Fields",
        copy=True,
        default=lambda self: self._get_default_facts(),
    )
    # Law
    purpose = fields.Char(
        default=lambda self: self.env._("Answering the inquiry of the person"),
        tracking=True,
    )
    legal_basis = fields.Selection(BASES, tracking=True)
    arrangement = fields.Text(
        help="If both companies decide together what the data is for: who informs "
        "the person and who answers their requests.",
    )
    # Commission
    commission_kind = fields.Selection(
        COMMISSIONS, string="Commission", required=True, default=NONE, tracking=True
    )
    commission_rate = fields.Float(string="Rate (%)", tracking=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    commission_amount = fields.Monetary(string="Amount per Won Lead", tracking=True)
    commission_cap = fields.Monetary(
        string="At Most", help="Highest commission for one lead. 0 means no limit."
    )
    commission_months = fields.Integer(
        string="Until (Months)",
        default=12,
        help="Counted from acceptance. A lead that is won later brings no "
        "commission. 0 means no limit.",
    )

    _numbers_positive = models.Constraint(
        "CHECK(term_hours > 0 AND max_open >= 0 AND recall_days >= 0 "
        "AND commission_rate >= 0 AND commission_rate <= 100 "
        "AND commission_amount >= 0 AND commission_cap >= 0 "
        "AND commission_months >= 0)",
        "Numbers of a sharing policy cannot be negative, and an offer needs time to "
        "be answered.",
    )

    @api.model
    def _get_default_facts(self):
        return [
            Command.create(
                {
                    "fact": fact.name,
                    "preview": fact.preview_at_first,
                    "sequence": number,
                }
            )
            for number, fact in enumerate(FACTS)
        ]

    @api.constrains("recipient_ids", "company_id")
    def _check_recipients(self):
        for policy in self:
            if policy.company_id in policy.recipient_ids.to_company_id:
                raise ValidationError(
                    self.env._("“%s” offers leads to its own company.", policy.name)
                )

    @api.model
    def _get_company_domain(self, company_id):
        # leads of no company are of all
        return Domain("company_id", "in", [False, company_id])

    # ------------------------------------------------------------
    # What is told
    # ------------------------------------------------------------

    def _get_names(self):
        """Return the names of the facts that are told after acceptance."""
        return self.fact_ids.mapped("fact")

    def _count_alike(self, lead, limit):
        """Return how many leads of the company the preview fits, up to a limit.

        Few of them: whoever knows the market knows who it is.
        """
        domain = [("company_id", "in", [False, self.company_id.id])]
        for line in self.fact_ids:
            fact = FACTS.get(line.fact)
            if line.preview != LATER and (more := fact.get_domain(lead, line.preview)):
                domain += more
        # sudo: counted are all leads of the company, not those of the user
        return self.env["crm.lead"].sudo().search_count(domain, limit=limit)

    # ------------------------------------------------------------
    # Terms
    # ------------------------------------------------------------

    def _get_commission_terms(self):
        """Return what is due for a won lead, as plain data that stays."""
        if self.commission_kind == NONE:
            return {}
        return {
            "kind": self.commission_kind,
            "rate": self.commission_rate,
            "amount": self.commission_amount,
            "cap": self.commission_cap,
            "months": self.commission_months,
            "currency": self.currency_id.name,
        }

    @api.model
    def _describe_commission(self, terms):
        """Return terms of a commission in words of the reader."""
        if not terms:
            return ""
        currency = self.env["res.currency"].search(
            [("name", "=", terms["currency"])], limit=1
        )
        if terms["kind"] == PERCENT:
            # as people write it: 8 %, 7.5 %
            return self.env._("%s%% of the won amount", f"{terms['rate']:g}")
        return self.env._("%s per won lead", currency.format(terms["amount"]))

    @api.model
    def _get_term(self, company, hours, now):
        """Return until when an offer made now is to be answered.

        :param company: whose working hours count
        """
        nobody = self.env["res.users"]
        return self.env["lead.assignment.capacity"]._add_working_time(
            nobody, company, now, timedelta(hours=hours)
        )

    @api.model
    def _get_for(self, leads, company):
        """Return the policy that fits the first of these leads, else any of theirs."""
        policies = self.search(
            [("company_id", "=", company.id), ("recipient_ids", "!=", False)]
        )
        if not policies:
            return policies
        matches = self._first_match(leads.ids[:1], policies.ids)
        return self.browse(matches.get(leads.ids[0], policies[0].id))
