from odoo import models

from .link_token import make_links


class LeadMessage(models.Model):
    """Links in emails of a sequence say which one was followed."""

    _inherit = "lead.message"

    def _prepare_sent_html(self, html):
        html = super()._prepare_sent_html(html)
        # sudo: what is set up for a sequence
        if not self.sudo().enrollment_id.sequence_id.is_click_counted:
            return html
        # sudo: signed with the secret of the database
        return make_links(self.env(su=True), self.id, html, self.lead_id.get_base_url())
