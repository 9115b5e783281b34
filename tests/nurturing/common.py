"""A sequence of three messages, and what makes time pass."""

from contextlib import contextmanager
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase

# A Monday, at ten o'clock in Greenwich.
MONDAY = datetime(2026, 11, 30, 10)


class SequenceCase(LeadManagementCase):
    """Sequences as they are made; nothing is sent but by :meth:`send`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.sequence"].search([]).write({"active": False, "is_on": False})
        cls.company.resource_calendar_id.tz = "UTC"
        cls.company.partner_id.tz = "UTC"
        cls.company.message_cap_day = cls.company.message_cap_week = 0
        cls.templates = cls.env["lead.message.template"].create(
            [
                {"name": f"Mail {number}", "channel": "email", "user_id": False}
                for number in range(4)
            ]
            + [{"name": "Text", "channel": "sms", "user_id": False}]
        )
        cls.sms = cls.templates[-1]
        cls.sequence = cls._new_sequence(
            *(cls._message(number, wait_count=number and 2) for number in range(3))
        )

    def setUp(self):
        super().setUp()
        freezer = freeze_time(MONDAY)
        self.clock = freezer.start()
        self.addCleanup(freezer.stop)
        self.pass_time()

    # ------------------------------------------------------------
    # Sequences
    # ------------------------------------------------------------

    @classmethod
    def _message(cls, number=0, **values):
        return {
            "kind": "message",
            "template_id": cls.templates[number].id,
            "wait_unit": "workdays",
            **values,
        }

    @classmethod
    def _new_sequence(cls, *steps, is_on=True, **values):
        """Create a sequence; steps in arms are dicts with a list of them by arm."""
        values = {"name": "Sequence", "purpose": "service", "grace_days": 0, **values}
        sequence = cls.env["lead.sequence"].create(values)
        cls._add_steps(sequence.version_ids, steps)
        if is_on:
            sequence.action_switch_on()
        return sequence

    @classmethod
    def _add_steps(cls, version, steps, parent=None, arm=None):
        for number, values in enumerate(steps, 1):
            values = dict(values)
            arms = values.pop("arms", {})
            step = cls.env["lead.sequence.step"].create(
                {
                    "version_id": version.id,
                    "sequence": 10 * number,
                    "parent_id": parent and parent.id,
                    "arm": arm,
                    **values,
                }
            )
            for name, inside in arms.items():
                cls._add_steps(version, inside, step, name)

    @classmethod
    def _new_contact(cls, number=0, **values):
        return cls._new_lead(
            **{
                "name": f"Lead {number}",
                "email_from": f"n{number}@example.com",
                "contact_name": "Ada Byron",
                "phone": f"+3247000{number:04}",
                "stage_id": cls._stage("nurturing").id,
                **values,
            }
        )

    @classmethod
    def _new_contacts(cls, count):
        """Return many leads, created at once."""
        return cls.env["crm.lead"].create(
            [
                {
                    "name": f"Many {number}",
                    "email_from": f"many{number}@example.com",
                    "contact_name": "Ada Byron",
                    "user_id": cls.rep.id,
                    "stage_id": cls._stage("nurturing").id,
                }
                for number in range(count)
            ]
        )

    def _enroll(self, lead, sequence=None):
        return (sequence or self.sequence)._enroll(lead)

    # ------------------------------------------------------------
    # Time
    # ------------------------------------------------------------

    def run_engine(self):
        """Let the engine do what is due, and what follows from it."""
        self.commit()
        self.env["lead.enrollment"]._run_due()
        self.commit()

    def send(self, state="sent"):
        """Let the outbox ask the gate, and send what passes."""
        Message = self.env["lead.message"]
        due = Message._lock_due(1000)
        passed = due._filter_sendable()
        if passed:
            passed._move("sending", claimed_date=fields.Datetime.now())
            passed._move(state, sent_date=fields.Datetime.now())
        self.commit()
        return passed

    def tick(self):
        self.run_engine()
        self.send()
        self.run_engine()

    def pass_time(self, **length):
        self.clock.tick(timedelta(**length))
        # what is created bears the date of the transaction
        self.env.cr._now = fields.Datetime.now()

    def live_for(self, days, hours=6):
        """Let days pass, with the engine and the outbox at work."""
        for __ in range(days * 24 // hours):
            self.tick()
            self.pass_time(hours=hours)

    def reply(self, lead, **values):
        self.env["lead.touch"]._record(
            [
                {
                    "lead_id": lead.id,
                    "channel": "email",
                    "direction": "in",
                    "is_contact": True,
                    "date": fields.Datetime.now(),
                    **values,
                }
            ]
        )
        self.commit()

    def messages(self, enrollments):
        return self.env["lead.message"].search(
            [("enrollment_id", "in", enrollments.ids)], order="id"
        )

    def sent(self, enrollments):
        return self.messages(enrollments).filtered(
            lambda message: message.state in ("sent", "delivered", "read", "replied")
        )


__all__ = ["MONDAY", "Command", "SequenceCase", "contextmanager"]
