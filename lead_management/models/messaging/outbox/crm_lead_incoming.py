from odoo import api, models
from odoo.tools import formataddr
from odoo.tools.mail import email_split_tuples

from ....tools.incoming_text import clean_incoming


class CrmLead(models.Model):
    """Leads made of emails: what strangers write into them is text, and no more."""

    _inherit = "crm.lead"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        harmless = {"subject": clean_incoming(msg_dict.get("subject"))}
        for name in ("from", "email_from", "cc"):
            if msg_dict.get(name):
                harmless[name] = self._clean_addresses(msg_dict[name])
        return super().message_new({**msg_dict, **harmless}, custom_values)

    @api.model
    def _clean_addresses(self, text):
        """Return addresses whose names may become those of contacts."""
        pairs = email_split_tuples(text)
        if not pairs:
            return clean_incoming(text)
        return ", ".join(self._clean_address(*pair) for pair in pairs)

    @api.model
    def _clean_address(self, name, address):
        text = formataddr((clean_incoming(name), address))
        # an address may begin with any of these signs, and must not be changed
        return text if text == clean_incoming(text) else f"<{address}>"
