from odoo import api, fields, models

from .crm_lead_facts import FACTS

# Of no use in a text, or there by another name.
HIDDEN = ("message_lang", "user_id.name")


class LeadMessageTemplate(models.Model):
    """What a text may tell of a lead, with what it would be for one of them."""

    _inherit = "lead.message.template"

    sample_facts = fields.Json(
        string="Facts to Insert", compute="_compute_sample_facts"
    )

    @api.depends_context("uid", "lang")
    def _compute_sample_facts(self):
        facts = self._get_sample_facts()
        for template in self:
            template.sample_facts = facts

    @api.model
    def _get_sample_facts(self):
        """Of a lead of the user: nothing is shown that they may not see."""
        Lead = self.env["crm.lead"]
        sample = Lead.search(
            [("user_id", "=", self.env.uid)], order="id desc", limit=1
        ) or Lead.search([], order="id desc", limit=1)
        facts = [
            self._describe_fact(sample, f"object.{name}")
            for name in FACTS
            if name not in HIDDEN
        ]
        return {"lead": sample.name or "", "facts": facts}

    @api.model
    def _describe_fact(self, lead, expression):
        return {
            "expression": expression,
            "code": f"{{{{ {expression} }}}}",
            "label": lead._get_fact_label(expression),
            "value": self._get_fact(lead, expression) if lead else "",
        }
