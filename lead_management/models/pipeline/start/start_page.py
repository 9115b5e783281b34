"""Where people start: what the CRM app, and Odoo after the login, open on."""

DAY, PIPELINE = "day", "pipeline"
PAGES = [(DAY, "My Day"), (PIPELINE, "Lead Pipeline")]
ACTIONS = {
    DAY: "lead_management.crm_lead_action_my_day",
    PIPELINE: "lead_management.crm_lead_action_pipeline",
}
SALESPERSON = "lead_management.start_salesperson"
MANAGER = "lead_management.start_manager"


def get_start(env):
    """Return the page the user starts on, or None for those who sell nothing.

    :return: a key of :data:`ACTIONS`
    """
    user = env.user
    if not user.has_group("sales_team.group_sale_salesman"):
        return None
    is_manager = user.has_group("sales_team.group_sale_manager")
    # sudo: a setting, and no secret
    parameters = env["ir.config_parameter"].sudo()
    page = parameters.get_param(MANAGER if is_manager else SALESPERSON)
    return page if page in ACTIONS else DAY


def get_start_action(env):
    """Return the action the user starts with; empty for those who sell nothing."""
    # sudo: actions that menus open
    actions = env["ir.actions.actions"].sudo()
    page = get_start(env)
    if not page:
        return actions
    found = env.ref(ACTIONS[page], raise_if_not_found=False)
    # sudo: as above
    return found.sudo() if found else actions
