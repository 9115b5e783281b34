"""The score of every lead, of one lead, and lists of leads by score."""

from harness.generate import MANAGER, REP
from harness.job import Goal, Job, job
from harness.webclient import open_kanban, prepare_kanban

from .common import RULE_PREFIX, find_lead, make_values, remove_rules
from .pipeline import ACTION

# How much of the scores is outdated before they are brought up to date.
OUTDATE_SQL = {
    "all changed": "UPDATE lead_score SET total = total + 1",
    "1% changed": "UPDATE lead_score SET total = total + 1 WHERE lead_id % 100 = 0",
    "none changed": "SELECT 1",
}


MESSAGE_ID = "bench-event"
# 60 % of the leads wrote once or twice within the last 200 days.
INSERT_EVENTS = f"""
INSERT INTO mail_message (
    model, res_id, message_type, author_id, date, body, create_uid, write_uid,
    create_date, write_date, message_id
)
SELECT 'crm.lead', lead.id, 'email', lead.partner_id,
       now() - (lead.id * 7 + n * 31) % 200 * interval '1 day', '', 1, 1, now(), now(),
       '{MESSAGE_ID}'
FROM crm_lead lead, generate_series(0, 1) n
WHERE (lead.id + n * 3) % 10 < 5
"""


def make_rules(env):
    """Return the values of 20 rules: text, numbers, dates, relations, tags, events."""
    wrote = env["lead.score.event"].search([("code", "in", ["mail_in", "reply"])])
    called = env["lead.score.event"].search([("code", "=", "call")])

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
        (-12, [("create_date", "<", "-365d")]),
        (15, ["|", "|", *boss]),
        (7, [("partner_id.is_company", "=", True)]),
        (4, [("partner_id.commercial_partner_id.country_id.code", "=", "US")]),
        (-8, [("website", "=", False), ("partner_name", "=", False)]),
    ]
    values = [{"points": points, "domain": repr(domain)} for points, domain in rules]
    for event, half_life in ((wrote, 30), (called, 0)):
        values.append(
            {
                "kind": "activity",
                "points": 8,
                "max_points": 24,
                "half_life": half_life,
                "event_ids": [(6, 0, event.ids)],
            }
        )
    return [{"name": f"{RULE_PREFIX}{i:02}", **vals} for i, vals in enumerate(values)]


class Scored:
    """With 20 rules in place of the starter set, and leads that wrote."""

    def setup(self, env, addon):
        if not addon:
            return
        self._clean(env)
        env["lead.score.rule"].search([]).active = False
        env["lead.score.rule"].create(make_rules(env))
        env.cr.execute(INSERT_EVENTS)
        env.cr.execute("ANALYZE mail_message")
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
        env.cr.execute("DELETE FROM mail_message WHERE message_id = %s", [MESSAGE_ID])


@job(
    "rescore",
    "rescore all leads by 20 mixed rules (peer: Odoo's probabilities of pending leads; "
    "floor: UPDATE crm_lead)",
)
class Rescore(Scored, Job):
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


@job("rescore-40-rules", "rescore all leads by 40 rules (floor: by the 20 of them)")
class RescoreMoreRules(Scored, Job):
    """Each further rule may cost 3 % of the time of the 20."""

    dirty = ("lead_score",)
    variants = {"": Goal(floor=1 + 20 * 0.03)}

    def setup(self, env, addon):
        super().setup(env, addon)
        if addon:
            more = [
                {**vals, "name": f"{vals['name']} more"} for vals in make_rules(env)
            ]
            env["lead.score.rule"].create(more)

    def prepare(self, env, side, variant=""):
        if side == "floor":
            rules = env["lead.score.rule"].search([("name", "like", "% more")])
            rules.active = False
            env["lead.score.model"]._get_active()
        if side != "peer":
            env["lead.score"]._refresh()

    def ours(self, env, prepared, variant=""):
        env["lead.score"]._refresh()

    floor = ours


@job("edit", "change the telephone of a lead as a rep, 20 rules in service")
class Edit(Scored, Job):
    """It is checked; profile and score are worked out anew."""

    login = REP
    fast = True
    variants = {"": Goal(peer=1.15, statements=5)}
    values = {"phone": "+1 415 777 0199"}

    def rows(self, variant):
        return 1

    def prepare(self, env, side, variant=""):
        lead = find_lead(env)
        lead.read([*self.values])
        return lead

    def ours(self, env, lead, variant=""):
        lead.write(self.values)

    peer = ours


@job("edit-day", "change the closing day of a lead as a rep: nothing depends on it")
class EditDay(Edit):
    variants = {"": Goal(peer=1.15, statements=1)}
    values = {"date_deadline": "2027-01-15"}


@job("explain", "why a lead has its score (peer: why it has Odoo's probability)")
class Explain(Scored, Job):
    login = REP
    fast = True

    def rows(self, variant):
        return 1

    def prepare(self, env, side, variant=""):
        lead = find_lead(env)
        lead.read(["name"])
        return lead

    def ours(self, env, lead, variant=""):
        assert lead.score_reasons

    def peer(self, env, lead, variant=""):
        lead.prepare_pls_tooltip_data()


@job("create-1000", "create 1,000 leads in one call, 20 rules in service")
class CreateMany(Scored, Job):
    login = MANAGER
    dirty = ("crm_lead",)
    variants = {"": Goal(peer=1.15)}

    def rows(self, variant):
        return 1_000

    def prepare(self, env, side, variant=""):
        return [make_values(i) for i in range(1_000)]

    def ours(self, env, vals_list, variant=""):
        env["crm.lead"].create(vals_list)

    peer = ours


@job("kanban-by-score", "open the pipeline by score (floor: in the order of Odoo)")
class ByScore(Job):
    login = MANAGER
    fast = True
    variants = {"": Goal(floor=1.35)}

    def prepare(self, env, side, variant=""):
        return prepare_kanban(env, ACTION)

    def ours(self, env, kanban, variant=""):
        open_kanban(env, kanban, order="score_total desc, id desc")

    def floor(self, env, kanban, variant=""):
        open_kanban(env, kanban)
