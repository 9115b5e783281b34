import json

# What the next step of shipped outcomes is for, which said nothing so far.
SUMMARIES = {
    "touch_outcome_reached": "Follow up on the call",
    "touch_outcome_interested": "Answer open questions",
    "touch_outcome_postponed": "Hold the postponed meeting",
    "touch_outcome_answered": "Call about the answer",
}


def migrate(cr, version):
    """Give shipped outcomes a text for the next step, where nobody wrote one."""
    if not version:
        return
    for name, summary in SUMMARIES.items():
        cr.execute(
            """
            UPDATE lead_touch_outcome outcome SET next_summary = %s::jsonb
            FROM ir_model_data data
            WHERE data.module = 'lead_management' AND data.name = %s
              AND data.res_id = outcome.id AND outcome.next_summary IS NULL
              AND outcome.activity_type_id IS NOT NULL
            """,
            [json.dumps({"en_US": summary}), name],
        )
