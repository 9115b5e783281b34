from odoo import api, fields, models

from ....tools.ab_test import BETTER_A, BETTER_B, NONE, e_value, verdict
from ..constants import ON_CONDITION
from ..engine.step_other import BranchStep
from .step_kind import KINDS

# So much of a text tells which one it is.
SHOWN = 120


class LeadSequenceStep(models.Model):
    """What the card of a step tells."""

    _inherit = "lead.sequence.step"

    sample_facts = fields.Json(
        string="Facts to Insert", compute="_compute_sample_facts"
    )

    @api.depends_context("uid", "lang")
    def _compute_sample_facts(self):
        facts = self.env["lead.message.template"]._get_sample_facts()
        for step in self:
            step.sample_facts = facts

    def _get_preview(self):
        """Return what a card tells below its title."""
        text = " ".join(KINDS.get(self.kind).get_preview(self).split())
        return text[:SHOWN] + ("…" if len(text) > SHOWN else "")

    def _get_condition(self):
        """Return the domain that decides, for a picture that tells it in words."""
        is_condition = self.kind == BranchStep.name and self.branch_on == ON_CONDITION
        return self.domain if is_condition and self.domain != "[]" else ""

    def _get_wait_label(self):
        if not self.wait_count:
            return ""
        labels = dict(self._fields["wait_unit"]._description_selection(self.env))
        return f"{self.wait_count} {labels[self.wait_unit]}"

    def _get_verdict(self, size_a, hits_a, size_b, hits_b):
        found = verdict(hits_a, size_a, hits_b, size_b, self.planned_size)
        if found in (BETTER_A, BETTER_B):
            return self.env._(
                "%(arm)s gets more replies: %(a)s of %(na)s in A, %(b)s of "
                "%(nb)s in B.",
                arm=found.upper(),
                a=hits_a,
                na=size_a,
                b=hits_b,
                nb=size_b,
            )
        if found == NONE:
            return self.env._(
                "No difference was found with %s contacts. A smaller one is possible.",
                size_a + size_b,
            )
        return self.env._(
            "No difference can be claimed yet: %(now)s of %(planned)s contacts, "
            "e-value %(e)s (needs 20). Measured by replies.",
            now=size_a + size_b,
            planned=2 * self.planned_size,
            e=round(e_value(hits_a, hits_b), 1),
        )
