def migrate(cr, version):
    """Methods become targets and strategies; turns become a ledger of leads owed."""
    if not version:
        return
    cr.execute(
        "ALTER TABLE lead_assignment_rule ADD COLUMN IF NOT EXISTS target varchar"
    )
    cr.execute(
        """
        UPDATE lead_assignment_rule rule SET target = CASE
            WHEN method = 'user' THEN 'user'
            WHEN EXISTS (
                SELECT FROM lead_assignment_rule_member_rel rel
                WHERE rel.rule_id = rule.id
            ) THEN 'members'
            ELSE 'team'
        END
        """
    )
    cr.execute("ALTER TABLE lead_assignment_rule DROP COLUMN method")
    # whoever had fewer turns than the others is owed the difference, up to one lead
    cr.execute("ALTER TABLE lead_assignment_turn ADD COLUMN IF NOT EXISTS owed float8")
    cr.execute(
        """
        UPDATE lead_assignment_turn turn
        SET owed = GREATEST(LEAST(rule.mean - COALESCE(turn.turns, 0), 1), -1)
        FROM (
            SELECT rule_id, avg(COALESCE(turns, 0)) AS mean FROM lead_assignment_turn
            GROUP BY rule_id
        ) rule
        WHERE rule.rule_id = turn.rule_id
        """
    )
