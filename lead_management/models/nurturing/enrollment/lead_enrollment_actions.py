from odoo import api, fields, models
from odoo.exceptions import UserError

from ...messaging.moment import describe_moment
from ..constants import LIVE, MANUALLY, PARKED, PAUSED, QUEUED, STOPPED, TASK, WAITING


class LeadEnrollment(models.Model):
    """What people see of an enrollment, and do to it: whoever may write the lead."""

    _inherit = "lead.enrollment"

    explanation = fields.Char(
        string="What Comes Next",
        compute="_compute_explanation",
        help="What happens next and when, or why nothing happens.",
    )
    may_act = fields.Boolean(compute="_compute_may_act")

    @api.depends_context("uid")
    def _compute_may_act(self):
        writable = self.lead_id._filtered_access("write")
        for enrollment in self:
            enrollment.may_act = enrollment.lead_id in writable

    @api.depends("state", "reason", "due", "step_id", "until", "message_id.state")
    @api.depends_context("uid", "lang")
    def _compute_explanation(self):
        silence = self._get_standstill() if self.ids else None
        labels = dict(self._fields["reason"]._description_selection(self.env))
        for enrollment in self:
            describe = getattr(enrollment, f"_explain_{enrollment.state}")
            text = describe(labels.get(enrollment.reason, ""))
            if silence and enrollment.state in (WAITING, QUEUED):
                text = silence
            enrollment.explanation = text

    @api.model
    def _get_standstill(self):
        """Return why nobody goes on in any sequence, or None."""
        # sudo: scheduled actions are the administrator's, that one rests is no secret
        cron = self.env.ref("lead_management.ir_cron_sequences").sudo()
        if not cron.active:
            if not cron.lastcall:
                return self.env._("The scheduled action that runs sequences is off.")
            return self.env._(
                "Sequences are stopped since %s: the scheduled action is off.",
                self._describe(cron.lastcall),
            )
        return self.env["lead.message.gate"]._get_silence()

    @api.model
    def _get_delay(self):
        """Return since when steps that are due are not done, or None."""
        late = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        # sudo: whether the engine runs is no secret
        oldest = self.sudo().search(
            [("state", "=", WAITING), ("due", "<", late)], order="due, id", limit=1
        )
        if not oldest:
            return None
        return self.env._(
            "Sequences are stopped since %s: steps are overdue, and none is done.",
            self._describe(oldest.due),
        )

    @api.model
    def _describe(self, moment):
        now = fields.Datetime.now()
        return describe_moment(self.env, moment, self.env.user.tz or "UTC", now)

    def _explain_waiting(self, __):
        if self.error and self.failures:
            return self.env._(
                "“%(step)s” failed and is tried again %(at)s: %(error)s",
                step=self.step_id.display_name,
                at=self._describe(self.due),
                error=self.error,
            )
        if self.held_date:
            return self.env._(
                "“%(step)s” is held back by a message limit until %(at)s.",
                step=self.step_id.display_name,
                at=self._describe(self.due),
            )
        if self.due and self.due > fields.Datetime.now():
            return self.env._(
                "“%(step)s” is due %(at)s.",
                step=self.step_id.display_name,
                at=self._describe(self.due),
            )
        return self.env._(
            "“%s” is done within the next minutes.", self.step_id.display_name
        )

    def _explain_queued(self, __):
        wait = self.message_id.wait
        return self.env._(
            "“%(step)s” is in the outbox: %(wait)s",
            step=self.step_id.display_name,
            wait=wait or self.env._("it was just sent."),
        )

    def _explain_task(self, __):
        # sudo: who has to do something with the lead is no secret to who sees it
        activity = self.sudo().activity_id
        return self.env._(
            "Waits until %(user)s has done “%(task)s”.",
            user=activity.user_id.name or self.env._("somebody"),
            task=activity.summary or self.step_id.display_name,
        )

    def _explain_paused(self, reason):
        if self.until:
            return self.env._(
                "Paused until %(at)s: %(reason)s",
                at=self._describe(self.until),
                reason=reason,
            )
        return self.env._("Paused until a user resumes it: %s", reason)

    def _explain_parked(self, reason):
        return self.env._(
            "“%(step)s” failed three times: %(error)s. Retry, skip or stop it.",
            step=self.step_id.display_name,
            error=self.error or reason,
        )

    def _explain_done(self, reason):
        return self.env._(
            "Finished %(at)s: %(reason)s",
            at=self._describe(self.end_date or self.date),
            reason=reason,
        )

    def _explain_stopped(self, reason):
        return self.env._(
            "Stopped %(at)s: %(reason)s",
            at=self._describe(self.end_date or self.date),
            reason=reason,
        )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def _get_allowed(self, *states):
        """Return them with all rights, when the user may decide on them.

        :raises AccessError: when the lead is not the user's to write
        :raises UserError: when none of them is in one of these states
        """
        self.check_access("read")
        self.lead_id.check_access("write")
        # sudo: nobody writes enrollments by hand, but by these buttons
        allowed = self.sudo()._lock_live().filtered(lambda one: one.state in states)
        if not allowed:
            labels = [self._get_state_label(state) for state in states]
            raise UserError(
                self.env._("This is for enrollments that are: %s", ", ".join(labels))
            )
        return allowed

    def action_pause(self):
        """Let nothing happen until it is resumed."""
        self._get_allowed(WAITING, QUEUED, TASK)._pause(MANUALLY)

    def action_resume(self):
        """Go on after a pause, or try again what failed."""
        self._get_allowed(PAUSED, PARKED)._resume()
        self.env["lead.sequence"]._wake_engine()

    def action_skip(self):
        """Leave the next step out."""
        allowed = self._get_allowed(WAITING, TASK, QUEUED)
        queued = allowed.filtered(lambda one: one.state == QUEUED)
        queued._cancel_messages()
        rest = allowed - queued
        walkers = rest._get_walkers()
        for walker in walkers:
            walker.is_logged = walker.state == TASK
            walker.skip(self.env._("Skipped by %s", self.env.user.name))
        rest.filtered(lambda one: one.state == TASK)._close_tasks()
        rest._write_walkers(walkers)
        self.env["lead.sequence"]._wake_engine()

    def action_stop(self):
        """End it: what waits in the outbox is cancelled."""
        self._get_allowed(*LIVE)._end(STOPPED, MANUALLY)

    def action_open_lead(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "views": [[False, "form"]],
        }
