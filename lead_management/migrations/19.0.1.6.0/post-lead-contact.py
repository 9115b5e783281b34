from odoo.tools import SQL

BEFORE = (
    '[("stage_type", "in", ["qualified", "negotiation", "customer"]),'
    ' ("lead_id.type", "=", "lead")]'
)
AFTER = (
    '[("stage_type", "in", ["qualified", "negotiation", "customer"]), "|",'
    ' ("lead_id.type", "=", "lead"), ("lead_id.partner_id", "=", False)]'
)


def migrate(cr, version):
    """Let opportunities get their contact, too, unless somebody changed when."""
    if not version:
        return
    cr.execute(
        SQL(
            """
            UPDATE base_automation SET filter_domain = %s
            WHERE filter_domain = %s AND id = (
                SELECT res_id FROM ir_model_data
                WHERE module = 'lead_management'
                  AND name = 'base_automation_stage_convert')
            """,
            AFTER,
            BEFORE,
        )
    )
