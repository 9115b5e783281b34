from odoo.tools import SQL

# What belongs to a lead belongs to the company of the lead, read there.
TABLES = (
    "lead_assignment_log",
    "lead_message",
    "lead_sla_clock",
    "lead_stage_transition",
    "lead_touch",
)


def migrate(cr, version):
    """Remove the copies of the company of a lead, which nobody keeps any longer."""
    if not version:
        return
    for table in TABLES:
        cr.execute(
            SQL(
                "ALTER TABLE IF EXISTS %s DROP COLUMN IF EXISTS company_id",
                SQL.identifier(table),
            )
        )
