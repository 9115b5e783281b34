from odoo import api, fields, models

from .outbox.lead_message import FAILED, RETRY, UNKNOWN


class ResConfigSettings(models.TransientModel):
    """What the gate of messages keeps, and what is the matter with sending."""

    _inherit = "res.config.settings"

    message_quiet_on = fields.Boolean(
        related="company_id.message_quiet_on", readonly=False
    )
    message_quiet_start = fields.Float(
        related="company_id.message_quiet_start", readonly=False
    )
    message_quiet_end = fields.Float(
        related="company_id.message_quiet_end", readonly=False
    )
    message_quiet_sunday = fields.Boolean(
        related="company_id.message_quiet_sunday", readonly=False
    )
    message_quiet_email = fields.Boolean(
        related="company_id.message_quiet_email", readonly=False
    )
    message_cap_day = fields.Integer(
        related="company_id.message_cap_day", readonly=False
    )
    message_cap_week = fields.Integer(
        related="company_id.message_cap_week", readonly=False
    )
    message_duplicate_hours = fields.Integer(
        related="company_id.message_duplicate_hours", readonly=False
    )
    message_optin_email = fields.Boolean(
        related="company_id.message_optin_email", readonly=False
    )
    message_optin_sms = fields.Boolean(
        related="company_id.message_optin_sms", readonly=False
    )
    message_optin_whatsapp = fields.Boolean(
        related="company_id.message_optin_whatsapp", readonly=False
    )
    message_silence = fields.Char(
        string="Sending Is Off", compute="_compute_message_state"
    )
    message_is_copy = fields.Boolean(
        compute="_compute_message_state", export_string_translation=False
    )
    message_outage = fields.Char(
        string="Sending Outages", compute="_compute_message_state"
    )
    message_stuck_count = fields.Integer(
        string="Messages Needing Attention", compute="_compute_message_state"
    )

    @api.depends("company_id")
    def _compute_message_state(self):
        outages = self.env["lead.message.outage"].search([], limit=10)
        stuck = self.env["lead.message"].search_count(
            [("state", "in", (RETRY, FAILED, UNKNOWN))]
        )
        for settings in self:
            settings.message_silence = self._get_message_silence()
            settings.message_is_copy = self.env["lead.message.gate"]._is_copy()
            settings.message_outage = "; ".join(
                f"{outage.name}: {outage.error}" for outage in outages
            )
            settings.message_stuck_count = stuck

    @api.model
    def _get_message_silence(self):
        """Return why nothing at all is sent, or None."""
        # sudo: scheduled actions are the administrator's, that one rests is no secret
        cron = self.env.ref("lead_management.ir_cron_messages").sudo()
        if not cron.active:
            return self.env._(
                "The scheduled action that sends messages is deactivated."
            )
        return self.env["lead.message.gate"]._get_silence()

    def action_set_in_service(self):
        """Let this database send: it has moved, or is the copy that counts now.

        :raises AccessError: for all but administrators
        """
        self.check_access("write")
        self.env["lead.message.gate"]._set_in_service()
