from odoo import models

from .link_token import add_trap, make_links


class LeadMessage(models.Model):
    """Links in emails of a sequence say which one was followed."""

    _inherit = "lead.message"

    def _prepare_sent_html(self, html):
        html = super()._prepare_sent_html(html)
        return self._count_links(make_links, html)

    def _complete_sent_html(self, html):
        html = super()._complete_sent_html(html)
        return self._count_links(add_trap, html)

    def _count_links(self, job, html):
        # sudo: what is set up for a sequence
        if not self.sudo().enrollment_id.sequence_id.is_click_counted:
            return html
        # sudo: signed with the secret of the database
        return job(self.env(su=True), self.id, html, self.lead_id.get_base_url())
