"""What campaigns cost and brought, and reports by mail."""

from datetime import date

from harness.generate import MANAGER
from harness.job import Goal, Job, job

CAMPAIGNS = 12
SUBSCRIPTIONS = 20


@job("campaign-results", "results of twelve campaigns in a year, as a manager")
class CampaignResults(Job):
    """The floor counts the leads of the year by campaign."""

    login = MANAGER
    fast = True
    variants = {"": Goal(floor=60)}

    def rows(self, variant):
        return CAMPAIGNS

    def prepare(self, env, side, variant=""):
        campaigns = env["utm.campaign"].search([], limit=CAMPAIGNS)
        missing = CAMPAIGNS - len(campaigns)
        campaigns += env["utm.campaign"].create(
            [{"title": f"Bench {number}"} for number in range(missing)]
        )
        env["lead.campaign.cost"].search([]).unlink()
        env["lead.campaign.cost"].create(
            [
                {
                    "campaign_id": campaign.id,
                    "date_from": date(date.today().year, month, 1),
                    "date_to": date(date.today().year, month, 28),
                    "amount": 1000,
                }
                for campaign in campaigns
                for month in range(1, 13)
            ]
        )
        env.cr.execute(
            "UPDATE crm_lead SET campaign_id = (%s::int[])[1 + id %% %s]",
            [campaigns.ids, CAMPAIGNS],
        )
        env.flush_all()
        env.invalidate_all()

    def ours(self, env, prepared, variant=""):
        year = date.today().year
        report = env["lead.campaign.report"].get_report(
            f"{year}-01-01", f"{year}-12-31"
        )
        assert len(report["rows"]) >= CAMPAIGNS

    def floor(self, env, prepared, variant=""):
        env.cr.execute(
            "SELECT campaign_id, count(*) FROM crm_lead"
            " WHERE create_date >= date_trunc('year', now()) GROUP BY 1"
        )


@job("reports", "write the reports of twenty subscriptions, as a manager reads them")
class Reports(Job):
    """Without sending: what is measured is counting and rendering."""

    login = MANAGER
    fast = True
    variants = {"": None}

    def rows(self, variant):
        return SUBSCRIPTIONS

    def prepare(self, env, side, variant=""):
        return env["lead.report.subscription"].create(
            [{"user_id": env.uid, "scope": "all"} for _number in range(SUBSCRIPTIONS)]
        )

    def ours(self, env, subscriptions, variant=""):
        for one in subscriptions:
            one._render(one._get_period(one._get_last_start()))
