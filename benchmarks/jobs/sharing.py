"""Leads offered to another company and accepted there."""

import json

from harness.generate import REP
from harness.job import Goal, Job, job
from harness.webclient import get_field_spec
from lxml import etree

from odoo.fields import Command

COUNT = 200
ROWS = 80
# As the web client asks for it: beyond, it shows “10,000+”.
COUNTED = 10_001
LIST_VIEW = "crm.crm_case_tree_view_oppor"
TEAM_LEVEL = "lead_management.group_team_leads"


def prepare_world(env):
    """Return leads of the first company, and a policy that offers them to another."""
    company = env["res.company"].create({"name": "Branch of the benchmark"})
    partner = env["lead.share.partner"].create({"to_company_id": company.id})
    policy = env["lead.share.policy"].create(
        {"name": "Benchmark", "recipient_ids": [Command.set(partner.ids)]}
    )
    leads = env["crm.lead"].search(
        [
            ("won_status", "=", "pending"),
            ("company_id", "in", [False, env.company.id]),
        ],
        limit=COUNT,
    )
    env.flush_all()
    env.invalidate_all()
    return leads, policy


@job(
    "list-team",
    "list of 80 leads as a salesperson with the documents of the team "
    "(floor: the same with the own documents)",
    Goal(floor=1.3),
)
class ListTeam(Job):
    """Both lists show as many leads; the number behind them is counted in both."""

    login = REP
    fast = True

    def rows(self, variant):
        return ROWS

    def prepare(self, env, side, variant=""):
        if side == "ours":
            env.user.sudo().group_ids += env.ref(TEAM_LEVEL).sudo()
        model = env["crm.lead"]
        arch = etree.fromstring(model.get_view(env.ref(LIST_VIEW).id, "list")["arch"])
        spec = get_field_spec(arch, model.fields_get())
        env.flush_all()
        self._open(env, spec)  # what is kept of rules and groups is known
        env.invalidate_all()
        return spec

    def ours(self, env, spec, variant=""):
        self._open(env, spec)

    floor = ours

    def _open(self, env, spec):
        domain = [("type", "=", "opportunity")]
        result = env["crm.lead"].web_search_read(
            domain, spec, limit=ROWS, count_limit=COUNTED
        )
        assert len(result["records"]) == ROWS


@job("share-offer", "offer 200 leads to another company")
class ShareOffer(Job):
    """The floor writes 200 rows with a preview and 200 events."""

    variants = {"": None}

    def rows(self, variant):
        return COUNT

    def prepare(self, env, side, variant=""):
        return prepare_world(env) if side == "ours" else None

    def ours(self, env, prepared, variant=""):
        leads, policy = prepared
        assert len(env["lead.share"]._offer(leads, policy)) == len(leads)

    def floor(self, env, prepared, variant=""):
        teaser = json.dumps({"region": {"country": "US"}, "temperature": "hot"})
        env.cr.execute(
            "WITH shares AS (INSERT INTO lead_share (uuid, kind, state, date, teaser)"
            " SELECT 'b' || number, 'company', 'offered', now(), %s::jsonb"
            " FROM generate_series(1, %s) number RETURNING id)"
            " INSERT INTO lead_share_event (share_id, date, kind)"
            " SELECT id, now(), 'offer' FROM shares",
            [teaser, COUNT],
        )


@job("share-accept", "accept 200 leads, against Odoo creating as many")
class ShareAccept(Job):
    """The peer creates 200 leads with the same fields, without any offer."""

    variants = {"": None}

    def rows(self, variant):
        return COUNT

    def prepare(self, env, side, variant=""):
        if side != "ours":
            return None
        leads, policy = prepare_world(env)
        shares = env["lead.share"]._offer(leads, policy)
        env.flush_all()
        env.invalidate_all()
        return shares

    def ours(self, env, shares, variant=""):
        shares._accept()

    def peer(self, env, prepared, variant=""):
        env["crm.lead"].create(
            [
                {
                    "name": f"Lead {number}",
                    "user_id": False,
                    "email_from": f"n{number}@example.com",
                    "contact_name": f"Person {number}",
                    "country_id": env.ref("base.us").id,
                }
                for number in range(COUNT)
            ]
        )
