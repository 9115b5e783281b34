"""The report of a period, and the dates it counts by."""

from harness.generate import MANAGER
from harness.job import Goal, Job, job


@job("insights", "open the report of a month and its causes, as a manager")
class Insights(Job):
    """The floor counts all leads by month and source, once."""

    login = MANAGER
    variants = {"": Goal(floor=60)}

    def ours(self, env, prepared, variant=""):
        report = env["lead.insight"].get_report({})
        assert len(report["sections"]) > 15

    def floor(self, env, prepared, variant=""):
        env.cr.execute(
            """SELECT date_trunc('month', create_date), source_id, count(*)
               FROM crm_lead GROUP BY 1, 2"""
        )


@job("milestones", "work out the milestones of all leads anew")
class Milestones(Job):
    """The floor updates a date in every row of the same table."""

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
class Learn(Job):
    """The floor reads all moves, in the order of leads."""

    variants = {"": Goal(floor=60)}

    def ours(self, env, prepared, variant=""):
        env["lead.insight.rate"]._learn_all()

    def floor(self, env, prepared, variant=""):
        env.cr.execute(
            """SELECT count(*) FROM (
                   SELECT lead(date) OVER (PARTITION BY lead_id ORDER BY date, id)
                   FROM lead_stage_transition) AS stay"""
        )
