from odoo import api, fields, models

from ..person import Person


class LeadMessage(models.Model):
    """Where a message goes: to the lead, wherever that is by the time it is sent."""

    _inherit = "lead.message"

    is_lead_address = fields.Boolean(
        string="To the Lead's Address",
        readonly=True,
        help="The message uses the address of the lead at the time of sending. "
        "Otherwise it uses the address chosen for the message.",
    )

    @api.model
    def _prepare_row(self, values):
        row = super()._prepare_row(values)
        row["is_lead_address"] = not values.get("recipient")
        return row

    def _choose(self):
        self._follow_leads()
        return super()._choose()

    def _follow_leads(self):
        """Take the addresses leads have by now.

        One that was corrected since was wrong, and may be somebody else's; the gate
        decides again, for the person it goes to.
        """
        for message, address in self._get_addresses().items():
            if address != message.recipient:
                message.recipient = address

    def _get_addresses(self):
        """Return where those go that are for their lead, by message; False: nowhere."""
        following = self.filtered("is_lead_address")
        people = Person.load(self.env, following.lead_id.ids)
        return {
            message: people[message.lead_id.id].get_address(message.channel) or False
            for message in following
        }

    def _get_recipient_now(self):
        """Return where this one would go now."""
        return self._get_addresses().get(self, self.recipient)
