from odoo import models

from ..gate.gate_case import HOLD

# So many templates are tried when one is proposed.
CANDIDATES = 5


class LeadMessageSend(models.TransientModel):
    """Which template is proposed."""

    _inherit = "lead.message.send"

    def _rank_templates(self, leads):
        """Return pairs of a template of the channel and how it fits, the best first."""
        Template = self.env["lead.message.template"]
        templates = Template.search(
            [("channel", "=", self.channel), *Template._get_usable_domain(leads)]
        )
        fit = templates._get_fit(leads, self._get_langs(leads))
        pairs = ((template, fit[template.id]) for template in templates)
        return sorted(pairs, key=lambda pair: pair[1], reverse=True)

    def _choose_template(self):
        """Take the template that fits best; none, when none suits all of the leads.

        One that is held back for all is left to those who look for it.
        """
        leads = self._get_leads()
        suiting = [
            template
            for template, fit in self._rank_templates(leads)
            if fit.count == len(leads)
        ]
        self.template_id = self._get_first_sendable(suiting[:CANDIDATES], leads)
        self._onchange_template_id()

    def _get_first_sendable(self, templates, leads):
        """Return the first template the gate lets go to somebody, or False.

        Where there is none, one that may be sent with a reason.
        """
        second = False
        for template in templates:
            decisions = self._decide_template(template, leads)
            if any(decision.outcome != HOLD for decision in decisions):
                return template
            if any(decision.overridable for decision in decisions):
                second = second or template
        return second

    def _decide_template(self, template, leads):
        """Return what the gate says of a template, whatever its text."""
        return self._decide(
            [
                {
                    "lead_id": lead.id,
                    "channel": template.channel,
                    "purpose": template.purpose,
                    "template_id": template.id,
                }
                for lead in leads
            ]
        )
