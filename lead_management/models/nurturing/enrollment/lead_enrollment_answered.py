from odoo import api, fields, models
from odoo.tools import SQL

from ..constants import AWAY, DONE, FORM, LIVE, PARKED, PAUSED, REPLY, STOPPED

# Ended so long ago, a run has no part in what happens to the lead.
GOAL_DAYS = 90
# What the salesperson answers; the rest was their own doing.
TO_ANSWER = (REPLY, FORM)


class LeadEnrollment(models.Model):
    """What follows from an answer, at once: after the commit of whoever wrote it."""

    _inherit = "lead.enrollment"

    @api.model
    def _apply_signals(self, lead_ids):
        """Stop what the people behind these leads are in, if they answered.

        :param lead_ids: ids of leads something has happened on
        """
        walkers = self._find_of_people(lead_ids)._lock_live()._get_walkers()
        signals = self.browse(walker.id for walker in walkers)._read_signals()
        for walker in walkers:
            found = signals.get(walker.id, [])
            walker.signal = self._find_stop(found, walker.get_channels())
            if walker.signal:
                walker.apply_signal(walker.signal, walker.enrollment._find_goal(found))
        self._write_walkers(walkers)
        self._note_goals(lead_ids)

    def _lock_live(self):
        """Wait for whoever has them in hand, and return those that are in it still."""
        if not self.ids:
            return self
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM lead_enrollment
                WHERE id = ANY(%s) AND state = ANY(%s)
                ORDER BY id FOR NO KEY UPDATE
                """,
                self.ids,
                list(LIVE),
            )
        )
        self.invalidate_model(flush=False)
        return self.browse([id_ for (id_,) in rows])

    @api.model
    def _note_goals(self, lead_ids):
        """Write down goals that are reached after the end of a run."""
        ended = self._find_of_people(lead_ids, (DONE, STOPPED))
        since = fields.Datetime.subtract(fields.Datetime.now(), days=GOAL_DAYS)
        ended = ended.filtered(
            lambda one: not one.goal_date and one.end_date and one.end_date > since
        )
        signals = ended._read_signals()
        for enrollment in ended:
            goal_date = enrollment._find_goal(signals.get(enrollment.id, []))
            if goal_date:
                enrollment.goal_date = goal_date

    @api.model
    def _pause_away(self, until_of):
        """Pause what people are in who are out of office.

        :param until_of: dict of lead id to when they are back
        """
        for lead_id, until in until_of.items():
            for walker in self._find_of_people([lead_id])._lock_live()._get_walkers():
                if walker.state not in (PAUSED, PARKED):
                    walker.pause(AWAY, until)
                    self._write_walkers([walker])

    # ------------------------------------------------------------
    # The salesperson
    # ------------------------------------------------------------

    @api.model
    def _post_signals(self, pairs):
        """Write into the chatter why it stopped, and plan the answer.

        :param pairs: of an enrollment and the :class:`Signal` that stopped it
        """
        labels = dict(self._fields["reason"]._description_selection(self.env))
        leads = self.env["crm.lead"].concat(*(one.lead_id for one, __ in pairs))
        if not leads:
            return
        notes = {}
        for enrollment, signal in pairs:
            notes[enrollment.lead_id.id] = self.env._(
                "Sequence “%(sequence)s” stopped: %(reason)s",
                sequence=enrollment.sequence_id.name,
                reason=labels[signal.code],
            )
        leads._message_log_batch(notes)
        busy = leads._followup_get_busy()
        self._plan_for_owners(
            [
                (enrollment, self._get_answer_summary(enrollment, signal))
                for enrollment, signal in pairs
                if signal.code in TO_ANSWER and enrollment.lead_id.id not in busy
            ],
            "mail.mail_activity_data_todo",
        )

    @api.model
    def _get_answer_summary(self, enrollment, signal):
        env = self.with_context(lang=enrollment.lead_id.user_id.lang).env
        sequence = enrollment.sequence_id.with_env(env).name
        if signal.code == FORM:
            return env._("Answer the new inquiry (was in “%s”)", sequence)
        return env._("Answer the reply to “%s”", sequence)

    @api.model
    def _hand_over(self, pairs):
        """Let salespeople call leads that turned hot."""
        summaries = []
        for enrollment, __ in pairs:
            env = self.with_context(lang=enrollment.lead_id.user_id.lang).env
            summaries.append(
                (enrollment, env._("Call within the hour: the lead turned hot"))
            )
        self._plan_for_owners(summaries, "mail.mail_activity_data_call")

    @api.model
    def _plan_for_owners(self, pairs, kind):
        """Plan an activity today for the salesperson of each lead, once a lead.

        :param pairs: of an enrollment and a summary
        """
        by_lead = {
            enrollment.lead_id: summary
            for enrollment, summary in pairs
            if enrollment.lead_id.user_id
        }
        if not by_lead:
            return
        leads = self.env["crm.lead"].concat(*by_lead)
        days = leads._touch_get_days()
        model_id = self.env["ir.model"]._get_id("crm.lead")
        self.env["mail.activity"].with_context(
            # one answer is news, of many the list of activities tells
            mail_activity_quick_update=len(leads) > 1
        ).create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": lead.id,
                    "activity_type_id": self.env.ref(kind).id,
                    "user_id": lead.user_id.id,
                    "date_deadline": days[lead],
                    "summary": summary,
                    "automated": True,
                }
                for lead, summary in by_lead.items()
            ]
        )
