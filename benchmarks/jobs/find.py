"""Somebody calls: the lead is found by the number, or by a name."""

from harness.generate import MANAGER, REP
from harness.job import Job, job

# Of a lead in the middle: by its end, as one is told it.
NUMBERS = {
    "national": "{0} {1} {2}",
    "international": "+1 {0} {1}-{2}",
    "last": "{1}{2}",
}


class Find(Job):
    fast = True

    def rows(self, variant):
        return 1

    def ours(self, env, text, variant=""):
        assert env["crm.lead"].action_find(text), f"{text} is not found"


@job("find-number", "find a lead by its number, as a rep (peer: Odoo's search)")
class FindNumber(Find):
    """The peer is what Odoo finds by *Phone Number*, with the names of what it finds.

    It finds what is written alike, and reads names alone: ours shows the person, the
    company, the number, the stage and the owner of each.
    """

    login = REP
    variants = dict.fromkeys(NUMBERS)

    def prepare(self, env, side, variant=""):
        lead = env["crm.lead"].search(
            [("user_id", "=", env.uid), ("phone", "!=", False)],
            order="id",
            limit=1,
            offset=50,
        )
        digits = lead.phone_sanitized[2:]
        parts = digits[:3], digits[3:6], digits[6:]
        if side == "peer":
            return "".join(parts)
        return NUMBERS[variant].format(*parts)

    def peer(self, env, text, variant=""):
        found = env["crm.lead"].search(
            [("phone_mobile_search", "ilike", text)], limit=8
        )
        found.mapped("display_name")


@job("find-name", "find leads by two words of a name and a company, as a manager")
class FindName(Find):
    login = MANAGER

    def prepare(self, env, side, variant=""):
        lead = env["crm.lead"].search([("contact_name", "!=", False)], limit=1)
        return lead.contact_name

    def peer(self, env, text, variant=""):
        domain = ["|"] * 3 + [
            (name, "ilike", text)
            for name in ("name", "contact_name", "partner_name", "email_from")
        ]
        env["crm.lead"].search(domain, limit=8).mapped("display_name")
