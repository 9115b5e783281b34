from odoo import models
from odoo.exceptions import UserError

from ...tools.verdicts import COMPANY
from ..base.rpc_arguments import a_text, checked
from .lead_check_request import CHOICE
from .provider.service import Match, found_company


class CrmLead(models.Model):
    """Registers know several companies by a name: a person says which one is meant."""

    _inherit = "crm.lead"

    def _verification_choice(self):
        """Return the request that waits for a choice, with all rights, if one does.

        A choice between companies of another name is none any more.
        """
        # sudo: whoever may read the lead may know what was found about it
        requests = self.env["lead.check.request"].sudo()
        last = requests.search(
            [("lead_id", "=", self.id), ("datum", "=", COMPANY)], limit=1
        )
        # sudo: to compare the values only
        mark = self.sudo()._verification_fingerprint(COMPANY)
        return last.filtered(
            lambda request: request.state == CHOICE and request.fingerprint == mark
        )

    def _verification_matches(self):
        """Return the companies to choose from, for the browser."""
        Check = self.env["lead.check"]
        return [
            {
                "number": match["number"],
                "name": match["name"],
                "town": match["town"],
                "status": Check._get_reason_text(match["reason"]),
            }
            for match in self._verification_choice().matches or ()
        ]

    @checked(ref=a_text)
    def action_verification_pick(self, ref):
        """Say which of several companies of a register is meant.

        Its number goes into the lead where there is none yet.

        :param ref: the number of one of the companies
        :raise UserError: when it is not offered any more
        """
        self.ensure_one()
        self.check_access("write")
        self._verification_flush()
        request = self._verification_choice()
        found = {match["number"]: match for match in request.matches or ()}
        if ref not in found:
            raise UserError(
                self.env._("The value has changed. Reload the page and try again.")
            )
        request._answer(found_company(Match(**found[ref])), author_id=self.env.uid)
        if not self.vat:
            self.vat = ref
