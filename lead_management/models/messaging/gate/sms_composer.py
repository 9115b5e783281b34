from odoo import models
from odoo.exceptions import UserError

from ..constants import MARKETING, SERVICE, SMS


class SmsComposer(models.TransientModel):
    """Odoo's own composer of text messages asks for consent, too."""

    _inherit = "sms.composer"

    def _get_optout_record_ids(self, records, recipients_info):
        ids = super()._get_optout_record_ids(records, recipients_info)
        if records._name != "crm.lead":
            return ids
        return [*ids, *records._get_withdrawn(SMS, MARKETING).ids]

    def _action_send_sms(self):
        if self.res_model == "crm.lead" and self.composition_mode != "mass":
            withdrawn = self._get_records()._get_withdrawn(SMS, SERVICE)
            if withdrawn:
                raise UserError(
                    self.env._("%s has opted out of text messages.", withdrawn[:1].name)
                )
        return super()._action_send_sms()
