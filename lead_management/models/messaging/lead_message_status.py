from odoo import api, models


class LeadMessage(models.Model):
    """What becomes of a message after it was sent."""

    _inherit = "lead.message"

    @api.model
    def _set_status(self, provider, provider_ref, status, date=None, error=None):
        """Record what a provider tells of a message; twice, late or early is harmless.

        :param provider: technical name
        :param status: ``sent``, ``delivered``, ``read``, ``replied`` or ``failed``
        :return: the message, empty as long as it is not known: the status is kept
        """
        return self.search(
            [("provider", "=", provider), ("provider_ref", "=", provider_ref)]
        )
