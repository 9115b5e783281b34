from odoo import fields, models

from odoo.addons.lead_management.models.scoring.mail_message import IN, OUT

from .lead_touch import ORDER


class SaleOrder(models.Model):
    """What happens on an order happens with its lead."""

    _inherit = "sale.order"

    def _message_post_after_hook(self, message, msg_vals):
        """A message to or from the customer is a touch; a signature comes as one."""
        result = super()._message_post_after_hook(message, msg_vals)
        if touch := message._get_lead_touch():
            self._touch_lead(
                lambda lead: lead._prepare_message_touch_values(message, touch)
            )
        return result

    def action_confirm(self):
        result = super().action_confirm()
        for order in self:
            order._touch_lead(lambda lead, order=order: order._prepare_touch(lead))
        return result

    def _touch_lead(self, prepare):
        """Record a touch of the lead of this order, if it has one.

        Claim and deadlines are kept whoever it was: there would be no order otherwise.

        :param prepare: function that returns the values of the touch of a lead
        """
        # sudo: who works on an order, or the customer, need not see its lead
        lead = self.sudo().opportunity_id
        if lead:
            self.env["lead.touch"]._record([prepare(lead)])
            lead._assignment_touch()

    def _prepare_touch(self, lead):
        """Return the touch that the confirmation of this order is."""
        user = self.env.user
        # who pays or signs confirms in person, or lets the server do it
        is_ours = user._is_internal() and not user._is_superuser()
        return {
            "lead_id": lead.id,
            "date": fields.Datetime.now(),
            "user_id": is_ours and user.id,
            "channel": ORDER,
            "direction": OUT if is_ours else IN,
            "is_contact": True,
            "note": self.env._("Confirmed: %s", self.name),
        }
