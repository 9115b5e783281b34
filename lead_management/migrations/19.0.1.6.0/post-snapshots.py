from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Forget the personal data that was kept of leads at capture."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["lead.score.snapshot"]._strip()
