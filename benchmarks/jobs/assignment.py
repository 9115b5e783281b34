"""Who gets a lead."""

from harness.job import Goal, Job, job
from harness.lead_rows import insert_leads

from .capture import Routed

# As many as the addon routes in one transaction.
BATCH_SIZE = 1_000


@job(
    "assign",
    "assign 1,000 new leads to 20 members of 2 teams, with log and followers",
    Goal(peer=0.08),
)
class Assign(Routed, Job):
    """Odoo's own assignment also looks for duplicates; there are none here.

    Its time per lead grows with the number of leads, ours does not.
    """

    dirty = ("crm_lead",)
    number = 1_000

    def rows(self, variant):
        return self.number

    def prepare(self, env, side, variant=""):
        ids = insert_leads(
            env, self.number, side != "peer", start=self.leads, pool=True
        )
        return env["crm.lead"].browse(ids)

    def ours(self, env, leads, variant=""):
        """Tracking values, followers, decisions and digests included."""
        leads._assignment_route_batches(leads.ids, "capture", BATCH_SIZE)
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


@job("assign-5000", "the same with 5,000 leads", Goal(peer=1 / 15))
class Assign5000(Assign):
    number = 5_000
