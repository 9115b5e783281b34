from odoo import SUPERUSER_ID, api

BETWEEN = (
    "lead_management_dashboard",
    "lead_management_event",
    "lead_management_livechat",
    "lead_management_survey",
    "lead_management_website",
    "lead_management_website_crm",
)
THERE = {"installed", "to upgrade"}


def migrate(cr, version):
    """Install what goes between the addon and apps that are there already.

    Odoo does that by itself only when the last one of them is installed.
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    modules = env["ir.module.module"].search(
        [("name", "in", BETWEEN), ("state", "=", "uninstalled")]
    )
    modules.filtered(
        lambda module: set(module.dependencies_id.mapped("depend_id.state")) <= THERE
    ).button_install()
