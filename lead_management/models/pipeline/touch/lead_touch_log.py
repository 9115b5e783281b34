from odoo import api, fields, models
from odoo.fields import Domain

from ...scoring.mail_message import CALL, CHANNELS, EMAIL, MEETING, OUT, SMS, WHATSAPP
from ..time.step_words import say_day
from .lead_touch import DIRECTIONS
from .lead_touch_outcome import KINDS

FURTHEST_YEARS = 5


class LeadTouchLog(models.TransientModel):
    """The dialog that logs a touch: outcome, note, and the next step.

    It is there before it is opened: whoever saves it twice saves the same one, which
    logs once.
    """

    _name = "lead.touch.log"
    _description = "Log a Call"

    lead_ids = fields.Many2many(
        "crm.lead", string="Leads", required=True, context={"active_test": False}
    )
    lead_count = fields.Integer(compute="_compute_leads")
    lead_title = fields.Char(string="Lead", compute="_compute_leads")
    phone = fields.Char(compute="_compute_leads")
    is_done = fields.Boolean(readonly=True, copy=False)
    # What happened
    channel = fields.Selection(KINDS, required=True, default=CALL)
    message_channel = fields.Selection(
        [item for item in CHANNELS if item[0] in (EMAIL, SMS, WHATSAPP)],
        string="Channel Used",
        default=EMAIL,
    )
    direction = fields.Selection(DIRECTIONS, default=OUT)
    activity_id = fields.Many2one("mail.activity", string="Planned Activity")
    activity_before = fields.Html(
        string="Planned", compute="_compute_activity_before", sanitize=False
    )
    outcome_id = fields.Many2one("lead.touch.outcome")
    outcome_choices = fields.Json(compute="_compute_outcome_choices")
    needs_note = fields.Boolean(related="outcome_id.needs_note")
    note = fields.Text()
    duration = fields.Integer(string="Minutes")
    # What follows
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="Next Step",
        compute="_compute_next_step",
        store=True,
        readonly=False,
        domain="[('res_model', 'in', [False, 'crm.lead'])]",
    )
    activity_type_choices = fields.Json(compute="_compute_activity_type_choices")
    next_date = fields.Date(
        string="Day", compute="_compute_next_step", store=True, readonly=False
    )
    next_summary = fields.Char(
        string="Subject", compute="_compute_next_step", store=True, readonly=False
    )
    next_dates = fields.Json(compute="_compute_next_dates")
    no_next_reason = fields.Char(string="No Next Step Because")
    is_next_needed = fields.Boolean(compute="_compute_is_next_needed")
    other_activity = fields.Char(
        string="Already Planned", compute="_compute_other_activity"
    )
    stage_id = fields.Many2one(
        "crm.stage",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        domain="['|', ('team_ids', '=', False), ('team_ids', 'in', team_ids)]",
    )
    team_ids = fields.Many2many("crm.team", compute="_compute_leads")

    _duration_range = models.Constraint(
        "CHECK(duration BETWEEN 0 AND 1440)", "A touch takes 24 hours at most."
    )

    # ------------------------------------------------------------
    # What is shown
    # ------------------------------------------------------------

    @api.depends("lead_ids")
    def _compute_leads(self):
        for log in self:
            lead = log.lead_ids[:1]
            log.lead_count = len(log.lead_ids)
            log.phone = lead._get_phone_shown() if len(log.lead_ids) == 1 else False
            log.team_ids = log.lead_ids.team_id
            log.lead_title = (
                self._get_title(lead)
                if len(log.lead_ids) == 1
                else self.env._("Leads: %s", len(log.lead_ids))
            )

    @api.model
    def _get_title(self, lead):
        """Return which lead it is, and who, without saying a name twice."""
        title = lead.name or ""
        for name in (lead.contact_name, lead.partner_name):
            if name and name.lower() not in title.lower():
                title = f"{title} · {name}" if title else name
        return title

    @api.depends("lead_ids", "channel", "message_channel", "activity_id")
    def _compute_activity_before(self):
        """Show what was planned, and why: what one wants to know before the call."""
        for log in self:
            log.activity_before = False
            if len(log.lead_ids) != 1:
                continue
            if activity := log._get_activities().get(log.lead_ids._origin):
                log.activity_before = self._describe_activity(activity)

    @api.depends("lead_ids", "channel", "message_channel", "activity_id")
    def _compute_other_activity(self):
        for log in self:
            log.other_activity = False
            if others := log._get_other_activities() if len(log.lead_ids) == 1 else ():
                first = next(iter(others.values()))
                log.other_activity = self.env._(
                    "%(type)s on %(date)s",
                    type=first.summary or first.activity_type_id.name,
                    date=say_day(self.env, first.date_deadline),
                )

    @api.depends("outcome_id", "lead_ids")
    def _compute_stage_id(self):
        """Propose the stage the outcome moves to; for many leads, none is as it was."""
        for log in self:
            leads = log.lead_ids._origin
            stages = leads._touch_get_proposed_stages(log.outcome_id)
            current = leads.stage_id if len(leads) == 1 else leads.stage_id.browse()
            log.stage_id = next(iter(stages.values()), current)

    @api.depends("lead_ids", "channel")
    def _compute_outcome_choices(self):
        for log in self:
            domain = log._get_outcome_domain()
            log.outcome_choices = [
                {
                    "id": outcome.id,
                    "name": outcome.name,
                    "icon": outcome.icon,
                    "color": outcome.color,
                }
                for outcome in self.env["lead.touch.outcome"].search(domain)
            ]

    def _get_outcome_domain(self):
        """Return the outcomes that can be chosen."""
        companies = [False, *(self.lead_ids.company_id or self.env.company).ids]
        return Domain(f"for_{self.channel or CALL}", "=", True) & Domain(
            "company_id", "in", companies
        )

    @api.onchange("channel")
    def _onchange_channel(self):
        if self.outcome_id and not self.outcome_id._suits(self.channel):
            self.outcome_id = False

    # ------------------------------------------------------------
    # The next step
    # ------------------------------------------------------------

    def _compute_activity_type_choices(self):
        types = self.env["mail.activity.type"].search(
            [
                ("res_model", "in", [False, "crm.lead"]),
                ("category", "!=", "upload_file"),
                ("decoration_type", "=", False),
            ]
        )
        self.activity_type_choices = [
            {"id": kind.id, "name": kind.name, "icon": kind.icon or "fa-tasks"}
            for kind in types
        ]

    @api.depends("outcome_id")
    def _compute_next_step(self):
        for log in self:
            step = log._get_next_step()
            log.activity_type_id = step.get("activity_type_id")
            text = step.get("summary") or self.env._("Follow up")
            log.next_summary = text if step else False
            log.next_date = log._get_workday(count=step["days"]) if step else False

    def _get_next_step(self):
        """Return the next step that is proposed, as the outcome tells it."""
        leads = self.lead_ids._origin
        if not self.outcome_id or not leads or self._is_closing(leads):
            return {}
        step = self.outcome_id._get_next_step(leads) or self._get_stage_step(leads)
        options = self._get_advice_options() if self._is_above_attempts() else []
        if options and options[0]["type_id"]:
            step = {
                "activity_type_id": options[0]["type_id"],
                "days": step.get("days", 1),
                "summary": options[0]["summary"],
            }
        return step

    def _is_closing(self, leads):
        """Return whether the outcome proposes to close all leads, or they are so."""
        stages = leads._touch_get_proposed_stages(self.outcome_id)
        return all(lead._touch_is_closed(stages.get(lead)) for lead in leads)

    def _get_workday(self, day=None, count=0):
        """Return the working day for the next step with the first lead."""
        lead = self.lead_ids._origin[:1]
        return lead._touch_get_days(day, count).get(lead, False)

    @api.depends("lead_ids")
    def _compute_next_dates(self):
        for log in self:
            lead = log.lead_ids._origin[:1]
            log.next_dates = lead._touch_prepare_quick_days() if lead else []

    @api.onchange("next_date")
    def _onchange_next_date(self):
        if not self.next_date or not self.lead_ids or self._is_too_far_ahead():
            return
        self.next_date = self._get_workday(self.next_date)
        if not self.activity_type_id:
            self.activity_type_id = self._get_channel_type()

    def _is_too_far_ahead(self):
        """Return whether the next step is so far off that it must be a mistake."""
        today = fields.Date.context_today(self)
        return self.next_date > fields.Date.add(today, years=FURTHEST_YEARS)

    @api.onchange("activity_type_id")
    def _onchange_activity_type_id(self):
        if self.activity_type_id:
            self.next_date = self.next_date or self._get_workday(count=1)
            self.next_summary = self.next_summary or self.env._("Follow up")

    @api.depends("lead_ids", "outcome_id", "stage_id", "other_activity")
    def _compute_is_next_needed(self):
        for log in self:
            log.is_next_needed = bool(log._get_lacking())

    def _get_lacking(self):
        """Return the leads that stay open, and have nothing else planned."""
        leads = self.lead_ids._origin
        stages = self._get_moves(leads)
        others = self._get_other_activities()
        return leads.filtered(
            lambda lead: (
                not lead._touch_is_closed(stages.get(lead)) and lead not in others
            )
        )

    def _get_moves(self, leads):
        """Return the stage each lead moves to, of those that move.

        What is proposed moves leads forward only; what somebody chose, all of them.
        """
        target = self.stage_id
        proposed = leads._touch_get_proposed_stages(self.outcome_id)
        if not target:
            return {}
        if target in proposed.values():
            return proposed
        return {lead: target for lead in leads if lead.stage_id != target}

    # ------------------------------------------------------------
    # The dialog
    # ------------------------------------------------------------

    def _get_action(self):
        """Return the action that opens this dialog."""
        names = {CALL: self.env._("Log Call"), MEETING: self.env._("Log Meeting")}
        return {
            "type": "ir.actions.act_window",
            "name": names.get(self.channel) or self.env._("Log Message"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "medium"},
        }
