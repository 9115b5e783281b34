from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..policy.constants import (
    CANCELED,
    COMMISSION_STATES,
    COMMISSION_TRANSITIONS,
    CONFIRMED,
    DISPUTED,
    DUE,
    PAID,
    PARTNER,
    PERCENT,
)
from . import lead_share_event as events


class LeadShareCommission(models.Model):
    """What is due for a lead that was won by the other one; no accounting, a list."""

    _name = "lead.share.commission"
    _inherit = ["lead.state.mixin"]
    _description = "Sharing Commission"
    _order = "date desc, id desc"
    _rec_name = "share_id"
    _transitions = COMMISSION_TRANSITIONS

    share_id = fields.Many2one(
        "lead.share", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="share_id.company_id", store=True, index=True, string="Due To"
    )
    to_company_id = fields.Many2one(
        related="share_id.to_company_id", store=True, index=True, string="Due From"
    )
    recipient_name = fields.Char(related="share_id.recipient_name", store=True)
    policy_id = fields.Many2one(related="share_id.policy_id", store=True)
    date = fields.Date(string="Won On", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    base = fields.Monetary(string="Won Amount", readonly=True)
    rate = fields.Float(string="Rate (%)", readonly=True, aggregator=None)
    amount = fields.Monetary(string="Commission", readonly=True)
    state = fields.Selection(
        COMMISSION_STATES, string="Status", required=True, readonly=True, default=DUE
    )
    note = fields.Text(readonly=True)
    # What this reader may do
    is_payer = fields.Boolean(compute="_compute_side")
    is_payee = fields.Boolean(compute="_compute_side")

    _share_uniq = models.UniqueIndex("(share_id)")

    # ------------------------------------------------------------
    # What people decide
    # ------------------------------------------------------------

    def action_confirm(self):
        """Confirm that this is due: whoever is to pay it."""
        self._get_allowed("payer")._decide(CONFIRMED)

    def action_paid(self):
        """Write down that it was paid: whoever gets it."""
        self._get_allowed("payee")._decide(PAID)

    def action_dispute(self):
        """Ask what is wrong with it; both sides may."""
        self._get_allowed()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dispute Commission"),
            "res_model": "lead.share.reply",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_commission_ids": self.ids,
                "default_kind": "dispute",
            },
        }

    def action_cancel(self):
        """Give the commission up: whoever would get it."""
        self._get_allowed("payee")._decide(CANCELED)

    def _dispute(self, note):
        self._get_allowed()._decide(DISPUTED, note)

    def _get_allowed(self, side=None):
        """Return these with all rights: managers of either side decide.

        :param side: ``payer`` or ``payee``, or both
        :raises AccessError: when it is for the other side to say
        """
        self.check_access("read")
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._("Only sales managers can decide on commissions.")
            )
        if side and self.filtered(lambda one: not one[f"is_{side}"]):
            raise AccessError(
                self.env._(
                    "The company that pays a commission confirms it; the one that "
                    "gets it marks it as paid, or cancels it."
                )
            )
        # sudo: nobody writes commissions but by these buttons
        return self.sudo()

    @api.depends("company_id", "to_company_id", "share_id.kind")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_side(self):
        """Say whether the reader pays or gets it; a partner by link has no users."""
        ours = self.env.companies
        for one in self:
            one.is_payee = one.company_id in ours
            by_link = one.share_id.kind == PARTNER
            one.is_payer = one.to_company_id in ours or by_link and one.is_payee

    def _decide(self, state, note="", who=""):
        """Change what is agreed, and write that down; connections tell it."""
        values = {"note": note} if note else {}
        self._move(state, **values)
        label = self._get_state_label(state)
        self.env["lead.share.event"]._record(
            self.share_id,
            events.COMMISSION,
            who=who,
            detail=f"{label}: {note}" if note else label,
        )

    # ------------------------------------------------------------
    # What is due
    # ------------------------------------------------------------

    @api.model
    def _prepare(self, share):
        """Return the values of what is due for a share that was won, or None."""
        terms = share.commission or {}
        today = fields.Date.context_today(share)
        months = terms.get("months")
        if not terms or not share.answer_date:
            return None
        if months and today > fields.Date.add(share.answer_date.date(), months=months):
            return None
        if terms["kind"] == PERCENT:
            amount = share.value * terms["rate"] / 100
        else:
            amount = terms["amount"]
        if terms.get("cap"):
            amount = min(amount, terms["cap"])
        return {
            "share_id": share.id,
            "date": today,
            "currency_id": share.currency_id.id,
            "base": share.value,
            "rate": terms["rate"] if terms["kind"] == PERCENT else 0,
            "amount": share.currency_id.round(amount),
        }
