from odoo import api, fields, models
from odoo.tools import SQL

from ...base.fast.sql_rows import sql_rows
from ...base.lead_row_mixin import DROP


class LeadAssignmentNotice(models.Model):
    """Who is still to be told of which new lead.

    A row is written with the owner and removed with the message, so that a salesperson
    hears once of all batches of a routing, and also when it was broken off.
    """

    _name = "lead.assignment.notice"
    _inherit = ["lead.row.mixin"]
    _description = "Pending Assignment Notification"
    _log_access = False
    _merge = DROP  # nobody is to be told of a lead that is gone

    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    actor_id = fields.Many2one(
        "res.users",
        string="Decided by",
        required=True,
        readonly=True,
        ondelete="cascade",
    )

    @api.model
    def _insert(self, rows):
        """Note of whom to tell what later.

        :param rows: list of (lead id, id of the salesperson, id of who decided)
        """
        if rows:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO lead_assignment_notice (lead_id, user_id, actor_id) "
                    "SELECT * FROM (%s) AS new",
                    sql_rows(("int4",) * 3, rows),
                )
            )

    @api.model
    def _take(self):
        """Return what was kept, and forget it.

        Leads that went on to somebody else in the meantime are no news any more.

        :return: as of :meth:`_insert`, in the order in which it was kept
        """
        self.env["crm.lead"].flush_model(["user_id"])
        kept = self.env.execute_query(
            SQL(
                """
                DELETE FROM lead_assignment_notice notice USING crm_lead lead
                WHERE lead.id = notice.lead_id
                RETURNING notice.id, lead_id, notice.user_id, actor_id,
                    lead.user_id = notice.user_id
                """
            )
        )
        return [row[1:4] for row in sorted(kept) if row[4]]
