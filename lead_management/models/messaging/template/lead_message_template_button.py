from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....tools.placeholders import inline_placeholders

QUICK_REPLY, URL, PHONE = "quick_reply", "url", "phone"


class LeadMessageTemplateButton(models.Model):
    """A button under a WhatsApp message, as it was approved by Meta."""

    _name = "lead.message.template.button"
    _description = "Message Template Button"
    _order = "sequence, id"
    _rec_name = "text"

    template_id = fields.Many2one(
        "lead.message.template", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            (QUICK_REPLY, "Quick Reply"),
            (URL, "Open a Page"),
            (PHONE, "Call"),
        ],
        string="Type",
        required=True,
        default=QUICK_REPLY,
    )
    text = fields.Char(required=True, translate=True, size=25)
    value = fields.Char(
        string="Page or Number",
        help="A web address that starts with https://, or a phone number. A "
        "placeholder at the end of the address is filled in for each lead.",
    )

    @api.constrains("kind", "value")
    def _check_value(self):
        for button in self:
            value = button.value or ""
            if button.kind == URL and urlsplit(value).scheme != "https":
                raise ValidationError(
                    self.env._("“%s” must start with https://.", value)
                )
            if button.kind == PHONE and not any(char.isdigit() for char in value):
                raise ValidationError(
                    self.env._("“%s” is not a valid phone number.", value)
                )
            for placeholder in inline_placeholders(value):
                button.template_id._check_placeholder(placeholder.expression)

    def _prepare_component(self, index, lead):
        """Return the component with the part of the address that differs, in a list."""
        placeholders = inline_placeholders(self.value or "")
        if self.kind != URL or not placeholders:
            return []
        component = self.template_id._prepare_component(
            "button", placeholders[-1:], lead
        )
        return [{**component, "sub_type": "url", "index": str(index)}]
