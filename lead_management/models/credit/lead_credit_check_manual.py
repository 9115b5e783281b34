from odoo import fields, models

from .kinds import DONE


class LeadCreditCheck(models.Model):
    """A result entered by hand counts once a second person has approved it."""

    _inherit = "lead.credit.check"

    def _finish_manual(self):
        self._move(DONE, done_date=fields.Datetime.now())
        self._take_effect()
