from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Order what waits in pools by moments counted from a later beginning."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    pools = env["lead.pool"].with_context(active_test=False).search([])
    env["lead.pool.entry"]._follow_scores(pools=pools)
