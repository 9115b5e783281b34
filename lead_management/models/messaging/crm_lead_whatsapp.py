from odoo import api, fields, models
from odoo.fields import Domain

from ..base.stage_types import INACTIVE, UNQUALIFIED


class CrmLead(models.Model):
    """Leads on WhatsApp: who wrote, and where it lands."""

    _inherit = "crm.lead"

    @api.model
    def _whatsapp_find(self, numbers, company):
        """Return the lead a message of one of these numbers belongs to, or none.

        No lead of another company is looked at. Open leads come first, of these the
        ones with an owner, of these the newest. A lead in the archive is none: what
        comes in there would be seen by nobody.
        """
        if not numbers:
            return self.browse()
        domain = Domain("company_id", "in", [company.id, False]) & (
            Domain("phone_sanitized", "in", numbers)
            | Domain("whatsapp_own", "in", numbers)
        )
        leads = self.search(domain, order="id desc", limit=100)
        return leads.sorted(lambda lead: lead._whatsapp_get_rank())[:1]

    def _whatsapp_get_rank(self):
        """Return a key by which the lead a message belongs to comes first."""
        is_open = self.won_status == "pending" and self.stage_id.stage_type not in (
            INACTIVE,
            UNQUALIFIED,
        )
        return (
            not is_open,
            not self.user_id,
            not self.company_id,
            -self.id,
        )

    @api.model
    def _whatsapp_capture(self, account, message):
        """Make a lead of somebody unknown who wrote on WhatsApp.

        Hook for the room of capture: it may look for duplicates, or for spam, and
        return another lead.

        :param account: the ``lead.whatsapp.account`` that was written to
        :param message: dict with ``phone`` (with its country, "" when it is hidden),
          ``sender``, ``name``, ``text`` and ``referral`` (of the advertisement)
        :return: a lead
        """
        # the rules decide on the owner
        return self.with_context(default_user_id=False).create(
            self._whatsapp_prepare_values(account, message)
        )

    @api.model
    def _whatsapp_prepare_values(self, account, message):
        who = message["name"] or message["phone"] or message["sender"]
        referral = message["referral"]
        source = self.env.ref("lead_management.utm_source_whatsapp", False)
        return {
            "name": self.env._("WhatsApp: %s", who),
            "type": "lead" if account.team_id.use_leads else "opportunity",
            "contact_name": message["name"],
            "phone": message["phone"],
            "user_id": False,
            "team_id": account.team_id.id,
            "company_id": account.company_id.id,
            "source_id": source.id if source else False,
            "referred": referral.get("headline") or referral.get("source_url") or False,
        }

    def _whatsapp_post_incoming(self, body, author, date, **values):
        """Write what came in on WhatsApp into the chatter.

        Colleagues who follow the lead are told; nobody outside is, who may follow it
        as well.

        :param body: markup
        :param author: name and number, where there is no contact
        """
        self.ensure_one()
        partner = self.partner_id
        if any(not user.share for user in partner.sudo().user_ids):
            partner = partner.browse()  # a colleague did not write this
        followers = self.sudo().message_partner_ids | self.user_id.partner_id
        colleagues = followers.filtered(lambda one: not one.partner_share)
        return self.message_post(
            body=body,
            message_type="whatsapp_message",
            subtype_xmlid="mail.mt_comment",
            author_id=partner.id,
            email_from=author if not partner else None,
            date=min(date, fields.Datetime.now()),
            partner_ids=colleagues.ids,
            notify_skip_followers=True,
            **values,
        )
