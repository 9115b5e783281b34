"""The report of a period, and the dates it counts by."""

from datetime import date, timedelta

from harness.generate import MANAGER
from harness.job import Goal, Job, job
from harness.lead_story import TABLES, insert_story, remove_story

# What the page reads in its first call; the rest follows by itself.
FIRST = ["tiles", "why", "forecast", "funnel"]


class Lived(Job):
    """What reports read: moves, touches, scores, targets and messages of all leads."""

    login = MANAGER

    def setup(self, env, addon):
        if addon:
            insert_story(env)
            # as the database does by itself within a minute
            env.cr.execute(f"ANALYZE lead_milestone, {', '.join(TABLES)}")
            env["lead.insight.rate"]._learn_all()

    def teardown(self, env, addon):
        if addon:
            remove_story(env)
            env["lead.insight.rate"].search([]).unlink()

    def floor(self, env, prepared, variant=""):
        env.cr.execute(
            """SELECT date_trunc('month', create_date), source_id, count(*)
               FROM crm_lead GROUP BY 1, 2"""
        )


@job("insights", "the report of a month: its first screen, and all of it, as a manager")
class Insights(Lived):
    """The floor counts all leads by month and source, once."""

    variants = {"first screen": Goal(floor=30), "all": Goal(floor=60)}

    def ours(self, env, prepared, variant=""):
        wanted = FIRST if variant == "first screen" else None
        month = date.today().replace(day=1) - timedelta(days=1)
        report = env["lead.insight"].get_report({"day": str(month)}, wanted)
        assert len(report["sections"]) >= len(FIRST)


@job("dashboard", "the numbers of the dashboard of leads, as a manager")
class Dashboard(Lived):
    """Each of its data sources, one after the other: now and in the 30 days before.

    The floor is that of the report.
    """

    variants = {"": Goal(floor=30)}

    def ours(self, env, prepared, variant=""):
        Lead = env["crm.lead"].with_context(active_test=False)
        days = [date.today() - timedelta(days=30 * back) for back in range(3)]
        measures = ["__count", "expected_revenue:sum"]
        for fname in ("create_date", "milestone_qualified_date", "milestone_won_date"):
            for since, until in ((days[1], days[0]), (days[2], days[1])):
                domain = [(fname, ">=", since), (fname, "<", until)]
                Lead.formatted_read_group(domain, [], measures)
        created = [("create_date", ">=", days[1])]
        won = [("milestone_won_date", ">=", days[1])]
        is_open = [("won_status", "=", "pending"), ("active", "=", True)]
        Lead.formatted_read_group(is_open, [], measures)
        Lead.formatted_read_group(is_open, ["stage_id"], ["__count"])
        Lead.formatted_read_group(created, ["create_date:week"], ["__count"])
        Lead.formatted_read_group(
            created, ["source_id"], ["__count", "score_total:avg"]
        )
        Lead.formatted_read_group(won, ["user_id"], measures)


@job("milestones", "work out the milestones of all leads anew")
class Milestones(Lived):
    """The floor updates a date in every row of the same table."""

    login = None
    dirty = ("lead_milestone",)
    variants = {"": Goal(floor=3)}

    def prepare(self, env, side, variant=""):
        # so that each row is written
        env.cr.execute("UPDATE lead_milestone SET first_touch_date = now()")

    def ours(self, env, prepared, variant=""):
        env["lead.milestone"]._refresh()

    def floor(self, env, prepared, variant=""):
        env.cr.execute("UPDATE lead_milestone SET contacted_date = now()")


@job("forecast", "learn for the forecast, at night")
class Learn(Lived):
    """The floor reads all moves, in the order of leads."""

    login = None
    variants = {"": Goal(floor=60)}

    def ours(self, env, prepared, variant=""):
        env["lead.insight.rate"]._learn_all()

    def floor(self, env, prepared, variant=""):
        env.cr.execute(
            """SELECT count(*) FROM (
                   SELECT lead(date) OVER (PARTITION BY lead_id ORDER BY date, id)
                   FROM lead_stage_transition) AS stay"""
        )
