from odoo import api, models

from ....tools.verdicts import CONFIRMED, EMAIL, OK

MOST_LEADS = 20


class LeadConsent(models.Model):
    """Who uses a link that was sent to an address reads what is sent there."""

    _inherit = "lead.consent"

    @api.model
    def _confirm_address(self, visitor):
        """Let the leads of an address know that somebody reads it.

        :param visitor: a :class:`Visitor`, who sent something by the page of a link
        """
        if not visitor.email:
            return
        # sudo: the signed link is the proof, whoever has it
        leads = (
            self.env["crm.lead"]
            .sudo()
            .search(
                [
                    ("email_normalized", "=", visitor.email),
                    ("company_id", "in", [visitor.company.id, False]),
                ],
                limit=MOST_LEADS,
            )
        )
        leads._verify_evidence(EMAIL, "page", OK, CONFIRMED, value=visitor.email)
