"""The story of a lead, and what a team did."""

from harness.generate import MANAGER, REP
from harness.job import Goal, Job, job

STORY = 40


@job("timeline", "read the story of a lead as a rep, against Odoo's chatter")
class Timeline(Job):
    """The peer reads the last 30 messages of the lead for the chatter, as the form does
    for every lead it opens; the timeline is read when its tab is."""

    login = REP
    fast = True
    variants = {"": None}

    def rows(self, variant):
        return STORY

    def prepare(self, env, side, variant=""):
        lead = env["crm.lead"].search([("user_id", "=", env.uid)], limit=1)
        for number in range(STORY):
            lead.message_post(body=f"Note {number}", message_type="comment")
        env.flush_all()
        env.invalidate_all()
        return lead

    def ours(self, env, lead, variant=""):
        assert len(lead.action_timeline()["rows"]) == STORY

    def peer(self, env, lead, variant=""):
        messages = env["mail.message"]._message_fetch(
            domain=None, thread=lead, limit=STORY
        )["messages"]
        assert messages.mapped("body")


@job("timeline-team", "what all teams did on a day, as a manager")
class TimelineTeam(Job):
    """The floor is the first page of all messages."""

    login = MANAGER
    fast = True
    variants = {"": Goal(floor=20)}

    def rows(self, variant):
        return 80

    def ours(self, env, prepared, variant=""):
        env["lead.timeline"].web_search_read(
            [
                ("date", ">=", "today -1d"),
                ("date", "<", "today"),
                ("kind", "!=", "planned"),
            ],
            {
                "date": {},
                "kind": {},
                "summary": {},
                "lead_id": {"fields": {"display_name": {}}},
            },
            limit=80,
            count_limit=10001,
        )

    def floor(self, env, prepared, variant=""):
        env.cr.execute(
            "SELECT id, date FROM mail_message WHERE model = 'crm.lead'"
            " ORDER BY date DESC LIMIT 80"
        )
