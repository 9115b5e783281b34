"""New leads: a file of many, and one at a time."""

from harness.generate import MANAGER, REP
from harness.job import Goal, Job, job
from harness.lead_rows import insert_leads

from .common import (
    IMPORT_FIELDS,
    create_assignment_rules,
    make_import_rows,
    make_values,
    remove_rules,
)

IMPORTED = 1_000
OTHER_REP = "bench_rep_11"


@job(
    "import",
    "import 1,000 leads by load() as the web client does, starter scoring rules active",
    Goal(peer=1.15),
)
class Import(Job):
    login = MANAGER
    dirty = ("crm_lead",)

    def rows(self, variant):
        return IMPORTED

    def prepare(self, env, side, variant=""):
        return make_import_rows(IMPORTED)

    def ours(self, env, rows, variant=""):
        model = env["crm.lead"].with_context(import_file=True, tracking_disable=True)
        result = model.load(IMPORT_FIELDS, rows)
        assert len(result["ids"] or []) == IMPORTED, result["messages"]

    peer = ours

    def floor(self, env, rows, variant=""):
        insert_leads(env, IMPORTED, addon=True, start=self.leads, pool=True)


class Routed:
    """With two assignment rules: what is created is routed to 20 reps as well."""

    def setup(self, env, addon):
        if addon:
            remove_rules(env, "lead.assignment.rule")
            create_assignment_rules(env)

    def teardown(self, env, addon):
        if addon:
            remove_rules(env, "lead.assignment.rule")


@job("import-routed", "the same, and assignment rules route them (peer: unrouted)")
class ImportRouted(Routed, Import):
    variants = {"": None}


@job(
    "create",
    "create one lead as a rep, starter scoring rules active",
    Goal(peer=1.2, statements=6),
)
class Create(Job):
    login = REP
    fast = True

    def rows(self, variant):
        return 1

    def prepare(self, env, side, variant=""):
        return make_values(1)

    def ours(self, env, values, variant=""):
        env["crm.lead"].create(values)

    peer = ours

    def floor(self, env, values, variant=""):
        env.cr.execute(
            "INSERT INTO crm_lead (name, type, contact_name, partner_name, email_from, "
            "phone, expected_revenue) VALUES (%(name)s, %(type)s, %(contact_name)s, "
            "%(partner_name)s, %(email_from)s, %(phone)s, %(expected_revenue)s)",
            values,
        )


@job(
    "create-routed",
    "create one as a manager, assignment rules find its owner (peer: he is named)",
)
class CreateRouted(Routed, Create):
    """Both sides notify the new owner."""

    login = MANAGER
    variants = {"": None}

    def prepare(self, env, side, variant=""):
        owner = env["res.users"].search([("login", "=", OTHER_REP)])
        return {**make_values(1), "user_id": side == "peer" and owner.id}
