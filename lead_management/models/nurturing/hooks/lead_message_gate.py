from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...messaging.gate.gate_case import LATER, Decision
from ..constants import DONE, HOT, OFF, PAUSED, STOPPED

# How long a message waits whose sequence is paused, until it is asked again.
PAUSE = timedelta(hours=6)


class LeadMessageGate(models.AbstractModel):
    """No message of a sequence goes out after an answer, even if it is queued."""

    _inherit = "lead.message.gate"

    @api.model
    def _get_checks(self):
        return {"sequence": False, **super()._get_checks()}

    @api.model
    def _get_cases(self, rows):
        cases = super()._get_cases(rows)
        states = self._read_sequences([row["id"] for row in rows if row.get("id")])
        for case in cases:
            case.sequence = states.get(case.row.get("id"))
        return cases

    @api.model
    def _read_sequences(self, message_ids):
        """Return where those are in their sequence who are about to be written to.

        :return: dict of message id to a tuple of a state and a reason, or None
        """
        if not message_ids:
            return {}
        self.env["lead.enrollment"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT message.id, enrollment.id, enrollment.state, enrollment.reason,
                       enrollment.until, sequence.is_on AND sequence.active
                FROM lead_message message
                JOIN lead_enrollment enrollment ON enrollment.id = message.enrollment_id
                JOIN lead_sequence sequence ON sequence.id = enrollment.sequence_id
                WHERE message.id = ANY(%s)
                """,
                message_ids,
            )
        )
        # sudo: the gate sees what the sender may not, and tells no more than a reason
        Enrollment = self.env["lead.enrollment"].sudo()
        signals = Enrollment.browse({row[1] for row in rows})._read_signals()
        states = {}
        for message_id, id_, state, reason, until, is_on in rows:
            signal = Enrollment._find_stop(signals.get(id_, []))
            if state in (DONE, STOPPED):
                states[message_id] = STOPPED, reason, None
            elif signal and signal.code != HOT:
                states[message_id] = STOPPED, signal.code, None
            elif state == PAUSED:
                states[message_id] = PAUSED, reason, until
            elif signal:
                states[message_id] = PAUSED, HOT, None
            elif not is_on:
                states[message_id] = PAUSED, OFF, None
        return states

    @api.model
    def _decide_case(self, case):
        """Let messages of a sequence that is paused wait."""
        state, reason, until = getattr(case, "sequence", None) or (None, None, None)
        if state == PAUSED:
            now = fields.Datetime.now()
            return Decision(
                LATER,
                max(until or now, now + PAUSE),
                "sequence",
                self._describe_sequence(reason),
            )
        return super()._decide_case(case)

    @api.model
    def _check_sequence(self, case):
        state, reason, __ = getattr(case, "sequence", None) or (None, None, None)
        return self._describe_sequence(reason) if state == STOPPED else None

    @api.model
    def _describe_sequence(self, reason):
        field = self.env["lead.enrollment"]._fields["reason"]
        labels = dict(field._description_selection(self.env))
        return self.env._(
            "The sequence does not go on: %s", labels.get(reason, reason or "")
        )
