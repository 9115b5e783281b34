from odoo import api, fields, models

from ...scoring.lead_score_event import CALL

TOUCH = """
SELECT touch.lead_id, %(code)s, touch.date, NULL::int4
FROM lead_touch touch
WHERE %(leads)s
"""
TOUCHES = ("touch.lead_id", ("lead.touch",))
TOUCH_SOURCES = {
    "call_reached": (
        TOUCH + "AND touch.channel = 'call' AND touch.is_contact",
        *TOUCHES,
    ),
    "call_unanswered": (
        TOUCH + "AND touch.channel = 'call' AND touch.is_attempt",
        *TOUCHES,
    ),
    "meeting_held": (
        TOUCH + "AND touch.channel = 'meeting' AND touch.is_contact",
        *TOUCHES,
    ),
    "meeting_missed": (
        TOUCH + "AND touch.channel = 'meeting' AND touch.is_attempt",
        *TOUCHES,
    ),
}
# A call without an answer is not one that was made with the lead.
ANSWERED_CALL = (
    CALL
    + """AND NOT EXISTS (SELECT 1 FROM lead_touch touch
                     WHERE touch.message_id = message.id AND touch.is_attempt)"""
)
CALLS = ("message.res_id", ("mail.message", "mail.activity.type", "lead.touch"))
PREFIX = "outcome_"


class LeadScoreEvent(models.Model):
    """Touches give points: those of a kind, and those of each outcome."""

    _inherit = "lead.score.event"

    outcome_id = fields.Many2one(
        "lead.touch.outcome", ondelete="cascade", index="btree_not_null"
    )

    @api.depends("name", "outcome_id.name")
    def _compute_display_name(self):
        super()._compute_display_name()
        for event in self.filtered("outcome_id"):
            # sudo: which outcomes there are is no secret among those who set rules
            event.display_name = self.env._("Outcome: %s", event.sudo().outcome_id.name)

    @api.model
    def _get_sources(self):
        outcome_ids = self.env["lead.touch.outcome"]._get_all_ids()
        return (
            super()._get_sources()
            | TOUCH_SOURCES
            | {"call": (ANSWERED_CALL, *CALLS)}
            | {
                f"{PREFIX}{outcome_id}": (
                    f"{TOUCH} AND touch.outcome_id = {int(outcome_id)}",
                    *TOUCHES,
                )
                for outcome_id in outcome_ids
            }
        )
