import re

from odoo import api, fields, models

from ....tools.ab_test import BETTER_A, BETTER_B, NONE, e_value, verdict
from ...messaging.channel.channel import get_channel
from ...messaging.constants import EMAIL
from ..constants import ON_CONDITION
from .step_kind import KINDS

# So much of a text tells which one it is.
SHOWN = 120
# What stands in a text in place of a fact, and what stands for it when it is not known.
PLACEHOLDER = re.compile(r"\{\{\s*([\w.]+)\s*(?:\|\|\|\s*(.*?)\s*)?\}\}")


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

    def _get_icon(self):
        if self.kind == "message":
            return get_channel(self.template_id.channel or EMAIL).icon
        return KINDS.get(self.kind).icon

    def _get_title(self):
        if self.kind != "message" or not self.template_id:
            return PLACEHOLDER.sub(lambda match: match[2] or "…", self.display_name)
        field = self.env["lead.message"]._fields["channel"]
        labels = dict(field._description_selection(self.env))
        channel = labels[self.template_id.channel]
        if self.fallback_id:
            channel = self.env._(
                "%(channel)s, else %(other)s",
                channel=channel,
                other=labels[self.fallback_id.channel],
            )
        return f"{channel}: {self.display_name}"

    def _get_preview(self):
        """Return what a card tells below its title."""
        if self.kind == "message":
            text = PLACEHOLDER.sub(
                lambda match: match[2] or "", self.template_id.content_text or ""
            )
        elif self.kind == "task":
            text = self.note or self.activity_type_id.name or ""
            text = PLACEHOLDER.sub(lambda match: match[2] or "…", text)
        elif self.kind == "ab":
            text = self.env._("Planned: %s per arm", self.planned_size)
        elif self.kind == "change":
            stage = dict(self._fields["stage_type"]._description_selection(self.env))
            text = {
                "stage": stage.get(self.stage_type, ""),
                "tag": ", ".join(self.tag_ids.mapped("name")),
                "segment": self.segment_id.name or "",
                "field": self._describe_field_value(),
            }[self.change]
        elif self.kind == "branch" and self.branch_on != ON_CONDITION:
            labels = dict(self._fields["branch_on"]._description_selection(self.env))
            text = labels[self.branch_on]
        else:
            text = ""  # a condition is told in words by the picture itself
        text = " ".join(text.split())
        return text[:SHOWN] + ("…" if len(text) > SHOWN else "")

    def _get_condition(self):
        """Return the domain that decides, for a picture that tells it in words."""
        is_condition = self.kind == "branch" and self.branch_on == ON_CONDITION
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
