"""What campaigns cost and brought, and reports by mail."""

import subprocess
import sys
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from harness.generate import MANAGER
from harness.job import Goal, Job, job

CAMPAIGNS = 12
SUBSCRIPTIONS = 20
DUE, WORKERS = 500, 2


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


@job("subscriptions", "send 500 reports that are due: two workers, each report once")
class Subscriptions(Job):
    """Of all salespeople, their own leads, and of the manager: all leads.

    The workers are processes of their own that commit; each sample starts when both
    are ready, and looks afterwards that each report was sent, and none twice.
    """

    variants = {"": None}

    def rows(self, variant):
        return DUE

    def setup(self, env, addon):
        if not addon:
            return
        users = env["res.users"].search([("login", "=like", "bench_%")], order="login")
        manager = users.filtered(lambda user: user.login == MANAGER)
        env["lead.report.subscription"].create(
            [
                {
                    "user_id": users[number % len(users)].id,
                    "scope": "all" if users[number % len(users)] == manager else "mine",
                }
                for number in range(DUE)
            ]
        )

    def teardown(self, env, addon):
        if addon:
            env["lead.report.subscription"].search([]).unlink()
            self._forget(env)

    def _forget(self, env):
        env.cr.execute("DELETE FROM lead_report_sent")
        env["mail.mail"].search([("email_to", "ilike", "bench_")]).unlink()

    def prepare(self, env, side, variant=""):
        self._forget(env)
        env.cr.execute("UPDATE lead_report_subscription SET next_run = now()")
        env.cr.commit()
        script = Path(__file__).parents[1] / "harness" / "sender.py"
        stack = ExitStack()
        workers = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, script, env.cr.dbname],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _number in range(WORKERS)
        ]
        for worker in workers:
            assert worker.stdout.readline().strip() == "ready"
        return stack, workers

    def ours(self, env, prepared, variant=""):
        stack, workers = prepared
        for worker in workers:
            worker.stdin.write("go\n")
            worker.stdin.close()
        with stack:
            assert not any([worker.wait() for worker in workers])
        # what they committed is seen by a new transaction
        env.cr.rollback()
        env.cr.execute("SELECT count(*) FROM lead_report_sent")
        assert env.cr.fetchone()[0] == DUE
        sent = env["mail.mail"].search_count([("email_to", "ilike", "bench_")])
        assert sent == DUE, sent
