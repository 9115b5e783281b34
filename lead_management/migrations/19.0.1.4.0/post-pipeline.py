from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Do what a fresh installation does once."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["lead.stage.transition"]._seed_history()
    env["lead.touch"]._backfill()
    env["lead.dormancy"]._start()
    env["lead.stage.requirement"]._require_lost_reason()
