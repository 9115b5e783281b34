"""What is known of leads: profiles, questions and their answers."""

from harness.generate import MANAGER, REP
from harness.job import Goal, Job, job
from harness.webclient import get_field_spec, get_form_spec
from lxml import etree

from .common import RULE_PREFIX, find_lead

LIST_VIEW = "crm.crm_case_tree_view_oppor"
FORM_VIEW = "crm.crm_lead_view_form"
ROWS = 80
# As the web client asks for it: beyond, it shows “10,000+”.
COUNTED = 10_001
OPTIONS = 4

INSERT_ANSWERS = """
INSERT INTO lead_qualifier_answer
    (lead_id, qualifier_id, option_id, is_current, source, answer_date)
SELECT lead.id, %(question)s, (%(options)s)[1 + (lead.id * 7 + %(question)s) %% 4],
       TRUE, 'rep', now()
FROM crm_lead lead WHERE (lead.id * 13 + %(question)s) %% 10 < 6
"""

OUTDATE_SQL = {
    "all changed": "UPDATE lead_profile SET completeness = -1, missing = '-'",
    "1% changed": "UPDATE lead_profile SET completeness = -1 WHERE lead_id % 100 = 0",
    "none changed": "SELECT 1",
}


class Asked:
    """With three questions of four options each, answered by 60 % of the leads."""

    def setup(self, env, addon):
        if not addon:
            return
        remove_questions(env)
        questions = env["lead.qualifier"].create(
            [
                {
                    "name": f"{RULE_PREFIX}question {number}",
                    "kind": "choice",
                    "option_ids": [
                        (0, 0, {"name": f"Option {option}", "points": option})
                        for option in range(OPTIONS)
                    ],
                }
                for number in range(3)
            ]
        )
        env.flush_all()
        for question in questions:
            env.cr.execute(
                INSERT_ANSWERS,
                {"question": question.id, "options": question.option_ids.ids},
            )
        env.cr.execute("ANALYZE lead_qualifier_answer")
        env["lead.score"]._refresh()

    def teardown(self, env, addon):
        if addon:
            remove_questions(env)
            env["lead.score"]._refresh()


def remove_questions(env):
    """Remove the questions of the benchmark, with their answers."""
    questions = find_questions(env)
    env.cr.execute(
        "DELETE FROM lead_qualifier_answer WHERE qualifier_id = ANY(%s)",
        [questions.ids],
    )
    env.invalidate_all()
    questions.unlink()


def find_questions(env):
    """Return the questions of the benchmark, in order."""
    return (
        env["lead.qualifier"]
        .sudo()
        .with_context(active_test=False)
        .search([("name", "=like", f"{RULE_PREFIX}question%")], order="id")
    )


@job(
    "list-answers",
    "list of 80 leads with three columns of answers, filtered by one answer "
    "(floor: the same list without)",
    Goal(floor=1.3),
)
class ListAnswers(Asked, Job):
    login = MANAGER
    fast = True

    def prepare(self, env, side, variant=""):
        model = env["crm.lead"]
        arch = etree.fromstring(model.get_view(env.ref(LIST_VIEW).id, "list")["arch"])
        fields = model.fields_get()
        columns = find_questions(env).mapped("column_name")
        for node in arch.xpath("//field[starts-with(@name, 'x_qualifier_')]"):
            node.getparent().remove(node)
        spec = get_field_spec(arch, fields)
        if side == "ours":
            spec.update(dict.fromkeys(columns, {}))
        return spec, columns

    def ours(self, env, prepared, variant=""):
        spec, columns = prepared
        domain = [("type", "=", "opportunity"), (columns[0], "=", "option_1")]
        self._open(env, domain, spec)

    def floor(self, env, prepared, variant=""):
        self._open(env, [("type", "=", "opportunity")], prepared[0])

    def _open(self, env, domain, spec):
        result = env["crm.lead"].web_search_read(
            domain, spec, limit=ROWS, count_limit=COUNTED
        )
        assert len(result["records"]) == ROWS


@job(
    "form",
    "open the form of a lead as a rep, with three questions and a gate",
)
class Form(Asked, Job):
    login = REP
    fast = True

    def setup(self, env, addon):
        super().setup(env, addon)
        if addon:
            question = find_questions(env)[0]
            for stage in env["crm.stage"].search([]):
                env["lead.stage.requirement"].create(
                    {"stage_id": stage.id, "qualifier_id": question.id}
                )

    def teardown(self, env, addon):
        if addon:
            env["lead.stage.requirement"].search([]).unlink()
        super().teardown(env, addon)

    def prepare(self, env, side, variant=""):
        model = env["crm.lead"]
        arch = etree.fromstring(model.get_view(env.ref(FORM_VIEW).id, "form")["arch"])
        spec = get_form_spec(arch, model.fields_get())
        return find_lead(env).id, spec

    def ours(self, env, prepared, variant=""):
        lead_id, spec = prepared
        (values,) = env["crm.lead"].browse(lead_id).web_read(spec)
        assert values["name"]

    peer = ours


@job(
    "answer",
    "a rep answers a question: noted, and profile and score brought up to date",
)
class Answer(Asked, Job):
    login = REP
    fast = True
    dirty = ("lead_qualifier_answer", "lead_score", "lead_profile")

    def rows(self, variant):
        return 1

    def prepare(self, env, side, variant=""):
        question = find_questions(env)[0]
        lead = find_lead(env)
        answer = lead.qualifier_answer_ids.filtered(
            lambda answer: answer.qualifier_id == question
        )
        others = question.option_ids - answer.option_id
        return lead.id, {question.id: others[0].id}

    def ours(self, env, prepared, variant=""):
        lead_id, answers = prepared
        env["crm.lead"].browse(lead_id)._qualify(answers)

    def floor(self, env, prepared, variant=""):
        env.cr.execute(
            "UPDATE lead_qualifier_answer SET source = 'rep' WHERE lead_id = %s",
            [prepared[0]],
        )


@job(
    "profile",
    "work out segment, persona and completeness of all leads after a change of what "
    "counts: 10 items, 3 segments, 2 personas (floor: UPDATE crm_lead)",
)
class Profile(Job):
    """``floor_own`` rewrites all rows of the table that really changes."""

    dirty = ("crm_lead", "lead_profile")
    floors = ("floor", "floor_own")
    variants = {
        "all changed": (Goal(floor=0.3), Goal(floor=3)),
        "1% changed": None,
        "none changed": None,
    }

    def setup(self, env, addon):
        if not addon:
            return
        self._clean(env)
        sizes = ((1000, 10**9), (100, 1000), (1, 100))
        env["lead.segment"].create(
            [
                {
                    "name": f"{RULE_PREFIX}{smallest}",
                    "is_automatic": True,
                    "domain": repr(
                        [
                            ("employee_count", ">=", smallest),
                            ("employee_count", "<", top),
                        ]
                    ),
                }
                for smallest, top in sizes
            ]
        )
        env["lead.persona"].create(
            [
                {
                    "name": f"{RULE_PREFIX}{word}",
                    "domain": repr(
                        [
                            ("function", "ilike", word),
                            ("phone", "!=", False),
                            ("country_id.code", "in", ["US", "BE"]),
                        ]
                    ),
                }
                for word in ("director", "manager")
            ]
        )
        env["lead.profile"]._refresh()

    def teardown(self, env, addon):
        if addon:
            self._clean(env)
            env["lead.profile"]._refresh()

    def _clean(self, env):
        for model in ("lead.segment", "lead.persona"):
            env[model].with_context(active_test=False).search(
                [("name", "=like", f"{RULE_PREFIX}%")]
            ).unlink()

    def prepare(self, env, side, variant=""):
        if side != "ours":
            return
        env["lead.profile"]._refresh()
        env.cr.execute(OUTDATE_SQL[variant])
        # in a transaction of its own: rows written twice in one are slower to write
        env.cr.commit()

    def ours(self, env, prepared, variant=""):
        env["lead.profile"]._refresh()

    def floor(self, env, prepared, variant=""):
        env.cr.execute("UPDATE crm_lead SET color = color + 1")

    def floor_own(self, env, prepared, variant=""):
        env.cr.execute("UPDATE lead_profile SET completeness = completeness + 1")
