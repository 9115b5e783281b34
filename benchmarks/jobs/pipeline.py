"""What a rep and a manager open all day."""

from harness.generate import MANAGER, REP
from harness.job import Goal, Job, job
from harness.webclient import CARDS_PER_COLUMN, open_kanban, prepare_kanban

ACTION = "crm.crm_lead_action_pipeline"
EXTRA_TYPES = ("contacted", "nurturing")
MOVED = 1_000

FLOOR_SQL = """
SELECT stage.id, total.count, total.sum, card.id
FROM crm_stage stage
JOIN LATERAL (
    SELECT count(*), sum(expected_revenue) FROM crm_lead
    WHERE stage_id = stage.id AND active AND type = 'opportunity' {own}
) total ON TRUE
LEFT JOIN LATERAL (
    SELECT * FROM crm_lead
    WHERE stage_id = stage.id AND active AND type = 'opportunity' {own}
    ORDER BY priority DESC, id DESC LIMIT {limit}
) card ON NOT stage.fold IS TRUE
"""


@job("kanban", "open the pipeline of all leads as a manager: columns, cards, bars")
class Kanban(Job):
    """With the addon six columns of eight are unfolded, without it all four are.

    The goal holds for equal work: four unfolded columns on both sides, 80 cards each.
    """

    login = MANAGER
    fast = True
    own = ""
    variants = {"": Goal(peer=1.15), "6 columns": None}

    def prepare(self, env, side, variant=""):
        if side != "peer" and not variant:
            extra = env["crm.stage"].search([("stage_type", "in", EXTRA_TYPES)])
            env.cr.execute(
                "UPDATE crm_stage SET fold = true WHERE id = ANY(%s)", [extra.ids]
            )
        return prepare_kanban(env, ACTION)

    def ours(self, env, kanban, variant=""):
        groups = open_kanban(env, kanban)
        cards = sum(len(group.get("__records", ())) for group in groups)
        assert cards, "the kanban is empty"

    peer = ours

    def floor(self, env, kanban, variant=""):
        env.cr.execute(FLOOR_SQL.format(own=self.own, limit=CARDS_PER_COLUMN))
        env.cr.fetchall()


@job("kanban-rep", "the same as a rep, who sees his own leads and those of nobody")
class KanbanRep(Kanban):
    login = REP
    own = f"""AND (user_id IS NULL OR user_id = (
        SELECT id FROM res_users WHERE login = '{REP}'))"""


@job(
    "move",
    "move 1,000 leads to the next stage by list, with tracking values and history",
)
class Move(Job):
    """With the addon each move is recorded, and what depends on it is looked up.

    A qualified lead without a contact gets one, which Odoo leaves to the conversion:
    the goal holds for equal work, leads that have one.
    """

    login = MANAGER
    dirty = ("crm_lead",)
    variants = {"": Goal(peer=1.05), "contacts created": None}

    def rows(self, variant):
        return MOVED

    def prepare(self, env, side, variant=""):
        first, second = env["crm.stage"].browse(
            [env.ref("crm.stage_lead1").id, env.ref("crm.stage_lead2").id]
        )
        leads = env["crm.lead"].search(
            [
                ("stage_id", "=", first.id),
                ("type", "=", "opportunity"),
                ("partner_id", "=" if variant else "!=", False),
            ],
            limit=MOVED,
        )
        assert len(leads) == MOVED, "too few leads in the first stage"
        return leads, second

    def ours(self, env, prepared, variant=""):
        leads, stage = prepared
        leads.write({"stage_id": stage.id})
        env.cr.flush()

    peer = ours

    def floor(self, env, prepared, variant=""):
        leads, stage = prepared
        env.cr.execute(
            "UPDATE crm_lead SET stage_id = %s WHERE id = ANY(%s)",
            [stage.id, leads.ids],
        )
