from odoo import fields, models
from odoo.tools import SQL

from ..policy.constants import KINDS, STATES


class LeadShareReport(models.Model):
    """Offers by partner and policy: how many were accepted and won, and how fast."""

    _name = "lead.share.report"
    _description = "Sharing Report"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "recipient_name"

    date = fields.Datetime(string="Offered On", readonly=True)
    company_id = fields.Many2one("res.company", string="Offered By", readonly=True)
    recipient_name = fields.Char(string="Sharing Partner", readonly=True)
    policy_id = fields.Many2one("lead.share.policy", readonly=True)
    user_id = fields.Many2one("res.users", string="Offered by User", readonly=True)
    kind = fields.Selection(KINDS, string="Type", readonly=True)
    state = fields.Selection(STATES, string="Status", readonly=True)
    offered = fields.Integer(readonly=True)
    accepted = fields.Integer(readonly=True)
    won = fields.Integer(readonly=True)
    accepted_rate = fields.Float(string="Accepted (%)", readonly=True, aggregator="avg")
    won_rate = fields.Float(
        string="Won of Accepted (%)", readonly=True, aggregator="avg"
    )
    hours = fields.Float(string="Hours to Acceptance", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        """Return one row a share; what never came counts for no average."""
        return SQL(
            """
            SELECT share.id, share.date, share.company_id, share.recipient_name,
                   share.policy_id, share.user_id, share.kind, share.state,
                   1 AS offered, is_accepted::int AS accepted,
                   is_won::int AS won,
                   100.0 * is_accepted::int AS accepted_rate,
                   CASE WHEN is_accepted THEN 100.0 * is_won::int END
                       AS won_rate,
                   CASE WHEN is_accepted THEN
                       extract(epoch FROM share.answer_date - share.date) / 3600 END
                       AS hours
            FROM lead_share share
            CROSS JOIN LATERAL (SELECT share.answer_date IS NOT NULL
                AND share.state <> 'declined' AS is_accepted,
                share.state = 'won' OR share.mirror_stage IN ('customer', 'inactive')
                AND share.state IN ('recalled', 'erased', 'kept') AS is_won) answer
            WHERE share.company_id IS NOT NULL
            """
        )
