from collections import namedtuple
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import clean_context

from ...scoring.mail_message import ACTIVITY_CHANNELS, IN, MEETING, OUT

# How a domain on the last touch is one on all touches: what the last one may not be
# is met by none.
OPPOSITES = {"<": ">=", "<=": ">"}
# A month, and days off after it.
QUICK_DAYS_AHEAD = timedelta(days=60)

#: The last touch of a lead, and how many attempts there were since its last answer.
LastTouch = namedtuple(
    "LastTouch",
    "date channel direction is_contact minutes outcome user attempts",
)


class CrmLead(models.Model):
    """Touches: what messages write, and what they tell of a lead."""

    _inherit = "crm.lead"

    touch_ids = fields.One2many("lead.touch", "lead_id", readonly=True)
    touch_attempts = fields.Integer(
        string="Unanswered Attempts",
        compute="_compute_touches",
        help="Since the lead was reached last, or answered.",
    )
    touch_last_date = fields.Datetime(
        string="Last Touch",
        compute="_compute_touches",
        search="_search_touch_last_date",
        help="When somebody last got in touch, or the lead did.",
    )
    touch_last = fields.Json(
        string="Last Contact",
        compute="_compute_touches",
        help="How somebody last got in touch, or the lead did, and what came of it.",
    )

    # ------------------------------------------------------------
    # Fields
    # ------------------------------------------------------------

    @api.depends(
        "touch_ids.date",
        "touch_ids.direction",
        "touch_ids.is_attempt",
        "touch_ids.is_contact",
        "touch_ids.outcome_id",
    )
    @api.depends_context("lang")
    def _compute_touches(self):
        self._touch_set_last(self._touch_read())

    def _touch_set_last(self, rows):
        """Give the fields of the last touch their values."""
        for lead in self:
            row = rows.get(lead._origin.id)
            lead.touch_last_date = row and row.date
            lead.touch_attempts = row.attempts if row else 0
            lead.touch_last = row and {
                "date": fields.Datetime.to_string(row.date),
                "channel": row.channel,
                "direction": row.direction,
                "outcome": row.outcome or "",
                "user": row.user or "",
                "minutes": row.minutes or 0,
                # whether it waits for us: they answered, and nobody has since
                "answered": row.direction == IN and row.is_contact,
                "attempts": row.attempts,
            }

    def _touch_read(self):
        """Return the last touch of leads, in one statement.

        :return: dict of lead id to a :class:`LastTouch`; ``attempts`` are those since
          the last answer
        """
        lead_ids = list(filter(None, self._origin.ids))
        if not lead_ids:
            return {}
        rows = self.env.execute_query(self._touch_sql_last(lead_ids))
        return {lead_id: LastTouch(*values) for lead_id, *values in rows}

    @api.model
    def _touch_sql_last(self, lead_ids):
        """Return the statement of the last touches; the lead comes first.

        What belongs to a lead one sees is no secret: it reads past the rules.
        """
        self.env["lead.touch"].flush_model()
        return SQL(
            """
            WITH answer AS (
                SELECT DISTINCT ON (lead_id) lead_id, date, id
                FROM lead_touch
                WHERE lead_id = ANY(%(leads)s) AND (is_contact OR direction = 'in')
                ORDER BY lead_id, date DESC, id DESC
            )
            SELECT DISTINCT ON (touch.lead_id)
                   touch.lead_id, touch.date, touch.channel, touch.direction,
                   touch.is_contact, touch.duration,
                   COALESCE(outcome.name->>%(lang)s, outcome.name->>'en_US') AS outcome,
                   partner.name,
                   count(*) FILTER (
                       WHERE touch.is_attempt
                         AND (answer.id IS NULL
                              OR (touch.date, touch.id) > (answer.date, answer.id))
                   ) OVER (PARTITION BY touch.lead_id) AS attempts
            FROM lead_touch touch
            LEFT JOIN answer ON answer.lead_id = touch.lead_id
            LEFT JOIN lead_touch_outcome outcome ON outcome.id = touch.outcome_id
            LEFT JOIN res_users colleague ON colleague.id = touch.user_id
            LEFT JOIN res_partner partner ON partner.id = colleague.partner_id
            WHERE touch.lead_id = ANY(%(leads)s)
            ORDER BY touch.lead_id, touch.date DESC, touch.id DESC
            """,
            leads=lead_ids,
            lang=self.env.lang or "en_US",
        )

    @api.model
    def _search_touch_last_date(self, operator, value):
        touched = Domain("touch_ids", "any", [])
        if operator == "in" and set(value) == {False}:
            return ~touched
        if operator in OPPOSITES:
            later = Domain("date", OPPOSITES[operator], value)
            return touched & ~Domain("touch_ids", "any", later)
        if operator in (">", ">="):
            return Domain("touch_ids", "any", Domain("date", operator, value))
        return NotImplemented

    # ------------------------------------------------------------
    # What writes touches
    # ------------------------------------------------------------

    def _message_post_after_hook(self, message, msg_vals):
        """A message to or from the lead is a touch."""
        result = super()._message_post_after_hook(message, msg_vals)
        if touch := message._get_lead_touch():
            self.env["lead.touch"]._record(
                [lead._prepare_message_touch_values(message, touch) for lead in self]
            )
        return result

    def _prepare_message_touch_values(self, message, touch):
        """Return the touch that a message is.

        A meeting that is done was held. Whether somebody answered a call that is done
        is not known: neither a contact nor an attempt.
        """
        is_done = touch.channel in ACTIVITY_CHANNELS.values()
        if touch.direction == OUT:
            is_contact, is_attempt = touch.channel == MEETING, not is_done
        else:
            is_contact, is_attempt = self._touch_is_reply(message), False
        return {
            "lead_id": self.id,
            "date": message.date,
            "user_id": touch.user.id,
            "channel": touch.channel,
            "direction": touch.direction,
            "is_contact": is_contact,
            "is_attempt": is_attempt,
            "message_id": message.id,
        }

    def _touch_is_reply(self, message):
        """Return whether what the lead wrote is an answer, and no mere inquiry."""
        # sudo: history, whoever lets the message in
        if message.sudo().parent_id._is_lead_contacted():
            return True
        domain = [("lead_id", "=", self.id), ("direction", "=", OUT)]
        # sudo: touches of everybody count
        return bool(self.env["lead.touch"].sudo().search_count(domain, limit=1))

    def _touch_number_wrong(self):
        """Act on phone numbers that turned out to be wrong.

        Hook for the verification of leads. By default the lead says so.
        """
        note = self.env._("The phone number is wrong: %s")
        self._message_log_batch(
            {
                lead.id: note % (lead._get_phone_shown() or self.env._("none"))
                for lead in self
            }
        )

    def _clock_get_touched(self):
        """Return the leads their salesperson called, wrote or met since they have them.

        Those that were just created cost no statement: nobody knew them before.
        """
        older = self.filtered(lambda lead: lead.create_date < self.env.cr.now())
        if not older:
            return self.browse()
        self.env["lead.touch"].flush_model()
        self.flush_model(["user_id", "assignment_date"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lead.id FROM crm_lead lead
                WHERE lead.id = ANY(%s) AND EXISTS (
                    SELECT FROM lead_touch touch
                    WHERE touch.lead_id = lead.id AND touch.user_id = lead.user_id
                      AND touch.direction = %s
                      AND (lead.assignment_date IS NULL
                           OR touch.date >= lead.assignment_date)
                )
                """,
                older.ids,
                OUT,
            )
        )
        return self.browse(lead_id for (lead_id,) in rows)

    # ------------------------------------------------------------
    # The next step
    # ------------------------------------------------------------

    def _touch_get_responsible(self):
        """Return who does the next step with this lead: its owner, or else the user."""
        return self.user_id.filtered("active") or self.env.user

    def _touch_get_days(self, day=None, count=0, user=None):
        """Return the working day for the next step, for each lead.

        :param day: a date from which on, by default today where the doer is
        :param count: so many days at work later
        :param user: who does it, by default whoever has to
        :return: dict of lead to a date
        """
        Capacity = self.env["lead.assignment.capacity"]
        days = {}
        for company, leads in self.grouped("company_id").items():
            company = company or (user.company_id if user else self.env.company)
            doers = {lead: user or lead._touch_get_responsible() for lead in leads}
            users = self.env["res.users"].union(*doers.values())
            starts = {
                user.id: day or Capacity._get_today(user, company) for user in users
            }
            first = min(starts.values())
            last = fields.Date.add(max(starts.values()), days=2 * count + 21)
            workdays = Capacity._get_workdays(users, company, first, last)
            found = {
                user.id: workdays[user.id].add(starts[user.id], count) for user in users
            }
            days.update({lead: found[user.id] for lead, user in doers.items()})
        return days

    def _touch_prepare_quick_days(self):
        """Return the days for the next step that are offered at a click."""
        Capacity = self.env["lead.assignment.capacity"]
        doer, company = (
            self._touch_get_responsible(),
            self.company_id or self.env.company,
        )
        today = Capacity._get_today(doer, company)
        last = today + QUICK_DAYS_AHEAD
        days = Capacity._get_workdays(doer, company, today, last)[doer.id]
        return self._day_prepare_quick_days(days, today)

    def _touch_schedule(self, days, values):
        """Plan the next step of these leads, for whoever has to do it.

        :param days: dict of lead to a date
        :param values: of all activities
        """
        # the defaults of the view the user comes from are none of an activity; many at
        # once are no news that somebody gets a mail about each
        env = self.env(context=clean_context(self.env.context))
        Activity = env["mail.activity"].with_context(
            mail_activity_quick_update=len(self) > 1
        )
        model_id = self.env["ir.model"]._get_id("crm.lead")
        return Activity.create(
            [
                {
                    **values,
                    "res_model_id": model_id,
                    "res_id": lead.id,
                    "user_id": lead._touch_get_responsible().id,
                    "date_deadline": days[lead],
                }
                for lead in self
            ]
        )
