from odoo import SUPERUSER_ID, api

# What belongs to a lead is as invisible as the lead is in a blind pool.
RULES = (
    "lead_assignment_log_rule_personal",
    "lead_profile_rule_personal",
    "lead_qualifier_answer_rule_personal",
    "lead_score_change_rule_personal",
    "lead_score_rule_personal",
    "lead_score_snapshot_rule_personal",
)
DOMAIN = (
    "['|', ('lead_id.user_id', '=', user.id), '&', ('lead_id.user_id', '=', False), "
    "('lead_id.assignment_pool_id', 'not in', user._get_blind_pool_ids())]"
)


def migrate(cr, version):
    """Bring what may have been changed by hand, and is not updated, up to date."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in RULES:
        if rule := env.ref(f"lead_management.{name}", raise_if_not_found=False):
            rule.domain_force = DOMAIN
    reason = env.ref("lead_management.lost_reason_no_match", raise_if_not_found=False)
    if reason:
        reason.returns_turn = True
    env["lead.assignment.rule"].with_context(active_test=False).search([])._add_turns()
