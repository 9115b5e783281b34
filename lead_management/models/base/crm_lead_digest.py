from odoo import models

SHOWN = 50


class CrmLead(models.Model):
    """One message to a user about many leads."""

    _inherit = "crm.lead"

    def _notify_digest(self, user, subject, template, **values):
        """Tell a user of these leads in one message, which lists the first of them.

        :param user: who is told, in their language
        :param subject: subject of the message, in that language
        :param template: XML id of the list; it gets ``leads``, ``shown`` and ``values``
        """
        leads = self.with_context(lang=user.lang)
        body = leads.env["ir.qweb"]._render(
            template,
            {"leads": leads, "shown": leads[:SHOWN], **values},
            minimal_qcontext=True,
        )
        leads.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=leads.env["mail.render.mixin"]._replace_local_links(body),
            email_layout_xmlid="mail.mail_notification_layout",
        )
