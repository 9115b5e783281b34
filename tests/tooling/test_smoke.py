def test_odoo_answers(env):
    assert env["crm.lead"].search_count([]) == 0
