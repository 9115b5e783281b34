from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """One job keeps all that is worked out of leads up to date, not the score alone."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    cron = env.ref("lead_management.ir_cron_rescore", raise_if_not_found=False)
    if cron:
        cron.write(
            {
                "name": "Lead Management: bring profiles and scores up to date",
                "model_id": env.ref("crm.model_crm_lead").id,
                "code": "model._cron_derived()",
            }
        )
        cron._trigger()
