from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, html2plaintext

from ....tools.away import find_return
from ...base.apart import READ_COMMITTED, apart
from ...base.work import note
from ...messaging.outbox.mail_thread import AUTOMATIC
from ..constants import ERASED, LIVE, STOPPED
from ..enrollment.lead_enrollment_signal import SAME_PERSON

QUEUE = "nurturing"
SIGNALS, AWAY_UNTIL = "signals", "away"
# How long an answer waits for the engine; it is heeded at the next step in any case.
PATIENCE = "5s"


class CrmLead(models.Model):
    """What happens to leads that sequences have to know of.

    Nothing is written to an enrollment while people save leads: it is noted, and done
    after the commit.
    """

    _inherit = "crm.lead"

    enrollment_ids = fields.One2many(
        "lead.enrollment", "lead_id", string="All Sequences", readonly=True
    )
    enrollment_shown_ids = fields.One2many(
        "lead.enrollment",
        string="Sequences",
        compute="_compute_enrollment_shown_ids",
        help="What the lead is, and was, in.",
    )

    @api.depends("enrollment_ids")
    def _compute_enrollment_shown_ids(self):
        """Ask nothing where no sequence was ever on."""
        if not self.env["lead.sequence"]._is_used():
            self.enrollment_shown_ids = False
            return
        for lead in self:
            lead.enrollment_shown_ids = lead.enrollment_ids

    def _find_replied(self):
        """Return the ids of those leads whose contact ever wrote to us."""
        if not self.ids:
            return set()
        for model in ("crm.lead", "lead.touch"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lead.id FROM crm_lead lead WHERE lead.id = ANY(%s) AND EXISTS (
                    SELECT FROM (%s) same
                    JOIN lead_touch touch ON touch.lead_id = same.id
                    WHERE touch.direction = 'in')
                """,
                self.ids,
                SQL(SAME_PERSON),
            )
        )
        return {id_ for (id_,) in rows}

    def action_enroll(self):
        """Open the dialog in which these leads are enrolled in a sequence."""
        if not self:
            raise UserError(self.env._("Choose at least one lead."))
        self.check_access("read")
        return self.env["lead.enroll"]._open(self)

    def _nurturing_changed(self, change):
        if not self.env["lead.sequence"]._is_used():
            return
        if change.is_new:
            self.filtered(
                lambda lead: (
                    lead.email_normalized or lead.phone_sanitized or lead.partner_id
                )
            )._nurturing_note()
        else:
            change.of("stage_id")._nurturing_note()

    def _nurturing_merging(self, merged):
        if self.env["lead.sequence"]._is_used():
            # sudo: who is in a sequence is nobody's to write by hand
            self.env["lead.enrollment"].sudo()._take_over(self, merged)

    def _score_mark_events(self):
        """A touch, or a meeting."""
        super()._score_mark_events()
        self._nurturing_note()

    @api.model
    def _work_crossings(self, pending):
        super()._work_crossings(pending)
        self.browse(pending[None])._nurturing_note()

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if message.message_type == AUTOMATIC and not message.author_id.main_user_id:
            self._nurturing_note_away(message)
        return result

    def _erase_rows(self):
        runs = self.env["lead.enrollment"].search([("lead_id", "in", self.ids)])
        runs.filtered(lambda run: run.state in LIVE)._end(STOPPED, ERASED)
        super()._erase_rows()

    # ------------------------------------------------------------
    # After the commit
    # ------------------------------------------------------------

    def _nurturing_note(self):
        """Look after the commit whether something of these leads stops a sequence."""
        if self.ids and self.env["lead.sequence"]._is_used():
            note(self.env, QUEUE, self.ids, SIGNALS)

    def _nurturing_note_away(self, message):
        if not self.env["lead.sequence"]._is_used():
            return
        day = find_return(html2plaintext(message.body or ""), fields.Date.today())
        # the day after they are back, so that it is not one mail of a hundred
        until = fields.Datetime.to_datetime(day) + timedelta(days=2)
        note(self.env, QUEUE, dict.fromkeys(self.ids, until), AWAY_UNTIL)

    @api.model
    def _work_nurturing(self, pending):
        with apart(
            self.env.registry, isolation=READ_COMMITTED, patience=PATIENCE
        ) as env:
            Enrollment = env["lead.enrollment"]
            if away := pending.get(AWAY_UNTIL):
                Enrollment._pause_away(away)
            if lead_ids := pending.get(SIGNALS):
                Enrollment._apply_signals([*lead_ids])
