from odoo import api, fields, models

from ...base.stage_types import UNQUALIFIED
from ...scoring.mail_message import CALL, EMAIL, MEETING, SMS, WHATSAPP
from .lead_touch_outcome import MESSAGE

# What is called by which category of activity, and which one it is by itself.
CATEGORIES = {CALL: "phonecall", MEETING: "meeting"}
EMAIL_TYPE = "mail.mail_activity_data_email"


class LeadTouchLog(models.TransientModel):
    """What else is planned with the leads, and other ways to reach them."""

    _inherit = "lead.touch.log"

    advice = fields.Json(compute="_compute_advice")

    # ------------------------------------------------------------
    # Activities
    # ------------------------------------------------------------

    def _get_channel(self):
        if self.channel == MESSAGE:
            return self.message_channel or EMAIL
        return self.channel

    def _get_channel_type(self):
        """Return the type of activity that is a touch of this channel, if any."""
        Type = self.env["mail.activity.type"]
        if category := CATEGORIES.get(self.channel):
            return Type.search([("category", "=", category)], limit=1)
        if self._get_channel() == EMAIL:
            return self.env.ref(EMAIL_TYPE, raise_if_not_found=False) or Type
        return Type

    def _get_open_activities(self):
        """Return what is planned with the leads, by date."""
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "crm.lead"),
                ("res_id", "in", self.lead_ids._origin.ids),
            ],
            order="date_deadline, id",
        )

    def _get_activities(self):
        """Return the activity that is completed with each lead, where there is one.

        The one that was asked for, or else the oldest of this kind. A meeting that is
        still to come stays, unless it was asked for.
        """
        found = {}
        asked = self.activity_id._origin
        for activity in self._get_open_activities():
            lead = self.env["crm.lead"].browse(activity.res_id)
            if activity == asked:
                found[lead] = activity
            elif self._completes(activity):
                found.setdefault(lead, activity)
        return found

    def _completes(self, activity):
        kind = activity.activity_type_id
        if self.channel == MEETING:
            today = fields.Date.context_today(self)
            return kind.category == "meeting" and activity.date_deadline <= today
        if self.channel == CALL:
            return kind.category == "phonecall"
        return self.message_channel == EMAIL and kind == self.env.ref(
            EMAIL_TYPE, raise_if_not_found=False
        )

    def _get_other_activities(self):
        """Return the first activity of each lead that stays, where there is one."""
        done = set(self._get_activities().values())
        others = {}
        for activity in self._get_open_activities():
            if activity not in done:
                lead = self.env["crm.lead"].browse(activity.res_id)
                others.setdefault(lead, activity)
        return others

    # ------------------------------------------------------------
    # Advice
    # ------------------------------------------------------------

    @api.depends("lead_ids", "outcome_id", "channel", "message_channel")
    def _compute_advice(self):
        for log in self:
            log.advice = log._is_above_attempts() and {
                "text": self.env._(
                    "Attempts without an answer: %s. Try another way, or let it go.",
                    log._count_attempts(),
                ),
                "options": log._get_advice_options(),
                "unqualified": log._get_unqualified(),
            }

    def _is_above_attempts(self):
        """Return whether a lead was tried in vain so often that it is worth a word."""
        limit = self.env["res.config.settings"]._get_lead_parameter(
            "touch_attempt_limit"
        )
        if not limit or len(self.lead_ids) != 1 or self.outcome_id.is_contact:
            return False
        return self._count_attempts() >= limit

    def _count_attempts(self):
        return self.lead_ids._origin.touch_attempts + self.outcome_id.is_attempt

    def _get_advice_options(self):
        """Return other ways to reach the lead, by what is known of it."""
        lead = self.lead_ids._origin
        e_mail, call, to_do = (
            self.env.ref(xmlid, raise_if_not_found=False)
            for xmlid in (
                EMAIL_TYPE,
                "mail.mail_activity_data_call",
                "mail.mail_activity_data_todo",
            )
        )
        used = self.message_channel if self.channel == MESSAGE else self.channel
        ways = [
            (EMAIL, lead.email_from, e_mail, self.env._("Write an email")),
            (WHATSAPP, lead.whatsapp, to_do, self.env._("Write by WhatsApp")),
            (SMS, lead.phone, to_do, self.env._("Send a text message")),
            (CALL, lead.phone, call, self.env._("Call")),
        ]
        return [
            {"channel": channel, "type_id": kind.id, "type": kind.name, "summary": text}
            for channel, address, kind, text in ways
            if address and kind and channel != used
        ]

    def _get_unqualified(self):
        lead = self.lead_ids._origin
        stage = lead._stage_of_type(UNQUALIFIED)[lead.team_id]
        return {"id": stage.id, "display_name": stage.name} if stage else False
