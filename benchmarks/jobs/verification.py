"""What rules find about the data of leads, without asking anybody."""

from harness.job import Goal, Job, job
from harness.lead_rows import insert_leads

# The job in the background takes so many leads in one transaction.
BATCH_SIZE = 1_000


@job(
    "verify-all",
    "check names, addresses and numbers of all leads, 60 seconds for 100,000",
    Goal(),
)
class VerifyAll(Job):
    """Nothing is known of the data yet; scores are, as in a database at work."""

    dirty = ("lead_check", "lead_verification")

    def setup(self, env, addon):
        if addon:
            env["lead.score"]._refresh()

    def rows(self, variant):
        return self.leads

    def ours(self, env, leads=None, variant=""):
        from odoo.addons.lead_management.tools import check_name, check_phone

        env.cr.execute("DELETE FROM lead_check")
        for cache in (check_name.verify_name, check_phone.verify_phone):
            cache.cache_clear()
        CrmLead = env["crm.lead"]._by_job()
        last_id = 0
        while batch := CrmLead.search(
            [("id", ">", last_id)], order="id", limit=BATCH_SIZE
        ):
            last_id = batch.ids[-1]
            batch._verify()
            batch._derived_flush()
            env.cr.flush()
            env.invalidate_all()


@job("verify-new", "check 1,000 new leads before the commit, 1 ms each", Goal())
class VerifyNew(Job):
    dirty = ("crm_lead", "lead_check", "lead_verification")
    number = 1_000

    def rows(self, variant):
        return self.number

    def prepare(self, env, side, variant=""):
        ids = insert_leads(env, self.number, True, start=self.leads)
        return env["crm.lead"].browse(ids)

    def ours(self, env, leads, variant=""):
        leads._verify()
