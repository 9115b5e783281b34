from odoo import api, fields, models

from ....tools.placeholders import inline_to_html

LEAD = "crm.lead"


class MailTemplate(models.Model):
    """The text of emails to leads: theirs who own what it is the text of."""

    _inherit = "mail.template"

    # record rules look at it
    lead_message_template_ids = fields.One2many(
        "lead.message.template",
        "mail_template_id",
        string="Message Templates",
        readonly=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        models_of = self.env["ir.model"]
        return super().create(
            [
                self._read_placeholders(vals)
                if "{{" in (vals.get("body_html") or "")
                # sudo: what a template is for
                and models_of.sudo().browse(vals.get("model_id")).model == LEAD
                else vals
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if "{{" in (vals.get("body_html") or ""):
            if self and all(template.model == LEAD for template in self):
                vals = self._read_placeholders(vals)
        return super().write(vals)

    @api.model
    def _read_placeholders(self, vals):
        """Take placeholders typed into the text of an email for what they are.

        Odoo knows them in subjects only, and would send them as they were typed.
        """
        return {**vals, "body_html": inline_to_html(vals["body_html"])}
