from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...base.stage_types import CUSTOMER

SINCE = "lead_management.inactive_since"

# Signs of life: when something was last said to or by the lead, written or planned.
MESSAGES = """
    SELECT max(message.date) FROM mail_message message
    WHERE message.model = 'crm.lead' AND message.res_id = lead.id
      AND message.message_type IN ('email', 'email_outgoing', 'comment', 'sms')
"""
MOVES = """
    SELECT max(move.date) FROM lead_stage_transition move WHERE move.lead_id = lead.id
"""
TOUCHES = """
    SELECT max(touch.date) FROM lead_touch touch WHERE touch.lead_id = lead.id
"""
MEETINGS = """
    SELECT max(event.start) FROM calendar_event event
    WHERE event.opportunity_id = lead.id AND event.active
"""
# A quotation is one, too: somebody asked for it.
ORDERS = """
    SELECT max(sale.date_order) FROM sale_order sale
    JOIN res_partner buyer ON buyer.id = sale.partner_id
    WHERE sale.state <> 'cancel'
      AND buyer.commercial_partner_id = partner.commercial_partner_id
      AND (sale.company_id = lead.company_id OR lead.company_id IS NULL)
"""


class LeadDormancy(models.AbstractModel):
    """Which customers bought and said nothing for long."""

    _name = "lead.dormancy"
    _description = "Inactive Customers"

    @api.model
    def _start(self):
        """Count from now on, at the earliest: nobody turns dormant overnight."""
        self.env["ir.config_parameter"].set_param(
            SINCE, fields.Datetime.to_string(self.env.cr.now())
        )

    @api.model
    def _get_signs(self):
        """Return queries of a moment each, of ``lead`` and its ``partner``."""
        signs = [MESSAGES, MOVES, TOUCHES, MEETINGS]
        if "sale.order" in self.env:
            signs.append(ORDERS)
        return [SQL("(%s)", SQL(sign)) for sign in signs]

    @api.model
    def _find(self):
        """Return the ids of customers who gave no sign of life for long."""
        Settings = self.env["res.config.settings"]
        days = Settings._get_lead_parameter("stage_inactive_days")
        if not days:
            return []
        self.env.flush_all()
        now = self.env.cr.now()
        # sudo: parameters are for administrators
        since = self.env["ir.config_parameter"].sudo().get_param(SINCE)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lead.id
                FROM crm_lead lead
                JOIN crm_stage stage ON stage.id = lead.stage_id
                LEFT JOIN res_partner partner ON partner.id = lead.partner_id
                WHERE lead.active AND stage.stage_type = %(customer)s
                  AND GREATEST(lead.date_closed, lead.create_date,
                               %(since)s::timestamp, %(signs)s) < %(before)s
                ORDER BY lead.id
                """,
                customer=CUSTOMER,
                since=since or now,
                before=now - timedelta(days=days),
                signs=SQL(", ").join(self._get_signs()),
            )
        )
        return [lead_id for (lead_id,) in rows]
