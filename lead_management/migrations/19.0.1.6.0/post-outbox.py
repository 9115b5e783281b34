def migrate(cr, version):
    """Let messages that may still be sent go to the address the lead has by then.

    Nothing asked for another one so far.
    """
    if not version:
        return
    cr.execute(
        """
        UPDATE lead_message SET is_lead_address = true
        WHERE is_lead_address IS NULL AND state IN
            ('queued', 'retry', 'unknown', 'failed', 'skipped', 'cancelled')
        """
    )
