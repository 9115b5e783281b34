from markupsafe import Markup

from odoo import api, models

# As Odoo writes it: the web client shows such a message in one line.
CREATED = Markup('<div summary="o_mail_notification"><p>%s</p></div>')


class CrmLead(models.Model):
    """Leads of several submissions are told in their discussions at once.

    Odoo posts that a lead was created lead by lead, in some eight statements each.
    """

    _inherit = "crm.lead"

    @api.model
    def _capture_create(self, values_list):
        if len(values_list) < 2:
            return super()._capture_create(values_list)
        quiet = self.with_context(mail_create_nolog=True)
        leads = super(CrmLead, quiet)._capture_create(values_list).with_env(self.env)
        leads._post_at_once(
            [
                {
                    "body": CREATED % lead._creation_message(),
                    "subtype_id": lead._creation_subtype().id,
                }
                for lead in leads
            ],
            self.env.user.partner_id.id,
        )
        return leads
