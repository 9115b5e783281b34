from odoo import api, fields, models
from odoo.tools import SQL

# What a lead wrote, not a colleague.
INCOMING = """
SELECT message.res_id, %(code)s, message.date, NULL::int4
FROM mail_message message
WHERE message.model = 'crm.lead' AND message.message_type = 'email' AND %(leads)s
  AND NOT EXISTS (SELECT 1 FROM res_users
                  WHERE res_users.partner_id = message.author_id
                    AND res_users.share IS NOT TRUE)
"""
DONE = """
SELECT message.res_id, %(code)s, message.date, message.mail_activity_type_id
FROM mail_message message
JOIN mail_activity_type type ON type.id = message.mail_activity_type_id
WHERE message.model = 'crm.lead' AND %(leads)s
"""
MEETING = """
SELECT event.opportunity_id, %(code)s, event.start, NULL::int4
FROM calendar_event event
WHERE event.opportunity_id IS NOT NULL AND event.active AND %(leads)s
"""
DECLINED = """
SELECT event.opportunity_id, %(code)s, attendee.write_date, NULL::int4
FROM calendar_event event
JOIN calendar_attendee attendee ON attendee.event_id = event.id
WHERE attendee.state = 'declined' AND %(leads)s
  AND NOT EXISTS (SELECT 1 FROM res_users
                  WHERE res_users.partner_id = attendee.partner_id
                    AND res_users.share IS NOT TRUE)
"""
UNSUBSCRIBED = """
SELECT lead.id, %(code)s, blacklist.write_date, NULL::int4
FROM mail_blacklist blacklist
JOIN crm_lead lead ON lead.email_normalized = blacklist.email
WHERE blacklist.active AND %(leads)s
"""
MAILING = """
SELECT trace.res_id, %(code)s, trace.{column}, NULL::int4
FROM mailing_trace trace
WHERE trace.model = 'crm.lead' AND trace.{column} IS NOT NULL AND %(leads)s
"""
OPENED = MAILING.format(column="open_datetime")
CLICKED = MAILING.format(column="links_click_datetime")
REPLY = INCOMING + "AND message.parent_id IS NOT NULL"
ATTACHMENT = (
    INCOMING
    + """AND EXISTS (SELECT 1 FROM message_attachment_rel rel
                     WHERE rel.message_id = message.id)"""
)
CALL = DONE + "AND type.category = 'phonecall'"
# The kinds of event that are activities marked as done: of these, only some types of
# activity may count.
DONE_CODES = ("call", "activity")
# How each kind of event is found: the query, its expression of the lead, and the models
# it reads.
MESSAGES = ("message.res_id", ("mail.message", "mail.activity.type"))
MEETINGS = ("event.opportunity_id", ("calendar.event", "calendar.attendee"))
MAILINGS = ("trace.res_id", ("mailing.trace",))
SOURCES = {
    "mail_in": (INCOMING, *MESSAGES),
    "reply": (REPLY, *MESSAGES),
    "attachment": (ATTACHMENT, *MESSAGES),
    "call": (CALL, *MESSAGES),
    "activity": (DONE, *MESSAGES),
    "meeting": (MEETING, *MEETINGS),
    "declined": (DECLINED, *MEETINGS),
    "unsubscribed": (UNSUBSCRIBED, "lead.id", ("mail.blacklist", "crm.lead")),
}
MAILING_SOURCES = {"opened": (OPENED, *MAILINGS), "clicked": (CLICKED, *MAILINGS)}


class LeadScoreEvent(models.Model):
    """A kind of thing that happens with a lead, found where Odoo records it.

    Nothing is copied: each kind is a query on messages, meetings, mailings … (see
    :meth:`_get_sources`). Rooms that record events of their own add records of this
    model, and their queries.
    """

    _name = "lead.score.event"
    _description = "Event Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    is_available = fields.Boolean(
        compute="_compute_is_available",
        search="_search_is_available",
        help="Set if an installed app records such events.",
        string="Available",
    )

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "There is already an event with this code. Choose another code."
    )

    @api.depends("code")
    def _compute_is_available(self):
        known = self._get_sources()
        for event in self:
            event.is_available = event.code in known

    @api.model
    def _search_is_available(self, operator, value):
        return [("code", operator, list(self._get_sources()))]

    @api.model
    def _get_sources(self):
        """Return how each kind of event is read; rooms add their own.

        :return: dict of code to: a query of (lead id, code, date, type of activity)
          with the places ``%(code)s`` and ``%(leads)s``, a condition; the expression of
          the lead id in it; the names of the models it reads
        """
        if "mailing.trace" in self.env:
            return SOURCES | MAILING_SOURCES
        return SOURCES

    @api.model
    def _sql_events(self, codes, lead_ids=None):
        """Return a query of events: (lead_id, code, date, type_id), or None.

        :param codes: which kinds
        :param lead_ids: of which leads, or None for all
        """
        sources = self._get_sources()
        selects = [
            self._sql_select(code, *sources[code], lead_ids)
            for code in sorted(codes)
            if code in sources
        ]
        if not selects:
            return None
        return SQL(" UNION ALL ").join(selects)

    @api.model
    def _sql_select(self, code, query, lead_id, model_names, lead_ids):
        for name in model_names:
            self.env[name].flush_model()
        leads = SQL("TRUE")
        if lead_ids is not None:
            leads = SQL("%s = ANY(%s)", SQL(lead_id), list(lead_ids))
        return SQL(query, code=SQL("%s", code), leads=leads)
