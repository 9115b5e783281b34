"""Dashboards that are there already get ours: Odoo installs what goes between only
when the last of both is installed."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    modules = env["ir.module.module"].search(
        [("name", "in", ("lead_management_dashboard", "spreadsheet_dashboard"))]
    )
    states = {module.name: module.state for module in modules}
    if (
        states.get("spreadsheet_dashboard") in ("installed", "to upgrade")
        and states.get("lead_management_dashboard") == "uninstalled"
    ):
        modules.filtered(
            lambda module: module.name == "lead_management_dashboard"
        ).button_install()
