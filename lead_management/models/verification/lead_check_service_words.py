from odoo import api, models

from .provider.service import SERVICES


class LeadCheck(models.Model):
    """What services say, in words."""

    _inherit = "lead.check"

    @api.model
    def _get_provider_name(self, provider):
        service = SERVICES.get(provider)
        return service.label if service else provider

    @api.model
    def _get_reasons_of_evidence(self):
        _ = self.env._
        return {
            **super()._get_reasons_of_evidence(),
            "mx_found": _("The domain takes email"),
            "mx_none": _("The domain takes no email"),
            "vies_valid": _("Registered for VAT"),
            "vies_invalid": _("Not registered for VAT"),
            "register_active": _("Active in the register of companies"),
            "register_overdue": _("Active in the register; accounts are overdue"),
            "register_inactive": _("No longer active in the register of companies"),
            "register_insolvent": _("Insolvency proceedings in the register"),
            "register_none": _("Not found in the register"),
        }
