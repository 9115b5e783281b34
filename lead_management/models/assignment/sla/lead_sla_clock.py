from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

OWNER, TOUCH = "owner", "touch"
RUNNING, KEPT, MISSED, CANCELLED = "running", "kept", "missed", "cancelled"
TRANSITIONS = {
    RUNNING: (KEPT, MISSED, CANCELLED),
    **dict.fromkeys((KEPT, MISSED, CANCELLED), ()),
}
STEPS = ("remind", "leader", "take_back")
# How far ahead a target can be due.
AHEAD = timedelta(days=90)


class Calendars:
    """The working times in which targets are counted, each worked out once.

    :param earliest: the first moment anything is counted from, in UTC
    """

    def __init__(self, env, earliest):
        self.env = env
        self.earliest = earliest
        self.presences = {}

    def get(self, sla, user, company):
        """Return the :class:`Presence` that counts, or None for all time."""
        if sla.calendar not in ("salesperson", "company"):
            return None
        company = company or self.env.company
        user_id = user.id if sla.calendar == "salesperson" else False
        key = user_id, company.id
        if key not in self.presences:
            Capacity = self.env["lead.assignment.capacity"]
            span = company, self.earliest, fields.Datetime.now() + AHEAD
            self.presences[key] = (
                Capacity._get_presences(user, *span)[user_id]
                if user_id
                else Capacity._get_company_presence(*span)
            )
        return self.presences[key]


class LeadSlaClock(models.Model):
    """One target on one lead: when it began, is due, and was kept or not.

    A row of its own per target, so that the history stays when a lead changes hands.
    """

    _name = "lead.sla.clock"
    _inherit = ["lead.row.mixin", "lead.state.mixin"]
    _description = "Response Time"
    _order = "date_start desc, id desc"
    _log_access = False
    _transitions = TRANSITIONS

    sla_id = fields.Many2one(
        "lead.sla", string="Response Target", readonly=True, ondelete="set null"
    )
    kind = fields.Selection(
        [(OWNER, "Assignment"), (TOUCH, "First response")],
        string="Measured Time",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Salesperson", readonly=True, ondelete="set null"
    )
    date_start = fields.Datetime(string="Start", required=True, readonly=True)
    date_due = fields.Datetime(string="Due", required=True, readonly=True)
    date_end = fields.Datetime(string="End", readonly=True)
    minutes = fields.Float(
        string="Working Minutes",
        readonly=True,
        aggregator="avg",
        help="Working time between start and end.",
    )
    state = fields.Selection(
        [
            (RUNNING, "Running"),
            (KEPT, "Met"),
            (MISSED, "Missed"),
            (CANCELLED, "No longer needed"),
        ],
        required=True,
        readonly=True,
        default=RUNNING,
    )
    is_kept = fields.Float(
        string="Met (%)",
        readonly=True,
        aggregator="avg",
        help="100 if the target was met.",
    )
    # Escalation
    date_remind = fields.Datetime(string="Reminder Date", readonly=True)
    date_leader = fields.Datetime(string="Leader Notification Date", readonly=True)
    date_take_back = fields.Datetime(string="Withdrawal Date", readonly=True)
    date_next = fields.Datetime(string="Next Check", readonly=True)

    _running_uniq = models.UniqueIndex("(lead_id) WHERE state = 'running'")
    _next_idx = models.Index("(date_next) WHERE state = 'running'")
    _end_idx = models.Index(
        "(COALESCE(date_end, date_due)) WHERE state IN ('kept', 'missed')"
    )

    # ------------------------------------------------------------
    # Running
    # ------------------------------------------------------------

    @api.model
    def _refresh(self, leads, touched):
        """Start and stop the clocks of leads as they are now.

        :param touched: ids of leads whose owner got in touch
        """
        now = fields.Datetime.now()
        running = self.search([("lead_id", "in", leads.ids), ("state", "=", RUNNING)])
        current = {clock.lead_id: clock for clock in running}
        earliest = min(
            [now, *running.mapped("date_start"), *leads.mapped("create_date")]
        )
        calendars = Calendars(self.env, earliest)
        to_start = leads.browse()
        for lead in leads:
            clock = current.get(lead)
            wanted = lead._get_wanted_clock()
            if clock and wanted != (clock.kind, clock.user_id):
                clock._stop(now, clock.kind == OWNER and lead.user_id, calendars)
                clock = None
            if clock and lead.id in touched and clock.kind == TOUCH:
                clock._stop(now, True, calendars)
            elif not clock and wanted and lead.id not in touched:
                to_start += lead
        running.flush_recordset()  # a lead has one running clock, at any moment
        owned = to_start.filtered("user_id")
        self._start(to_start - owned._clock_get_touched(), now, calendars)

    @api.model
    def _start(self, leads, now, calendars):
        matches = self.env["lead.sla"]._first_match(leads.ids)
        slas = self.env["lead.sla"].browse(set(matches.values()))
        past = self._read_group(
            [("lead_id", "in", list(matches))], ["lead_id"], ["__count"]
        )
        known = {lead.id for lead, __ in past}
        vals_list = []
        for lead in leads.filtered(lambda lead: lead.id in matches):
            sla = slas.browse(matches[lead.id])
            kind, user = lead._get_wanted_clock()
            start = now
            if kind == OWNER and lead.id not in known:
                # nothing ran before there was this target
                start = max(lead.create_date, min(sla.write_date, now))
            if sla[f"{kind}_minutes"]:
                presence = calendars.get(sla, user, lead.company_id)
                vals_list.append(
                    {
                        "lead_id": lead.id,
                        "sla_id": sla.id,
                        "kind": kind,
                        "user_id": user.id,
                        "date_start": start,
                        **self._prepare_dates(sla, kind, start, presence),
                    }
                )
        return self.create(vals_list)

    @api.model
    def _prepare_dates(self, sla, kind, start, presence):
        """Return when a target is due and when which step is taken."""

        def after(minutes):
            duration = timedelta(minutes=max(minutes, 0))
            if presence is None:
                return start + duration
            return presence.add(start, duration) or start + duration

        due = sla[f"{kind}_minutes"]
        dates = {
            "date_due": after(due),
            "date_remind": kind == TOUCH
            and sla.remind
            and after(due - sla.remind_before),
            "date_leader": sla.tell_leader and after(due + sla.leader_after),
            "date_take_back": kind == TOUCH
            and sla.take_back
            and after(due + sla.take_back_after),
        }
        steps = [dates[f"date_{step}"] for step in STEPS if dates[f"date_{step}"]]
        return {**dates, "date_next": min(steps, default=False)}

    def _stop(self, now, is_done, calendars=None):
        """Stop the clock: kept or missed when what it waits for was done.

        :param calendars: the :class:`Calendars` of many clocks, for speed
        """
        state = CANCELLED
        if is_done:
            state = KEPT if now <= self.date_due else MISSED
        elif now > self.date_due:
            state = MISSED
        calendars = calendars or Calendars(self.env, self.date_start)
        presence = calendars.get(self.sla_id, self.user_id, self.company_id)
        worked = now - self.date_start
        if presence:
            worked = presence.between(self.date_start, now, timedelta())
        self._move(
            state,
            date_end=now,
            date_next=False,
            minutes=worked.total_seconds() / 60,
            is_kept=100 if state == KEPT else 0,
        )

    # ------------------------------------------------------------
    # Escalation
    # ------------------------------------------------------------

    def _escalate(self):
        """Take the step that is due, and set when the next one is."""
        now = fields.Datetime.now()
        due = [
            step
            for step in STEPS
            if self[f"date_{step}"] and self[f"date_{step}"] <= now
        ]
        self.write({f"date_{step}": False for step in due})
        left = [self[f"date_{step}"] for step in STEPS if self[f"date_{step}"]]
        self.date_next = min(left, default=False)
        # what was missed while the server was down is made up for by the last step
        for step in due[-1:]:
            getattr(self, f"_run_{step}")()

    def _run_remind(self):
        self._notify(
            self.user_id,
            lambda env: env._(
                "“%s” is waiting for your first contact", self.lead_id.name
            ),
            lambda env: env._(
                "Contact the lead by %s.", format_datetime(env, self.date_due)
            ),
        )

    def _run_leader(self):
        leader = self.lead_id.team_id.user_id

        def say(env):
            if self.kind == OWNER:
                return env._("This lead has no salesperson yet.")
            return env._(
                "Assigned to %(user)s on %(date)s and not contacted yet.",
                user=self.user_id.name,
                date=format_datetime(env, self.date_start),
            )

        self._notify(
            leader,
            lambda env: env._("“%s” has been waiting too long", self.lead_id.name),
            say,
        )

    def _run_take_back(self):
        """Take the lead back; the rules decide again, its history stays."""
        lead = self.lead_id
        self._stop(fields.Datetime.now(), False)
        lead.assignment_pool_id = False
        lead._release("taken_back", trigger="sla")

    def _notify(self, user, subject, body):
        """Notify somebody about the lead, in their language and as they prefer."""
        if user.active and user.partner_id:
            lead = self.lead_id.with_context(lang=user.lang)
            lead.message_notify(
                partner_ids=user.partner_id.ids,
                subject=subject(lead.env),
                body=body(lead.env),
            )
