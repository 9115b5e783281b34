from markupsafe import Markup

from odoo import fields, models
from odoo.tools import is_html_empty, plaintext2html

from ....exceptions import RefusedError, StageGateError
from ....tools.answers import clean_text
from ...base.apart import attempt
from ...base.context import PLANNED
from ...base.stage_types import UNQUALIFIED
from ...scoring.mail_message import ICONS, IN, OUT
from .lead_touch_outcome import MESSAGE

DONE = {"type": "ir.actions.act_window_close"}


class LeadTouchLog(models.TransientModel):
    """Saving the dialog, in a constant number of statements for any number of leads."""

    _inherit = "lead.touch.log"

    def action_log(self):
        """Log what happened, complete what was planned, and plan what follows.

        :return: an action that offers to undo it, or asks for what a stage requires,
            or why the leads do not match
        :raise AccessError: when the user may not write one of the leads
        :raise RefusedError: what is missing
        """
        self.ensure_one()
        if self.is_done:
            return DONE
        leads = self._get_leads()
        self._check_entered(leads)
        self._check_next_step()
        if unqualified := self._get_unqualified_leads(leads):
            return self._get_unqualify_action(unqualified)
        if not self._claim():
            return DONE
        Undo = self.env["lead.undo"]
        with Undo._record(leads) as recording:
            gate = self._write_all(leads)
        return gate or Undo._offer(recording, self._get_done_text(leads))

    def _write_all(self, leads):
        """Log, move and plan.

        :return: an action that asks for what a stage requires, or None
        """
        messages = self._write_log(leads)
        if self.no_next_reason and not self.activity_type_id:
            # nor does anything follow by itself
            leads._followup_skip()
        # what follows by itself finds what is done done, what is planned planned, and
        # the lead of a touch where it is now
        gate = self._move(leads)
        self._write_touches(messages)
        return gate

    def _claim(self):
        """Return whether this is the first time; a parallel one waits and repeats."""
        if self.is_done:
            return False
        self.is_done = True
        self.flush_recordset(["is_done"])
        return True

    def _get_leads(self):
        """Return the leads the dialog is about, all of them.

        :raise AccessError: when the user may not write one of them
        """
        # sudo: reading them as the user would leave out silently what they may not see
        leads = self.sudo().lead_ids.with_env(self.env).exists()
        if not leads:
            raise RefusedError(self.env._("The lead does not exist any more."))
        leads.check_access("write")
        return leads

    # ------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------

    def _check_entered(self, leads):
        """Refuse what cannot be, and say what to do."""
        outcome = self.outcome_id
        if not outcome or not outcome._suits(self.channel):
            raise RefusedError(self.env._("Choose the outcome."))
        if outcome.company_id and leads.company_id - outcome.company_id:
            raise RefusedError(
                self.env._(
                    "“%(outcome)s” is an outcome of %(company)s only.",
                    outcome=outcome.name,
                    company=outcome.company_id.name,
                )
            )
        if self.stage_id and not all(
            self.stage_id._fits_team(team) for team in leads.mapped("team_id")
        ):
            raise RefusedError(
                self.env._(
                    "“%s” is a stage of another team: choose another one.",
                    self.stage_id.name,
                )
            )
        self._check_texts()

    def _check_texts(self):
        try:
            self.note = clean_text(self.note)
            self.no_next_reason = clean_text(self.no_next_reason)
            self.next_summary = clean_text(self.next_summary)
        except ValueError as error:
            raise RefusedError(
                self.env._("The text is too long: %s characters.", error)
            ) from error
        if not self.note and self.outcome_id.needs_note:
            raise RefusedError(
                self.env._(
                    "Say what was said: “%s” needs a note.", self.outcome_id.name
                )
            )
        self.note = self.note or self.outcome_id.name

    def _check_next_step(self):
        """Refuse to leave a lead without a next step, or a reason."""
        if self.activity_type_id:
            if not self.next_date:
                raise RefusedError(self.env._("Choose when the next step is."))
            if self.next_date < fields.Date.context_today(self):
                raise RefusedError(self.env._("The next step lies in the past."))
            if self._is_too_far_ahead():
                raise RefusedError(self.env._("The next step is years away."))
        elif not self.no_next_reason and (lacking := self._get_lacking()):
            raise RefusedError(
                self.env._(
                    "Plan the next step with “%s”, or say why there is none.",
                    lacking[0].name,
                )
            )

    # ------------------------------------------------------------
    # The stage
    # ------------------------------------------------------------

    def _move(self, leads):
        """Move the leads to their stages.

        What a stage requires is asked for afterwards: what was logged is kept. Unless
        it is the stage that does without a next step.

        :return: an action that asks, or None
        """
        gate = None
        moves = self._get_moves(leads)
        for stage in dict.fromkeys(moves.values()):
            if stage.stage_type == UNQUALIFIED:
                continue  # is asked for why
            moving = leads.filtered(lambda lead, stage=stage: moves.get(lead) == stage)
            gate = self._move_to(moving, stage) or gate
        return gate

    def _move_to(self, leads, stage):
        try:
            with attempt(self.env):
                leads.write({"stage_id": stage.id})
        except StageGateError as error:
            stopped = leads.browse(error.context["lead_ids"])
            if not self.activity_type_id and not self.no_next_reason:
                raise
            if passing := leads - stopped:
                self._move_to(passing, stage)
            return {
                "type": "ir.actions.client",
                "tag": "lead_stage_gate",
                "params": {"stage_id": stage.id, "lead_ids": stopped.ids},
            }
        return None

    # ------------------------------------------------------------
    # What is written
    # ------------------------------------------------------------

    def _write_log(self, leads):
        """Tell what happened, complete what was planned, and plan what follows.

        :return: dict of lead id to the id of the message that tells it
        """
        done = self._get_activities()
        days = {}
        if self.activity_type_id:
            days = leads._touch_get_days(self.next_date)
        messages = self._post(leads, done, days)
        self._complete(done, messages)
        if days:
            self._plan(leads, days)
        if self.outcome_id.invalid_number:
            leads._touch_number_wrong()
        return messages

    def _write_touches(self, messages):
        # who decided on what follows needs nobody to plan it
        is_planned = bool(self.activity_type_id or self.no_next_reason)
        touches = PLANNED.set(self.env["lead.touch"], is_planned)
        touches._record(
            [
                {**self._prepare_touch_values(), "lead_id": lead_id, "message_id": id_}
                for lead_id, id_ in messages.items()
            ]
        )

    def _prepare_touch_values(self):
        """Return the values of the touch, but for what differs from lead to lead."""
        outcome = self.outcome_id
        note = self.note
        if self.no_next_reason:
            note = f"{note}\n{self._get_no_next_text()}"
        is_message = self.channel == MESSAGE
        return {
            "user_id": self.env.uid,
            "channel": self._get_channel(),
            "direction": IN if is_message else (self.direction or OUT),
            "outcome_id": outcome.id,
            "is_contact": outcome.is_contact,
            "is_attempt": outcome.is_attempt,
            "duration": 0 if is_message else self.duration,
            "note": note,
        }

    def _get_no_next_text(self):
        return self.env._("No next step because: %s", self.no_next_reason)

    # ------------------------------------------------------------
    # The chatter
    # ------------------------------------------------------------

    def _post(self, leads, done, days):
        """Post what happened on all leads at once.

        :param done: dict of lead to the activity that is completed
        :param days: dict of lead to the date of the next step
        :return: dict of lead id to the id of its message
        """
        kind = self._get_channel_type()
        subtype = self.env.ref("mail.mt_activities")
        messages = leads._post_at_once(
            [
                {
                    "is_internal": True,
                    "subtype_id": subtype.id,
                    "body": self._render(done.get(lead), days.get(lead)),
                    "mail_activity_type_id": (
                        done[lead].activity_type_id if lead in done else kind
                    ).id,
                }
                for lead in leads
            ]
        )
        return dict(zip(leads.ids, messages.ids, strict=True))

    def _render(self, activity, day):
        """Return the text of the message."""
        channel = self._get_channel()
        labels = dict(
            self.env["lead.touch"]._fields["channel"]._description_selection(self.env)
        )
        head = Markup("<p><i class='fa fa-fw %s'></i> <b>%s: %s</b>%s</p>") % (
            ICONS[channel],
            labels[channel],
            self.outcome_id.name,
            self.env._(" (%s min)", self.duration) if self.duration else "",
        )
        body = head
        if self.note != self.outcome_id.name:
            body += plaintext2html(self.note)
        if activity and not is_html_empty(activity.note):
            body += Markup("<p class='text-muted mb-0'>%s</p>%s") % (
                self.env._("Planned:"),
                activity.note,
            )
        if day:
            body += Markup("<p><i class='fa fa-fw fa-arrow-right'></i> %s</p>") % (
                self._get_next_text(day)
            )
        elif self.no_next_reason:
            body += Markup("<p>%s</p>") % self._get_no_next_text()
        return body

    def _complete(self, done, messages):
        """Complete activities: what Odoo does one by one, and posts by itself.

        :param messages: dict of lead id to the id of the message that tells it
        """
        activities = self.env["mail.activity"].union(*done.values())
        if not activities:
            return
        # sudo: what belongs to an activity goes where its message is
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [("res_model", "=", "mail.activity"), ("res_id", "in", activities.ids)]
            )
        )
        lead_ids = {activity.id: activity.res_id for activity in activities}
        for activity_id, files in attachments.grouped("res_id").items():
            message_id = messages[lead_ids[activity_id]]
            files.write({"res_model": "mail.message", "res_id": message_id})
            # sudo: as for the files
            message = self.env["mail.message"].sudo().browse(message_id)
            message.attachment_ids = files
        activities.action_archive()
        activities.write({"feedback": self.note})
        self.env["lead.undo"]._watch(activities.calendar_event_id)
        for event in activities.calendar_event_id:
            event.notes = (event.notes or Markup()) + plaintext2html(self.note)
