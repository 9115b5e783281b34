"""What contacts said last, and nobody answered yet, waits in My Day."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["lead.answer"]._backfill()
