from odoo import api, models


class LeadCheck(models.Model):
    """What services say, in words."""

    _inherit = "lead.check"

    @api.model
    def _get_provider_name(self, provider):
        field = self.env["lead.check.service"]._fields["key"]
        return dict(field._description_selection(self.env)).get(provider, provider)

    @api.model
    def _get_reasons_of_evidence(self):
        return {
            **super()._get_reasons_of_evidence(),
            "mx_found": self.env._("The domain takes email"),
            "mx_none": self.env._("The domain takes no email"),
            "vies_valid": self.env._("Registered for VAT"),
            "vies_invalid": self.env._("Not registered for VAT"),
            "register_active": self.env._("Active in the register of companies"),
            "register_overdue": self.env._(
                "Active in the register; accounts are overdue"
            ),
            "register_inactive": self.env._(
                "No longer active in the register of companies"
            ),
            "register_insolvent": self.env._("Insolvency proceedings in the register"),
            "register_none": self.env._("Not found in the register"),
        }
