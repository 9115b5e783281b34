"""Who gets a lead."""

from harness.job import Goal, Job, job
from harness.lead_rows import insert_leads

from .capture import Routed

POOL = 1_000


@job(
    "assign",
    "assign 1,000 new leads to 20 members of 2 teams, with log and followers",
    Goal(peer=0.1),
)
class Assign(Routed, Job):
    """Odoo's own assignment also looks for duplicates; there are none here.

    The goal is for this number: Odoo's time per lead grows with it, ours does not.
    """

    dirty = ("crm_lead",)

    def rows(self, variant):
        return POOL

    def prepare(self, env, side, variant=""):
        ids = insert_leads(env, POOL, side != "peer", start=self.leads, pool=True)
        return env["crm.lead"].browse(ids)

    def ours(self, env, leads, variant=""):
        leads._assignment_route("capture")
        assert all(leads.mapped("user_id")), "not all leads got an owner"

    def peer(self, env, leads, variant=""):
        teams = env["crm.team"].search([("name", "like", "Bench team")])
        teams._action_assign_leads(force_quota=True)
        assert all(leads.mapped("user_id")), "not all leads got an owner"

    def floor(self, env, leads, variant=""):
        env.cr.execute(
            "UPDATE crm_lead SET user_id = 2, team_id = 1 WHERE id = ANY(%s)",
            [leads.ids],
        )
