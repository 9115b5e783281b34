from odoo import api, fields, models
from odoo.exceptions import UserError

from ...base.client_actions import notice
from ..policy.constants import LATER
from ..policy.fact import FACTS, read_all

# Fewer leads with the same preview: it names somebody.
ENOUGH = 5
# Of so many leads the preview is compared with others.
COMPARED = 20


class LeadShareOffer(models.TransientModel):
    """The dialog Offer Lead: to whom, on which terms, and what they will see."""

    _name = "lead.share.offer"
    _description = "Offer Lead"

    lead_ids = fields.Many2many(
        "crm.lead", string="Leads", context={"active_test": False}
    )
    company_id = fields.Many2one("res.company", readonly=True)
    policy_id = fields.Many2one(
        "lead.share.policy",
        string="Sharing Policy",
        domain="[('company_id', '=', company_id)]",
    )
    policy_partner_ids = fields.Many2many(
        related="policy_id.recipient_ids", string="Partners of the Policy"
    )
    recipient_id = fields.Many2one(
        "lead.share.partner",
        string="To",
        domain="[('id', 'in', policy_partner_ids)]",
    )
    term = fields.Float(related="policy_id.term_hours", string="Answer Within")
    preview = fields.Json(compute="_compute_preview")
    label = fields.Char(compute="_compute_preview")

    @api.model
    def _open(self, leads):
        """Return the action that opens the dialog for leads of one company."""
        companies = leads.company_id
        if len(companies) > 1:
            raise UserError(self.env._("Choose leads of one company."))
        company = companies or self.env.company
        policy = self.env["lead.share.policy"]._get_for(leads, company)
        if not policy:
            raise UserError(
                self.env._(
                    "There is no sharing policy yet. Ask a sales manager to create "
                    "one under Configuration > Sharing Policies."
                )
            )
        dialog = self.create(
            {
                "lead_ids": [(6, 0, leads.ids)],
                "company_id": company.id,
                "policy_id": policy.id,
                "recipient_id": policy.recipient_ids.sorted()[:1].id,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Offer Lead"),
            "res_model": self._name,
            "res_id": dialog.id,
            "views": [[False, "form"]],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    @api.onchange("policy_id")
    def _onchange_policy_id(self):
        if self.recipient_id not in self.policy_id.recipient_ids:
            self.recipient_id = self.policy_id.recipient_ids.sorted()[:1]

    # ------------------------------------------------------------
    # What they will see
    # ------------------------------------------------------------

    @api.depends("policy_id", "recipient_id", "lead_ids")
    @api.depends_context("lang", "uid")
    def _compute_preview(self):
        for dialog in self:
            if not dialog.policy_id:
                dialog.preview, dialog.label = False, self.env._("Offer Lead")
                continue
            dialog.preview = dialog._prepare_preview()
            count = len(dialog.lead_ids)
            dialog.label = (
                self.env._("Offer Lead")
                if count == 1
                else self.env._("Offer Leads: %s", count)
            )

    def _prepare_preview(self):
        policy = self.policy_id._origin
        leads = self.lead_ids._origin
        # sudo: what is told is read field by field; the user may change these leads
        lead = leads[:1].sudo()
        full = read_all(lead, policy._get_names())[lead.id]
        teaser = policy._get_teaser(lead, full)
        field = self.env["lead.share.policy.fact"]._fields["fact"]
        labels = dict(field._description_selection(self.env))
        rows = []
        for line in policy.fact_ids:
            fact = FACTS.get(line.fact)
            after = line.fact in full and fact.show(self.env, full[line.fact])
            if not after:
                continue
            before = fact.show(self.env, teaser.get(line.fact))
            rows.append(
                {
                    "name": line.fact,
                    "label": labels[line.fact],
                    "before": before if line.preview != LATER else "",
                    "after": after,
                }
            )
        return {
            "to": self.recipient_id.name or "",
            "rows": rows,
            "count": len(leads),
            "lead": lead.name,
            "terms": self._describe_terms(policy),
            "warnings": self._get_warnings(policy, leads),
        }

    def _describe_terms(self, policy):
        terms = [
            self.env._("Never shared: messages, score reasons, other leads."),
            self.env._("Withdrawn consents travel with the lead."),
        ]
        if commission := policy._describe_commission(policy._get_commission_terms()):
            terms.append(self.env._("Commission: %s.", commission))
        terms.append(self.env._("You see stage, first contact and result."))
        if policy.recall_days:
            terms.append(
                self.env._("You can recall the lead for %s days.", policy.recall_days)
            )
        return terms

    def _get_warnings(self, policy, leads):
        warnings = []
        # sudo: shares of leads the user may change, whoever made them
        free = self.env["lead.share"]._filter_free(leads.sudo(), policy.sudo())
        if busy := len(leads) - len(free):
            warnings.append(
                self.env._(
                    "Leads that cannot be offered: %s. They do not meet the condition "
                    "of the policy, are closed, shared already or of another company.",
                    busy,
                )
            )
        rare = [
            lead.name
            for lead in leads[:COMPARED]
            if policy._count_alike(lead, ENOUGH) < ENOUGH
        ]
        if rare:
            warnings.append(
                self.env._(
                    "Fewer than %(count)s of your leads have the same preview as "
                    "“%(name)s”: somebody who knows the market may recognize it.",
                    count=ENOUGH,
                    name=rare[0],
                )
            )
        if self.recipient_id.is_third_country:
            warnings.append(
                self.env._(
                    "%s is outside the EEA. Make sure that there is a transfer "
                    "agreement.",
                    self.recipient_id.name,
                )
            )
        if not policy.legal_basis:
            warnings.append(
                self.env._("The sharing policy names no legal basis for the transfer.")
            )
        return warnings

    # ------------------------------------------------------------
    # Doing it
    # ------------------------------------------------------------

    def action_offer(self):
        """Offer the leads."""
        self.ensure_one()
        recipients = self.recipient_id
        if self.policy_id.order == "first" or not recipients:
            recipients = None
        shares = self.env["lead.share"]._offer(
            self.lead_ids, self.policy_id, recipients
        )
        shares._check_any()
        return notice(
            self.env._(
                "Leads offered to %(partner)s: %(count)s",
                partner=", ".join(shares.recipient_id.mapped("name")),
                count=len(shares.lead_id),
            ),
            "success",
            next={"type": "ir.actions.act_window_close"},
        )
