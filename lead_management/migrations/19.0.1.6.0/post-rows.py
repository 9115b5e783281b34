import logging

from odoo import SUPERUSER_ID, api

_logger = logging.getLogger(__name__)

OWN_LEADS = (
    "['|', ('lead_id.user_id', '=', user.id), '&', ('lead_id.user_id', '=', False), "
    "('lead_id.assignment_pool_id', 'not in', user._get_blind_pool_ids())]"
)
ALL_LEADS = "[(1, '=', 1)]"
COMPANY = "[('company_id', 'in', company_ids + [False])]"
COMPANY_OF_LEAD = "[('lead_id.company_id', 'in', company_ids + [False])]"
COMPANY_OF_POOL = "[('pool_id.company_id', 'in', company_ids + [False])]"
# What the rules say that are not needed any longer, as they were shipped; those of one
# tuple make sense together only.
PERSONAL = (
    "lead_assignment_log_rule",
    "lead_message_rule",
    "lead_profile_rule",
    "lead_qualifier_answer_rule",
    "lead_score_change_rule",
    "lead_score_rule",
    "lead_score_snapshot_rule",
    "lead_sla_clock_rule",
    "lead_stage_transition_rule",
    "lead_touch_rule",
)
COMPANIES = (
    "lead_assignment_log_rule_company",
    "lead_assignment_notice_rule_company",
    "lead_message_rule_company",
    "lead_profile_rule_company_lead",
    "lead_score_change_rule_company",
    "lead_score_rule_company_lead",
    "lead_score_snapshot_rule_company",
    "lead_sla_clock_rule_company",
    "lead_stage_mapping_lead_rule_company",
    "lead_stage_transition_rule_company",
    "lead_touch_rule_company",
)
# Rules that stay with what is their own: what they said, and what they say now.
CUT = {
    "lead_qualifier_answer_rule_company": (
        (COMPANY[:-1] + ", " + COMPANY_OF_LEAD[1:],),
        COMPANY,
    ),
    "lead_pool_entry_rule_company": (
        (COMPANY_OF_LEAD[:-1] + ", " + COMPANY_OF_POOL[1:],),
        COMPANY_OF_POOL,
    ),
}


def is_shipped(rule, *texts):
    """Return whether nobody changed a rule."""
    domain = "".join((rule.domain_force or "").split())
    return rule.active and domain in {"".join(text.split()) for text in texts}


def remove(env, shipped):
    """Remove rules that belong together, unless one of them was changed.

    :param shipped: dict of names of rules to the texts they were shipped with
    """
    rules = {
        rule: texts
        for name, texts in shipped.items()
        if (rule := env.ref(f"lead_management.{name}", raise_if_not_found=False))
    }
    if all(is_shipped(rule, *texts) for rule, texts in rules.items()):
        env["ir.rule"].union(*rules).unlink()
    else:
        _logger.info("Record rules stay, somebody changed them: %s", [*shipped])


def migrate(cr, version):
    """Remove the record rules that follow from those of the leads now."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in PERSONAL:
        remove(env, {f"{name}_personal": [OWN_LEADS], f"{name}_all": [ALL_LEADS]})
    for name in COMPANIES:
        remove(env, {name: [COMPANY, COMPANY_OF_LEAD]})
    for name, (before, after) in CUT.items():
        rule = env.ref(f"lead_management.{name}", raise_if_not_found=False)
        if rule and is_shipped(rule, *before):
            rule.domain_force = after
