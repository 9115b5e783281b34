def migrate(cr, version):
    """Stop clocks that wait for a first touch there has been: of leads taken up again.

    They ran for salespeople who got in touch before the lead was closed.
    """
    if not version:
        return
    cr.execute(
        """
        UPDATE lead_sla_clock clock
        SET state = 'cancelled', date_end = now() AT TIME ZONE 'UTC', date_next = NULL
        FROM crm_lead lead
        WHERE lead.id = clock.lead_id AND clock.state = 'running'
          AND clock.kind = 'touch' AND EXISTS (
            SELECT FROM lead_touch touch
            WHERE touch.lead_id = lead.id AND touch.user_id = clock.user_id
              AND touch.direction = 'out' AND touch.date < clock.date_start
              AND (lead.assignment_date IS NULL OR touch.date >= lead.assignment_date)
        )
        """
    )
