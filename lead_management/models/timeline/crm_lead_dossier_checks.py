from odoo import models
from odoo.tools import format_date

from ..credit.constants import DONE, EXPIRED


class CrmLead(models.Model):
    """What was found out about a lead, and how, for the person it is about as well."""

    _inherit = "crm.lead"

    def _get_dossier(self):
        """Add ``verified`` (label, verdict, reason, until) and ``credit``.

        ``credit`` has a pair for each result of a credit check: a title, and what led
        to it, as the explanation on the screen says it.
        """
        return {
            **super()._get_dossier(),
            "verified": self._get_dossier_verified(),
            "credit": self._get_dossier_credit(),
        }

    def _get_dossier_verified(self):
        checks = self.env["lead.check"].search(
            [("lead_id", "=", self.id), ("is_current", "=", True)]
        )
        data = {name: number for number, name in enumerate(self._verification_labels())}
        return [
            (
                check._get_label("datum"),
                check._get_label("verdict"),
                check.reason_text,
                format_date(self.env, check.date),
                check._get_end(),
            )
            for check in checks.sorted(lambda check: data[check.datum])
        ]

    def _get_dossier_credit(self):
        checks = self.env["lead.credit.check"].search(
            [("lead_id", "=", self.id), ("state", "in", (DONE, EXPIRED))]
        )
        return [
            (
                self.env._(
                    "Credit check of %s", format_date(self.env, check.done_date)
                ),
                check._get_explanation(),
            )
            for check in checks
        ]
