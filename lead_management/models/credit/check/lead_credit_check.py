from odoo import api, fields, models

from ..constants import (
    AMBIGUOUS,
    APPROVAL,
    BANDS,
    BASES,
    CLAIMED,
    DONE,
    EXPIRED,
    LEGAL_FORMS,
    NO_MATCH,
    REFUSED,
    STATES,
    UNKNOWN,
    WANTED,
)
from ..provider.contract import compact


class LeadCreditCheck(models.Model):
    """Whether a lead may buy on credit: who asked, on what basis, what was found.

    It holds the band, and why; the report itself is a record of its own, for few eyes.
    Written by the methods of this room alone.
    """

    _name = "lead.credit.check"
    _inherit = ["lead.row.mixin", "lead.state.mixin", "lead.claim.mixin"]
    _description = "Credit Check"
    _order = "id desc"
    _rec_name = "lead_id"
    _impersonal = (
        "reasons",
        "refusal",
        "provider_key",
        "reference",
        "policy_text",
        "basis_text",
    )
    _transitions = {
        WANTED: {APPROVAL, CLAIMED, DONE, REFUSED},
        APPROVAL: {WANTED, CLAIMED, DONE, REFUSED},
        # nothing was sold: it waits again
        CLAIMED: {DONE, NO_MATCH, AMBIGUOUS, UNKNOWN, REFUSED, WANTED},
        AMBIGUOUS: {WANTED, NO_MATCH, REFUSED},
        DONE: {EXPIRED},
        NO_MATCH: set(),
        UNKNOWN: set(),
        REFUSED: set(),
        EXPIRED: set(),
    }

    state = fields.Selection(STATES, required=True, readonly=True, default=WANTED)
    # Result
    band = fields.Selection(BANDS, string="Result", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    limit = fields.Monetary(
        string="Credit Limit", readonly=True, help="Rounded down. 0 when there is none."
    )
    has_limit = fields.Boolean(readonly=True)
    valid_until = fields.Date(readonly=True)
    reasons = fields.Json(readonly=True)
    refusal = fields.Char(string="Refusal Code", readonly=True)
    reason_text = fields.Char(string="Reason", compute="_compute_reason_text")
    # Basis
    policy_id = fields.Many2one(
        "lead.credit.policy", readonly=True, ondelete="restrict", index=True
    )
    policy_version = fields.Integer(readonly=True)
    policy_text = fields.Text(string="Rule", readonly=True)
    legal_form = fields.Selection(LEGAL_FORMS, readonly=True)
    basis = fields.Selection(BASES, string="Legal Basis", readonly=True)
    basis_text = fields.Text(string="Reasoning", readonly=True)
    consent_id = fields.Many2one(
        "lead.credit.consent", readonly=True, ondelete="restrict"
    )
    amount = fields.Monetary(
        string="Expected Revenue",
        currency_field="amount_currency_id",
        readonly=True,
        help="As it was when the check was requested.",
    )
    amount_currency_id = fields.Many2one("res.currency", readonly=True)
    score = fields.Integer(readonly=True)
    # Who is checked
    company_name = fields.Char(string="Checked As", readonly=True)
    company_number = fields.Char(string="Registration Number", readonly=True)
    # what one company is known by, whoever asks and however it is written
    asked_number = fields.Char(readonly=True, export_string_translation=False)
    found_number = fields.Char(readonly=True, export_string_translation=False)
    country_id = fields.Many2one("res.country", readonly=True)
    candidates = fields.Json(string="Companies Found", readonly=True)
    picked = fields.Char(string="Chosen Company", readonly=True)
    # People
    requester_id = fields.Many2one(
        "res.users", string="Requested By", readonly=True, ondelete="set null"
    )
    request_date = fields.Datetime(string="Requested On", readonly=True)
    needs_approval = fields.Boolean(readonly=True)
    approver_id = fields.Many2one(
        "res.users", string="Approved By", readonly=True, ondelete="set null"
    )
    approve_date = fields.Datetime(string="Approved On", readonly=True)
    # Purchase
    provider_key = fields.Char(string="Agency", readonly=True)
    provider_id = fields.Many2one(
        "lead.credit.provider", readonly=True, ondelete="set null"
    )
    reference = fields.Char(readonly=True)
    cost = fields.Monetary(currency_field="amount_currency_id", readonly=True)
    called = fields.Datetime(string="Called On", readonly=True)
    tries = fields.Integer(string="Attempts", readonly=True)
    next_try = fields.Datetime(string="Next Attempt", readonly=True)
    done_date = fields.Datetime(string="Done On", readonly=True)
    report_ids = fields.One2many(
        "lead.credit.report",
        "check_id",
        string="Reports",
        groups="lead_management.group_credit_report",
    )
    can_approve = fields.Boolean(compute="_compute_can_approve")

    _due_idx = models.Index("(next_try) WHERE state IN ('wanted', 'approval')")
    _date_idx = models.Index("(COALESCE(done_date, create_date))")
    _asked_idx = models.Index("(asked_number) WHERE asked_number IS NOT NULL")
    _found_idx = models.Index("(found_number) WHERE found_number IS NOT NULL")
    _open_uniq = models.UniqueIndex(
        "(lead_id) WHERE state IN ('wanted', 'approval', 'claimed', 'ambiguous')"
    )

    @api.depends("state", "reasons", "refusal")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for check in self:
            codes = (check.reasons or []) if check._is_disclosed() else []
            if check.refusal:
                codes = [check.refusal]
            check.reason_text = ", ".join(map(check._get_reason_text, codes))

    @api.depends("state", "policy_id", "requester_id")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        for check in self:
            check.can_approve = not check._get_approval_problem(self.env.user)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # an agency may tell another one
            vals.setdefault("asked_number", compact(vals.get("company_number")))
        checks = super().create(vals_list)
        checks.lead_id._credit_mark()
        return checks

    def write(self, vals):
        result = super().write(vals)
        self.lead_id._credit_mark()
        return result
