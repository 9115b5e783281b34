import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...base.fast.bulk_create import bulk_create
from ...base.lead_internal_mixin import MODULE
from ..policy.constants import COMPANY, FIRST, OFFERED, PARTNER, WITHDRAWN
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
        plan = policy._get_plan()
        told = policy._read_leads(leads)
        if recipients is None:
            recipients = policy._get_free_recipients()
        else:
            recipients = dict.fromkeys(recipients.sudo())  # sudo: as the policy
        now = fields.Datetime.now()
        prepared = self._prepare_partners(plan, recipients, now)
        vals_list = []
        for lead in leads:
            if not (lead.id in told and told[lead.id].is_free):
                continue
            chosen = self._choose_recipients(policy, recipients)
            if not chosen:
                break
            key = str(uuid.uuid4()) if len(chosen) > 1 else False
            vals_list += [
                {
                    **prepared[partner.id],
                    "uuid": str(uuid.uuid4()),
                    "lead_id": lead.id,
                    "teaser": told[lead.id].teaser,
                    "group_key": key,
                }
                for partner in chosen
            ]
        # sudo: nobody creates shares but here; what they hold was stored before
        shares = bulk_create(self.sudo(), vals_list, known=(MODULE,))
        self._forget_unused()
        who = next((one.who for one in told.values()), "")
        shares._offered(plan, vals_list, who)
        return shares

    @api.model
    def _filter_free(self, leads, policy):
        """Return the leads that fit, and that nobody else has or is asked for."""
        told = policy._read_leads(leads)
        return leads.filtered(lambda lead: told[lead.id].is_free)

    @api.model
    def _choose_recipients(self, policy, recipients):
        """Return who is offered the next lead; what each may still get is counted."""
        free = [one for one, left in recipients.items() if left is None or left > 0]
        if policy._get_plan().order != FIRST:
            free = free[:1]
        for one in free:
            if recipients[one] is not None:
                recipients[one] -= 1
        return free

    @api.model
    def _prepare_partners(self, plan, recipients, now):
        """Return the values that all shares with a partner have, by its id."""
        known = {one.id: one for one in plan.partners}
        partners = [known.get(one.id) or one._get_plain() for one in recipients]
        ids = {plan.company_id, *(one.company_id for one in partners)} - {False}
        # sudo: companies of both sides, read together
        companies = self.env["res.company"].sudo().browse(ids)
        company = companies.browse(plan.company_id).with_prefetch(ids)
        terms = {
            **dict(plan.terms),
            "giver_name": company.name,
            "currency_id": company.currency_id.id,
            "user_id": self.env.uid,
            "state": OFFERED,
            "date": now,
        }
        # working hours of whoever is to answer; ours, where they are not known here
        theirs = {one.company_id or plan.company_id for one in partners}
        term = {
            id_: self.env["lead.share.policy"]._get_term(
                company.browse(id_).with_prefetch(ids), plan.hours, now
            )
            for id_ in theirs
        }
        return {
            one.id: {
                **terms,
                **self._prepare_partner(one),
                "term": term[one.company_id or plan.company_id],
            }
            for one in partners
        }

    @api.model
    def _prepare_partner(self, partner):
        """Return what a share tells of a partner; further kinds extend it."""
        return {
            "kind": partner.kind,
            "recipient_id": partner.id,
            "recipient_name": partner.name,
            "to_company_id": partner.company_id,
        }

    def _offered(self, plan, vals_list, who):
        """Write the record, tell those who are asked; accept what needs no answer."""
        names = [sorted(vals["teaser"]) for vals in vals_list]
        told = dict(zip(self.ids, names, strict=True))
        self.env["lead.share.event"]._record(
            self, events.OFFER, who=who, facts=lambda share: told[share.id]
        )
        kinds = {vals["kind"] for vals in vals_list}
        self._notify_offered(plan, kinds)
        if plan.is_automatic and COMPANY in kinds:
            self.filtered(lambda share: share.kind == COMPANY)._accept()

    def _notify_offered(self, plan, kinds):
        """Tell the other side of new offers; further kinds of partners extend it.

        :param kinds: those that are among the shares
        """
        heard = {one.id: one.user_id for one in plan.partners if one.user_id}
        if COMPANY in kinds and heard:
            for partner, shares in self.grouped("recipient_id").items():
                if partner.kind == COMPANY and partner.id in heard:
                    shares._notify_user(partner.user_id)
        if PARTNER in kinds:
            self.filtered(lambda share: share.kind == PARTNER)._send_link()

    def _notify_user(self, user, subject=None):
        """Tell a user of the other company of offers or recalls, in one message."""
        shares = self.with_context(lang=user.lang)
        body = shares.env["ir.qweb"]._render(
            "lead_management.lead_share_notice",
            {
                "shares": shares,
                "shown": shares[:50],
                "giver": self[:1].giver_name,
                "is_recall": bool(subject),
            },
            minimal_qcontext=True,
        )
        shares.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject or shares.env._("Lead offers: %s", len(shares)),
            body=shares.env["mail.render.mixin"]._replace_local_links(body),
            email_layout_xmlid="mail.mail_notification_layout",
        )

    def action_withdraw(self):
        """Take offers back that nobody has accepted."""
        self._get_given(OFFERED)._withdraw()

    def _withdraw(self):
        """Take offers back, and say so; of both sides of a connection, too."""
        self._move(WITHDRAWN, end_date=fields.Datetime.now())
        self.env["lead.share.event"]._record(self, events.WITHDRAW)
        self._notify_receiver(WITHDRAWN)

    def _notify_receiver(self, state):
        """Tell the other side what we did; connections extend it."""

    def _notify_giver(self, state):
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
