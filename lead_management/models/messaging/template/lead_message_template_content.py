from odoo import api, fields, models

# Texts that stand in a template of Odoo, and are written where they are used.
CONTENT = ("content_subject", "content_html", "content_sms")


class LeadMessageTemplate(models.Model):
    """The text itself, to be edited on the template: it belongs to who owns that."""

    _inherit = "lead.message.template"

    content_subject = fields.Char(readonly=False)
    content_html = fields.Html(
        related="mail_template_id.body_html", string="Text of the Email", readonly=False
    )
    content_sms = fields.Char(
        related="sms_template_id.body", string="Text of the SMS", readonly=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Write the text once there is something that holds it."""
        vals_list = [dict(vals) for vals in vals_list]
        texts = [
            {name: vals.pop(name) for name in CONTENT if name in vals}
            for vals in vals_list
        ]
        templates = super().create(vals_list)
        for template, values in zip(templates, texts, strict=True):
            if values := {name: text for name, text in values.items() if text}:
                template.write(values)
        return templates
