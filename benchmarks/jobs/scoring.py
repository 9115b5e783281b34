"""The score of every lead."""

from harness.job import Goal, Job, job

from .common import RULE_PREFIX, remove_rules

# How much of the scores is outdated before they are brought up to date.
OUTDATE_SQL = {
    "all changed": "UPDATE lead_score SET total = total + 1",
    "1% changed": "UPDATE lead_score SET total = total + 1 WHERE lead_id % 100 = 0",
    "none changed": "SELECT 1",
}


def make_rules(env):
    """Return the values of 20 rules: text, numbers, dates, relations, tags."""

    def ids(model, domain=()):
        return env[model].search(domain, order="id").ids

    tags = ids("crm.tag")
    sources, mediums = ids("utm.source"), ids("utm.medium")
    campaigns = ids("utm.campaign", [("name", "like", "Bench")])
    countries = ids("res.country", [("code", "in", ["US", "BE", "FR", "DE"])])
    free = [("email_from", "ilike", f"@{name}.com") for name in ("gmail", "yahoo")]
    boss = [("function", "ilike", word) for word in ("director", "ceo", "head")]
    rules = [
        (-15, ["|", *free]),
        (5, [("email_normalized", "!=", False)]),
        (5, [("email_state", "=", "correct")]),
        (10, [("phone", "!=", False), ("phone_state", "=", "correct")]),
        (-5, [("phone", "=", False)]),
        (15, [("country_id", "in", countries)]),
        (5, [("country_id.code", "in", ["IN", "BR"])]),
        (20, [("expected_revenue", ">", 20000)]),
        (-10, [("expected_revenue", "<", 1000)]),
        (10, [("tag_ids", "in", tags[:3])]),
        (3, [("tag_ids.name", "ilike", "tag 1")]),
        (8, [("source_id", "in", sources[:3])]),
        (6, [("campaign_id", "=", campaigns[0]), ("medium_id", "in", mediums[:4])]),
        (12, [("create_date", ">=", "-30d")]),
        (-12, [("create_date", "<", "-365d")]),
        (15, ["|", "|", *boss]),
        (-30, [("function", "ilike", "student")]),
        (7, [("partner_id.is_company", "=", True)]),
        (4, [("partner_id.commercial_partner_id.country_id.code", "=", "US")]),
        (-8, [("website", "=", False), ("partner_name", "=", False)]),
    ]
    return [
        {"name": f"{RULE_PREFIX}{i:02}", "points": points, "domain": repr(domain)}
        for i, (points, domain) in enumerate(rules)
    ]


@job(
    "rescore",
    "rescore all leads by 20 mixed rules (peer: Odoo's probabilities of pending leads; "
    "floor: UPDATE crm_lead)",
)
class Rescore(Job):
    """The peer rewrites its leads whether they change or not: it serves all variants.

    ``floor_own`` rewrites all rows of the table that really changes.
    """

    dirty = ("crm_lead", "lead_score")
    floors = ("floor", "floor_own")
    variants = {
        "all changed": (Goal(floor=0.25), Goal(floor=3)),
        "1% changed": Goal(floor=0.12),
        "none changed": Goal(floor=0.10),
    }

    def setup(self, env, addon):
        if addon:
            self._clean(env)
            env["lead.score.rule"].search([]).active = False
            env["lead.score.rule"].create(make_rules(env))
            env["lead.score"]._refresh()

    def teardown(self, env, addon):
        if addon:
            self._clean(env)
            env["lead.score"]._refresh()

    def _clean(self, env):
        """Leave the starter rules alone in service."""
        remove_rules(env, "lead.score.rule")
        rules = env["lead.score.rule"].with_context(active_test=False).search([])
        rules.active = True

    def prepare(self, env, side, variant=""):
        if side != "ours":
            return
        env["lead.score"]._refresh()
        env.cr.execute(OUTDATE_SQL[variant])
        # in a transaction of its own: rows written twice in one are slower to write
        env.cr.commit()
        env.cr.execute("SET LOCAL jit = off")  # as the cron does

    def ours(self, env, prepared, variant=""):
        env["lead.score"]._refresh()

    def peer(self, env, prepared, variant=""):
        env["crm.lead"]._update_automated_probabilities()

    def floor(self, env, prepared, variant=""):
        env.cr.execute("UPDATE crm_lead SET color = color + 1")

    def floor_own(self, env, prepared, variant=""):
        env.cr.execute("UPDATE lead_score SET total = total + 1")
