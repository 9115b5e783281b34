from odoo import api, fields, models


class CrmLead(models.Model):
    """Leads on WhatsApp: who wrote, and where it lands."""

    _inherit = "crm.lead"

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
        # sudo: nobody is logged in; whether a contact is a colleague
        if any(not user.share for user in partner.sudo().user_ids):
            partner = partner.browse()  # a colleague did not write this
        # sudo: nobody is logged in; who follows is told
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
