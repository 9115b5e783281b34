from odoo import fields, models

from ..constants import DONE, REFUSED


class LeadCreditCheck(models.Model):
    """A result entered by hand counts once a second person has approved it."""

    _inherit = "lead.credit.check"

    def _finish_manual(self):
        """Let the result count, if there is still a basis for it."""
        if problem := self._get_standing_problem():
            self._refuse(problem)
            return
        self._move(DONE, done_date=fields.Datetime.now())
        self._take_effect()

    def _refuse(self, problem):
        """End a check without a result; a report that was entered is kept by nobody."""
        self._move(REFUSED, refusal=problem)
        self.report_ids.unlink()
