def uninstall_hook(env):
    """Leave a stock CRM behind.

    Leads of stages that go move to one that stays; the columns of the questions, which
    are custom fields and would survive, go.
    """
    env["crm.stage"]._release_eight_stages()
    env["lead.qualifier"].with_context(active_test=False).search(
        []
    )._get_columns().unlink()
