from urllib.parse import urlsplit

from odoo import api, models
from odoo.exceptions import AccessError

EDITOR = "website.group_website_restricted_editor"


class Website(models.Model):
    _inherit = "website"

    @api.model
    def get_lead_forms(self):
        """Return the web forms that may stand on pages of the current website.

        :return: list of dicts with ``name`` and ``url``
        """
        if not self.env.user.has_group(EDITOR):
            raise AccessError(self.env._("Only who edits pages puts forms on them."))
        company = self.get_current_website().company_id
        domain = [("kind", "=", "form"), ("company_id", "=", company.id)]
        # sudo: who edits pages need not work on leads; what visitors open is told
        sources = self.env["lead.capture.source"].sudo().search(domain)
        return [
            {
                "name": source.name,
                "url": f"{urlsplit(source.form_url).path}?embed=1",
            }
            for source in sources
            if source.form_url
        ]
