def migrate(cr, version):
    """Rules become part of a scoring model; what is worked out is worked out anew."""
    if not version:
        return
    # its default would look for a scoring model before there is a table of them
    cr.execute("ALTER TABLE lead_score_rule ADD COLUMN IF NOT EXISTS model_id int4")
    cr.execute("TRUNCATE lead_score")
