import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...base.fast.bulk_create import bulk_create
from ..policy.kinds import COMPANY, FIRST, HELD, OFFERED, PARTNER, WITHDRAWN
from . import lead_share_event as events


class LeadShare(models.Model):
    """Offering: what is told, to whom, until when."""

    _inherit = "lead.share"

    @api.model
    def _offer(self, leads, policy, recipients=None):
        """Offer leads on the terms of a policy, in a constant number of statements.

        :param leads: leads the user may change
        :param recipients: partners to offer them to; by default those of the policy,
            in its order
        :return: the shares, with all rights; none for leads that are shared already or
            that nobody may be offered
        :raises AccessError: when a lead is not the user's to change
        """
        leads.check_access("write")
        # sudo: the terms of the company, whatever the user may see of them
        policy = policy.sudo()
        # sudo: what is told is read field by field, whoever may read each of them
        leads = self._filter_free(leads.sudo(), policy)
        if recipients is None:
            recipients = policy._get_free_recipients()
        else:
            recipients = dict.fromkeys(recipients.sudo())  # sudo: as the policy
        now = fields.Datetime.now()
        terms = self._prepare_terms(policy, now)
        vals_list = []
        for lead in leads:
            chosen = self._choose_recipients(policy, recipients)
            key = str(uuid.uuid4()) if len(chosen) > 1 else False
            teaser = policy._get_teaser(lead) if chosen else {}
            for partner in chosen:
                values = self._prepare_share(lead, policy, partner, terms, now)
                vals_list.append({**values, "teaser": teaser, "group_key": key})
        # sudo: nobody creates shares but here
        shares = bulk_create(self.sudo(), vals_list)
        self._forget_unused()
        shares._offered(policy)
        return shares

    @api.model
    def _filter_free(self, leads, policy):
        """Return the leads that fit, and that nobody else has or is asked for."""
        # sudo: shares of leads the user may change, whoever made them
        busy = self.sudo().search_fetch(
            [("lead_id", "in", leads.ids), ("state", "in", (OFFERED, *HELD))],
            ["lead_id"],
        )
        fitting = policy._first_match(leads.ids, policy.ids)
        return (leads - busy.lead_id).filtered(
            lambda lead: (
                lead.id in fitting
                and lead.won_status == "pending"
                and lead.company_id.id in (False, policy.company_id.id)
            )
        )

    @api.model
    def _choose_recipients(self, policy, recipients):
        """Return who is offered the next lead; what each may still get is counted."""
        free = [one for one, left in recipients.items() if left is None or left > 0]
        if policy.order != FIRST:
            free = free[:1]
        for one in free:
            if recipients[one] is not None:
                recipients[one] -= 1
        return free

    @api.model
    def _prepare_terms(self, policy, now):
        """Return what is the same for all leads of a policy."""
        return {
            "company_id": policy.company_id.id,
            "giver_name": policy.company_id.name,
            "policy_id": policy.id,
            "user_id": self.env.uid,
            "state": OFFERED,
            "date": now,
            "purpose": policy.purpose,
            "legal_basis": policy.legal_basis,
            "arrangement": policy.arrangement,
            "commission": policy._get_commission_terms() or None,
            "is_locked": policy.is_locked,
            "currency_id": policy.company_id.currency_id.id,
            "fields_full": policy._get_names(),
        }

    @api.model
    def _prepare_share(self, lead, policy, partner, terms, now):
        key = "term", policy.id, partner.id, now
        cache = self.env.cr.cache.setdefault("lead_share_terms", {})
        if key not in cache:
            cache[key] = policy._get_term(partner, now)
        return {
            **terms,
            "uuid": str(uuid.uuid4()),
            "kind": partner.kind,
            "recipient_id": partner.id,
            "recipient_name": partner.name,
            "to_company_id": partner.to_company_id.id,
            "lead_id": lead.id,
            "term": cache[key],
        }

    def _offered(self, policy):
        """Write the record, tell those who are asked; accept what needs no answer."""
        self.env["lead.share.event"]._record(
            self, events.OFFER, facts=lambda share: sorted(share.teaser or {})
        )
        self._tell_offered()
        if policy.is_automatic:
            self.filtered(lambda share: share.kind == COMPANY)._accept()

    def _tell_offered(self):
        """Tell the other side of new offers; further kinds of partners extend it."""
        companies = self.filtered(lambda share: share.kind == COMPANY)
        for partner, shares in companies.grouped("recipient_id").items():
            if partner.user_id:
                shares._notify_user(partner.user_id)
        self.filtered(lambda share: share.kind == PARTNER)._send_link()

    def _notify_user(self, user):
        """Tell a user of the other company of offers, in one message."""
        shares = self.with_context(lang=user.lang)
        body = shares.env["ir.qweb"]._render(
            "lead_management.lead_share_notice",
            {"shares": shares, "shown": shares[:50], "giver": self[:1].giver_name},
            minimal_qcontext=True,
        )
        shares.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=shares.env._("Lead offers: %s", len(shares)),
            body=shares.env["mail.render.mixin"]._replace_local_links(body),
            email_layout_xmlid="mail.mail_notification_layout",
        )

    def action_withdraw(self):
        """Take offers back that nobody has accepted."""
        shares = self._get_given(OFFERED)
        shares._move(WITHDRAWN, end_date=fields.Datetime.now())
        self.env["lead.share.event"]._record(shares, events.WITHDRAW)
        shares._tell_given(WITHDRAWN)

    def _tell_given(self, state):
        """Tell the other side what we did; connections extend it."""

    def _tell_got(self, state):
        """Tell the one who gave the lead what we did; connections extend it."""

    def _check_any(self):
        if not self:
            raise UserError(
                self.env._(
                    "None of these leads can be offered: they do not meet the "
                    "condition of the policy, are closed, shared already or of "
                    "another company, or no partner may get more."
                )
            )
