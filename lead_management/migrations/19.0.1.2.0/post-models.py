from odoo import SUPERUSER_ID, api

THRESHOLDS = {
    "lead_management.score_warm_from": "warm_from",
    "lead_management.score_hot_from": "hot_from",
}


def migrate(cr, version):
    """Give the rules of before to the first scoring model, with their thresholds."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    model = env.ref("lead_management.score_model_starter")
    cr.execute(
        "UPDATE lead_score_rule SET model_id = %s WHERE model_id IS NULL", [model.id]
    )
    env.invalidate_all()
    # what this version ships as new would change the scores of everybody
    for name in ("wrote", "met", "unsubscribed"):
        rule = env.ref(f"lead_management.score_rule_{name}", raise_if_not_found=False)
        if rule:
            rule.active = False
    parameters = env["ir.config_parameter"]
    values = {}
    for key, fname in THRESHOLDS.items():
        if value := parameters.get_param(key):
            values[fname] = int(value)
            parameters.set_param(key, False)
    if values:
        model.write(values)
    env.registry.clear_cache()
    env["lead.score"]._refresh()
