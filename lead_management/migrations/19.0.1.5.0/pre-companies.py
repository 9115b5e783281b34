import logging

from psycopg2.errors import DependentObjectsStillExist

from odoo.tools import SQL, mute_logger

_logger = logging.getLogger(__name__)

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
        try:
            with mute_logger("odoo.sql_db"), cr.savepoint(flush=False):
                cr.execute(
                    SQL(
                        "ALTER TABLE IF EXISTS %s DROP COLUMN IF EXISTS company_id",
                        SQL.identifier(table),
                    )
                )
        except DependentObjectsStillExist:
            # a view of somebody else's; the column does no harm where it stays
            _logger.warning("Column company_id of %s stays: a view needs it", table)
