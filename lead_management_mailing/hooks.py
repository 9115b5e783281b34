def post_init_hook(env):
    """Add the rules for mailings to the starter set, if that is what scores leads.

    What a company made its own is left alone.
    """
    model = env.ref("lead_management.score_model_starter", raise_if_not_found=False)
    if not model or model.state != "active":
        return
    rules = env["lead.score.rule"].create(_prepare_rules(env, model))
    for code, __ in env["res.lang"].get_installed():
        names = _get_names(env(context={"lang": code}))
        for rule, name in zip(rules, names, strict=True):
            rule.with_context(lang=code).name = name


def _get_names(env):
    return [env._("Clicked in a mailing"), env._("Opened a mailing")]


def _prepare_rules(env, model):
    shared = {
        "model_id": model.id,
        "kind": "activity",
        "dimension": "engagement",
        "days": 90,
        "half_life": 30,
    }
    clicked, opened = _get_names(env)
    return [
        {
            **shared,
            "name": clicked,
            "sequence": 130,
            "event_ids": env.ref("lead_management.score_event_clicked").ids,
            "points": 6,
            "max_points": 18,
        },
        {
            **shared,
            "name": opened,
            "sequence": 140,
            # many programs open mails that nobody reads
            "active": False,
            "event_ids": env.ref("lead_management.score_event_opened").ids,
            "points": 2,
            "max_points": 6,
        },
    ]
