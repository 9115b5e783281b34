def uninstall_hook(env):
    """Leave a stock CRM behind.

    Leads of stages that go move to one that stays; the columns of the questions, which
    are custom fields and would survive, go, and so do the settings.
    """
    env["crm.stage"]._release_eight_stages()
    # leads that are with others are live again; what the others have is theirs
    shares = env["lead.share"].search([("held", "!=", False)])
    shares.lead_id._sharing_resume(shares)
    env.flush_all()
    # the tables go anyway: first what would keep the shipped questions from going
    env["lead.qualifier.answer"].flush_model()
    env.cr.execute("DELETE FROM lead_qualifier_answer")
    env.invalidate_all(flush=False)
    env["lead.qualifier"].with_context(active_test=False).search(
        []
    )._get_columns().unlink()
    # mailboxes of sources go on making leads, as those of Odoo do
    sources = env["lead.capture.source"].with_context(active_test=False).search([])
    sources.alias_id.alias_defaults = "{}"
    env["ir.config_parameter"].search(
        [("key", "=like", r"lead\_management.%")]
    ).unlink()
    # what waits for the commit needs the tables that are dropped before it
    env.cr.flush()
