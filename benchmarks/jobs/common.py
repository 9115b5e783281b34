"""What several jobs share: values of new leads, and rules of the addon."""

from harness.lead_values import (
    COMPANIES,
    FIRST_NAMES,
    FUNCTIONS,
    LAST_NAMES,
    SUBJECTS,
)

IMPORT_FIELDS = [
    "name",
    "contact_name",
    "partner_name",
    "function",
    "email_from",
    "phone",
    "website",
    "city",
    "country_id",
    "expected_revenue",
    "source_id",
    "tag_ids",
]
COUNTRY_NAMES = ("United States", "Belgium", "France", "Germany")
RULE_PREFIX = "Bench "


def make_import_rows(number):
    """Return ``number`` rows of a file to import, one list of strings each."""
    return [
        [
            f"{SUBJECTS[i % len(SUBJECTS)]} {i}",
            f"{FIRST_NAMES[i % 20]} {LAST_NAMES[i // 20 % 20]}",
            f"{COMPANIES[i % len(COMPANIES)]} {i % 300}",
            FUNCTIONS[i % len(FUNCTIONS)],
            f"import{i}@firm{i % 300}.example",
            f"+1 415 666 {i % 10000:04}",
            f"https://www.firm{i % 300}.example",
            f"City {i % 200}",
            COUNTRY_NAMES[i % len(COUNTRY_NAMES)],
            str(100 + i * 37 % 20000),
            "Search engine" if i % 2 else "Lead Recall",
            f"Bench tag {i % 20:02}",
        ]
        for i in range(number)
    ]


def make_values(i):
    """Return the values of the i-th new lead that a rep types in."""
    return {
        "name": f"New enquiry {i}",
        "type": "opportunity",
        "contact_name": f"{FIRST_NAMES[i % 20]} {LAST_NAMES[i // 20 % 20]}",
        "partner_name": f"{COMPANIES[i % len(COMPANIES)]} {i % 300}",
        "email_from": f"new{i}@firm{i % 300}.example",
        "phone": f"+1 415 777 {i % 10000:04}",
        "expected_revenue": 100 + i * 37 % 20000,
    }


def find_lead(env):
    """Return an open lead of the user, the same in both databases."""
    domain = [
        ("user_id", "=", env.uid),
        ("type", "=", "opportunity"),
        ("won_status", "=", "pending"),
    ]
    return env["crm.lead"].search(domain, order="priority DESC, id DESC", limit=1)


def create_assignment_rules(env):
    """Create two round robins, by country, over both teams of the generator."""
    teams = env["crm.team"].search([("name", "like", "Bench team")], order="id")
    codes = ["US", "BE", "FR"]
    env["lead.assignment.rule"].create(
        [
            {
                "name": f"{RULE_PREFIX}{number}",
                "sequence": number,
                "target": "team",
                "team_id": team.id,
                "domain": repr([] if number else [("country_id.code", "in", codes)]),
            }
            for number, team in enumerate(teams)
        ]
    )


def remove_rules(env, model):
    """Remove the rules of the benchmark."""
    env[model].with_context(active_test=False).search(
        [("name", "=like", f"{RULE_PREFIX}%")]
    ).unlink()
