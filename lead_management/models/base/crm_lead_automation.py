from odoo import api, models

from .apart import run_apart
from .callbacks import noted

DEFERRED_KEY = "lead_management.automated"


class CrmLead(models.Model):
    """How automated work on leads is done: together, and without harm to people."""

    _inherit = "crm.lead"

    def _run_before_commit(self, method, *args):
        """Run a method before the commit, on these leads and others it is to run on.

        Odoo runs an automated action record by record; ten thousand leads that are
        moved at once would be ten thousand batches of one.

        :param method: name of a method of leads that checks anew what it asks for
        """
        run = self.env["crm.lead"].browse()._run_deferred
        deferred = noted(self.env.cr.precommit, DEFERRED_KEY, run)
        __, lead_ids = deferred.setdefault((method, args), (self.browse(), set()))
        lead_ids.update(self.ids)

    @api.model
    def _run_deferred(self):
        deferred = self.env.cr.precommit.data.pop(DEFERRED_KEY, {})
        for (method, args), (leads, lead_ids) in deferred.items():
            leads.browse(sorted(lead_ids)).exists()._run_apart(method, *args)
        self.env.flush_all()

    def _run_apart(self, method, *args):
        """Run a method on these leads, together or else each for itself.

        :return: the leads it did not fail for
        :raise DATABASE_ERRORS: the whole request is to be tried again
        """
        return run_apart(self, lambda leads: getattr(leads, method)(*args), method)
